"""What is looked for: each secret as a pattern for text as it stands, and one for text with all dressing taken off."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

EDGE_BEFORE, EDGE_AFTER = r"(?<![a-z0-9-])", r"(?![a-z0-9-])"
NOTHING = r"(?!)"


@dataclass(frozen=True)
class Secret:
    """`owner` is the party whose it is: what an oracle finds in mail to the owner is no leak."""

    owner: str
    kind: str
    value: str
    plain: str  # a regular expression over text in small letters
    squashed: str = NOTHING  # over letters, digits and @ alone

    @cached_property
    def as_it_stands(self) -> re.Pattern[str]:
        return re.compile(self.plain)

    @cached_property
    def undressed(self) -> re.Pattern[str]:
        return re.compile(self.squashed)

    def __str__(self) -> str:
        return f"{self.owner}'s {self.kind} {self.value}"


def _bare(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())


def address(owner: str, value: str) -> Secret:
    """With any tag after a plus, with and without dots before the @, and the local part with its @ alone."""
    local, host = value.lower().split("@")
    loose = r"\.?".join(re.escape(part) for part in local.split("+")[0].split("."))
    plain = rf"{EDGE_BEFORE}{loose}(?:\+[^\s@<>\"]{{0,64}})?@"
    squashed = rf"{_bare(local.split('+')[0])}[a-z0-9]{{0,40}}@{_bare(host)}"
    return Secret(owner, "address", value, plain, squashed)


def domain(owner: str, value: str) -> Secret:
    """A private domain or a host's name: also below a longer name, and with a dot that is written out."""
    dot = r"(?:\.|\s?[(\[{]\s?(?:dot|\.)\s?[)\]}]\s?|\sdot\s)"
    plain = EDGE_BEFORE + dot.join(re.escape(part) for part in value.lower().split(".")) + EDGE_AFTER
    return Secret(owner, "domain", value, plain)


def ip(owner: str, value: str) -> Secret:
    """An IPv4 address, with dots or, as in the names providers make of it, hyphens."""
    return Secret(owner, "ip", value, r"(?<![\d.])" + "[.-]".join(value.split(".")) + r"(?!\d)")


def phone(owner: str, value: str) -> Secret:
    """The digits after the country's, however they are grouped."""
    digits = re.sub(r"\D", "", value)[2:].lstrip("0")
    return Secret(owner, "phone", value, r"[\s().\-/  ]{0,3}".join(digits))


def words(owner: str, value: str) -> Secret:
    """Any text, such as the content of a file that was held."""
    return Secret(owner, "words", value, re.escape(value.lower()))
