"""The name that people see for a file: what they called it, made harmless, ending in what it is."""

from __future__ import annotations

import re
import unicodedata

from chatdesk.filetypes.catalog import ENDINGS

MAX_CHARS = 100
MAX_BYTES = 240  # most file systems stop at 255
NAMELESS = "file"
_JOINERS = "\u200c\u200d"  # Persian words and emoji families need them; every other format character can deceive
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)  # device names of Windows
_KNOWN_ENDINGS = frozenset(ending for endings in ENDINGS.values() for ending in endings)


def display_name(given: str, kind: str) -> str:
    """The last part of `given` without path, control and direction characters, at most 100 characters and 240 bytes.

    Ends in an extension of `kind` (a key of MEDIA_TYPES), so that no program opens it as something else.
    """
    stem, dot, ending = harmless(given).rpartition(".")
    if not dot:
        stem, ending = ending, ""
    elif ending.lower() not in _KNOWN_ENDINGS:
        stem, ending = f"{stem}.{ending}", ""
    if ending.lower() not in ENDINGS[kind]:
        ending = ENDINGS[kind][0]
    stem = stem.strip(". ") or NAMELESS
    if _RESERVED.match(stem):
        stem = f"_{stem}"
    return f"{_cut(stem, ending)}.{ending}"


def harmless(given: str) -> str:
    """The last part of `given` without path, control and direction characters; any length, '' if nothing is left."""
    last = re.split(r"[/\\]", given[:4096])[-1]
    seen = "".join(_safe(character) for character in unicodedata.normalize("NFC", last))
    return re.sub(r"\s+", " ", seen).strip().rstrip(". ")


def _safe(character: str) -> str:
    if character in '<>:"|?*':
        return "_"
    category = unicodedata.category(character)
    if category.startswith("Z"):
        return " "
    return "" if category.startswith("C") and character not in _JOINERS else character


def _cut(stem: str, ending: str) -> str:
    stem = stem[: MAX_CHARS - len(ending) - 1]
    while len(stem.encode()) + len(ending) + 1 > MAX_BYTES:
        stem = stem[:-1]
    return stem.rstrip(". ") or NAMELESS
