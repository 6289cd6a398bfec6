"""One row of CSV (RFC 4180), and cells that no spreadsheet takes for a formula."""

from __future__ import annotations

import re
from collections.abc import Iterable

from transcripts.formats.text import encodable

QUOTED = re.compile(r'[,"\r\n]|^\s|^\\\.$')
# A spreadsheet may begin a cell at any of _SPLITS (it may have been told another separator), skips _SKIPPED before it
# looks, and takes what then begins with _FORMULA for one. An apostrophe is treated alike, so that all can be undone.
_SPLITS = r"[;,|\t\r\n]"
_SKIPPED = r"[\s\"\u200b-\u200f\u2060\ufeff\u202a-\u202e\u2066-\u2069]*"
_FORMULA = r"['=+\-@%\uff1d\uff0b\uff0d\uff20\uff05\ufe62\ufe63\ufe66\ufe6b\u2212]"
_BEGINS = re.compile(rf"[\t\r\n]|{_SKIPPED}{_FORMULA}")
_INSIDE = re.compile(rf"({_SPLITS}{_SKIPPED})(?={_FORMULA})")
_UNDO = re.compile(rf"({_SPLITS}{_SKIPPED})'")


def cell(value: object) -> str:
    """A value as a cell: quoted only if needed, quotes doubled."""
    text = encodable("" if value is None else str(value))
    return '"' + text.replace('"', '""') + '"' if QUOTED.search(text) else text


def row(values: Iterable[object], end: str = "\r\n") -> str:
    """A whole row with its end."""
    return ",".join(cell(value) for value in values) + end


def harmless(value: object) -> str:
    """The text with an apostrophe before everything that a spreadsheet may take for a formula. `restore` undoes it."""
    text = encodable("" if value is None else str(value))
    return ("'" if _BEGINS.match(text) else "") + _INSIDE.sub(r"\1'", text)


def restore(text: str) -> str:
    """What `harmless` was given."""
    return _UNDO.sub(r"\1", text.removeprefix("'"))


def quoted_row(values: Iterable[object], end: str = "\r\n") -> str:
    """A row with every cell quoted and none of them a formula."""
    return ",".join('"' + harmless(value).replace('"', '""') + '"' for value in values) + end
