"""Name servers that know what a test tells them, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field

from tickets.composing.signing import Signer, dns_name, dns_record, new_key
from tickets.reading.authenticity import NoAnswer


@dataclass
class Zone:
    """`records` by name and type. `asked`: what was asked for. While it is `down`, nobody answers."""

    records: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    is_down: bool = False

    def lookup(self, name: str, kind: str) -> list[str]:
        self.asked.append((name, kind))
        if self.is_down:
            raise NoAnswer
        return self.records.get((name.lower(), kind), [])

    def add(self, name: str, text: str, kind: str = "TXT") -> None:
        self.records.setdefault((name, kind), []).append(text)

    def signer(self, domain: str, selector: str = "k1") -> Signer:
        """With what that domain signs from now on."""
        made = Signer(domain, selector, KEY)
        self.add(dns_name(made), dns_record(KEY))
        return made


KEY = new_key()
