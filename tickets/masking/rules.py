"""What is masked, for whom, and with which words: everything that the pure code has to be told."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from tickets.masking.domains import comparable

ODD = re.compile(r"[^\w.+\-]")


@dataclass(frozen=True)
class Words:
    """What stands where something was masked, in the reader's language."""

    address: str = "[address hidden]"
    phone: str = "[number hidden]"
    link: str = "[link hidden]"
    key: str = "[key removed]"


@dataclass(frozen=True)
class Rules:
    """`protected`: addresses that must not be seen in any spelling. `shown`: address (also our tokens') to a name.

    `allowed`: addresses, and `@domain` for all of a domain, that stay. `hosts`: names of personal sites and machines,
    and IP addresses, that are masked like addresses. `reply_address`: ours, put for people in calendar files.
    """

    protected: frozenset[str] = frozenset()
    shown: Mapping[str, str] = field(default_factory=dict)
    allowed: frozenset[str] = frozenset()
    masks_phones: bool = False
    masks_links: bool = False
    relay_domain: str = ""
    hosts: frozenset[str] = frozenset()
    own_hosts: frozenset[str] = frozenset()
    reply_address: str = ""
    words: Words = field(default_factory=Words)

    @cached_property
    def people(self) -> Mapping[tuple[str, str], str]:
        """What is shown for each protected address, by its comparable form: no dots, no +tag, lower case."""
        shown = {address_key(address): name for address, name in self.shown.items() if "@" in address}
        return {address_key(address): "" for address in self.protected if "@" in address} | shown

    @cached_property
    def locals_of(self) -> Mapping[str, frozenset[str]]:
        """The protected local parts of each domain, comparable."""
        found: dict[str, set[str]] = {}
        for address in self.protected:
            local, domain = address_key(address)
            if local and domain:
                found.setdefault(domain, set()).add(local)
        return {domain: frozenset(names) for domain, names in found.items()}

    @cached_property
    def local_parts(self) -> frozenset[str]:
        return frozenset(name for names in self.locals_of.values() for name in names)

    @cached_property
    def plain_locals(self) -> tuple[str, ...]:
        """Protected local parts as they are written, lower case, longest first."""
        names = {address.rpartition("@")[0].casefold() for address in self.protected}
        return tuple(sorted(names - {""}, key=lambda name: (-len(name), name)))

    @cached_property
    def odd_locals(self) -> tuple[str, ...]:
        """Those with letters that usually end an address."""
        return tuple(name for name in self.plain_locals if ODD.search(name))

    @cached_property
    def stays(self) -> frozenset[str]:
        return frozenset(each.strip().casefold() for each in self.allowed)

    @cached_property
    def relay(self) -> str:
        return comparable(self.relay_domain)


def address_key(address: str) -> tuple[str, str]:
    """An address without what mailboxes ignore: (local part without dots and +tag, domain), lower case."""
    local, _, domain = address.strip().rpartition("@")
    return local_key(local), comparable(domain)


def local_key(local: str) -> str:
    bare = local.strip('"').casefold()
    return (bare.partition("+")[0] or bare).replace(".", "")
