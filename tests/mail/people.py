"""Who corresponds, and what of each the others must never see."""

from __future__ import annotations

from dataclasses import dataclass

from tests.mail.oracle import Secret, address, domain, ip, phone

RELAY = "relay.test"
SUPPORT = f"support@{RELAY}"
TRUSTED = f"mx.{RELAY}"  # what our own server calls itself in Authentication-Results


@dataclass(frozen=True)
class Person:
    """`host` is the machine they write on, `ip` where they come from, `other` a second spelling of their address."""

    party: str
    name: str
    address: str
    host: str
    ip: str
    phone: str
    other: str = ""

    @property
    def domain(self) -> str:
        return self.address.partition("@")[2]

    @property
    def mailbox(self) -> str:
        return f"{self.name} <{self.address}>"

    @property
    def addresses(self) -> tuple[str, ...]:
        return tuple(each.lower() for each in (self.address, self.other) if each)

    @property
    def secrets(self) -> tuple[Secret, ...]:
        party = self.party
        return (
            address(party, self.address),
            domain(party, self.domain),
            domain(party, self.host),
            ip(party, self.ip),
            phone(party, self.phone),
        )


V = Person("V", "Vera", "v.real@home.test", "laptop.v-house.test", "198.51.100.23", "+49 151 23456789",
           other="V.Real+desk@home.test")  # fmt: skip
O = Person("O", "Olga", "o.real@va.test", "desktop.o-office.test", "203.0.113.77", "+44 7700 900123")  # noqa: E741
S = Person("S", "Sam", "s.real@owner.test", "tower.s-office.test", "203.0.113.201", "+41 79 5550123")
X = Person("X", "Xaver", "x.real@stranger.test", "box.x-place.test", "192.0.2.66", "+43 660 5550199")
PEOPLE = (V, O, S, X)
BY_PARTY = {each.party: each for each in PEOPLE}


def party_of(recipient: str) -> str:
    """V, O, S or X; '' for anybody else."""
    plain = recipient.lower()
    return next((each.party for each in PEOPLE if plain in each.addresses), "")
