"""Calendar files (RFC 5545, RFC 5546): an event to look at, whose people can't be written to past the desk."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tickets.masking.results import Found, Masked
from tickets.masking.rules import Rules
from tickets.masking.text import mask_text

_PROPERTY = re.compile(
    r'([A-Za-z0-9\-]+)((?:;[A-Za-z0-9\-]+=(?:"[^"]*"|[^":;,]*)(?:,(?:"[^"]*"|[^":;,]*))*)*):(.*)', re.DOTALL
)
_LINE = 73  # octets of a line, the space before a continued one left aside (RFC 5545, 3.1)
# An answer would go to the organizer directly: PUBLISH asks for none, and has no attendees (RFC 5546, 3.2.1).
_DROPPED = frozenset({"ATTENDEE", "METHOD", "REQUEST-STATUS", "CONTACT", "X-WR-RELCALID"})
_OWN = re.compile(r"X-(?:MS-|MICROSOFT-|GOOGLE-|APPLE-|LIC-|MOZ-|EVOLUTION-)", re.IGNORECASE)


def mask_calendar(text: str, rules: Rules) -> Masked:
    """The calendar with METHOD:PUBLISH, our address for its organizer, no attendees, and every text masked."""
    kept: list[str] = []
    found: list[Found] = []
    for line in _unfolded(text):
        masked = mask_text(_rewritten(line), rules) if not _is_organizer(line) else Masked(_organizer(rules))
        found += masked.found
        kept += masked.text.splitlines()
    return Masked("".join(_folded(line) for line in kept), tuple(found))


def _unfolded(text: str) -> Iterator[str]:
    return (line for line in re.sub(r"\r?\n[ \t]", "", text).splitlines() if line.strip())


def _is_organizer(line: str) -> bool:
    return re.match(r"ORGANIZER[:;]", line, re.IGNORECASE) is not None


def _organizer(rules: Rules) -> str:
    return f"ORGANIZER:mailto:{rules.reply_address}" if rules.reply_address else ""


def _rewritten(line: str) -> str:
    """The line as it stays; empty if it doesn't."""
    parts = _PROPERTY.fullmatch(line)
    name = parts[1].upper() if parts else ""
    if line.upper() == "BEGIN:VCALENDAR":
        return f"{line}\nMETHOD:PUBLISH"
    if parts and name == "UID":
        return f"UID:{_identifier(parts[3])}"
    return "" if name in _DROPPED or _OWN.match(name) else line


def _identifier(uid: str) -> str:
    """An event's name without the machine that gave it; the same for the same event, so that changes find it."""
    return uid.partition("@")[0].strip() or "event"


def _folded(line: str) -> str:
    pieces: list[str] = []
    rest = line.encode()
    while len(rest) > _LINE:
        cut = _LINE
        while rest[cut] & 0xC0 == 0x80:  # never inside a letter
            cut -= 1
        pieces.append(rest[:cut].decode())
        rest = rest[cut:]
    return "\r\n ".join((*pieces, rest.decode())) + "\r\n"
