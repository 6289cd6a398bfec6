"""Texts that a format can hold: what it forbids is shown, never dropped without a trace."""

from __future__ import annotations

import html
from datetime import UTC, datetime

# What XML 1.0 (2.2 Char) and HTML refuse: control characters become their pictures (U+2400 ff.), the rest U+FFFD.
_PICTURES = {code: 0x2400 + code for code in range(0x20) if code not in (0x09, 0x0A, 0x0D)}
_NEVER = dict.fromkeys([*range(0xD800, 0xE000), 0xFFFE, 0xFFFF], 0xFFFD)
PRINTABLE = {**_PICTURES, **_NEVER}
_HALVES = dict.fromkeys(range(0xD800, 0xE000), 0xFFFD)
# Everything that some reader takes for the end of a line (str.splitlines, RFC 5322, Unicode 5.8).
_LINE_ENDS = dict.fromkeys([0x0A, 0x0B, 0x0C, 0x0D, 0x1C, 0x1D, 0x1E, 0x85, 0x2028, 0x2029], " ")
MARKUP = {ord("\r"): "&#13;", ord("\n"): "&#10;", ord("\t"): "&#9;"}


def encodable(text: str) -> str:
    """The text with halves of characters (lone surrogates) as U+FFFD, so that it has a UTF-8 form."""
    return text.translate(_HALVES)


def printable(text: str) -> str:
    """The text as XML 1.0 and HTML can hold it: a bell is shown as "␇", a nonsense character as "�"."""
    return text.translate(PRINTABLE)


def one_line(text: str) -> str:
    """A text for a header: line ends of every kind become spaces, what can't be printed is shown."""
    return printable(text.replace("\r\n", " ").translate(_LINE_ENDS))


def markup(text: str) -> str:
    """Content of an element or a quoted attribute, in XML and HTML alike; line ends survive every parser."""
    return html.escape(printable(text)).translate(MARKUP)


def iso(at: datetime) -> str:
    """2026-11-22T15:45:12.123456Z: RFC 3339, always six digits, always UTC."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def readable(at: datetime) -> str:
    """2026-11-22 15:45:12 UTC."""
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def milliseconds(at: datetime) -> int:
    """Whole milliseconds since 1970, without the rounding of floats."""
    passed = at - _EPOCH
    return (passed.days * 86_400 + passed.seconds) * 1000 + passed.microseconds // 1000
