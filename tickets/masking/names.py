"""Names of files and people: one harmless line, without an address."""

from __future__ import annotations

import re
import unicodedata

from tickets.masking.encoded import decoded_words
from tickets.masking.results import Masked
from tickets.masking.rules import Rules
from tickets.masking.text import masked

MAX_NAME_CHARS = 100
MAX_NAME_BYTES = 240  # most file systems stop at 255
MAX_DISPLAY_CHARS = 80
_LONGEST_READ = 4096
_NAMELESS = "file"
_JOINERS = "\u200c\u200d"  # Persian words need them; every other format character can deceive
_ENDING = re.compile(r"\.[A-Za-z0-9]{1,10}$")


def mask_name(name: str, rules: Rules) -> Masked:
    """A file's name: its last part without path, control and direction characters, masked, at most 100 characters.

    The ending is kept. Never empty.
    """
    last = re.split(r"[/\\]", name[:_LONGEST_READ].replace("\0", ""))[-1]
    result = masked(_harmless(last, '<>:"|?*'), rules, is_name=True)
    return Masked(_cut(result.text), result.found)


def mask_display(name: str, rules: Rules) -> str:
    """A person's name as a mail's header said it, one line; empty if it names an address or hides one."""
    line = _harmless(_decoded(name[:_LONGEST_READ]), "")
    return "" if masked(line, rules).found or "@" in line else line[:MAX_DISPLAY_CHARS].strip()


def _decoded(name: str) -> str:
    """Encoded words that stood inside a quoted name, and so were not decoded with it."""
    return decoded_words(name) if "=?" in name else name


def _harmless(text: str, forbidden: str) -> str:
    seen = "".join(_safe(character, forbidden) for character in unicodedata.normalize("NFC", text))
    return re.sub(r"\s+", " ", seen).strip()


def _safe(character: str, forbidden: str) -> str:
    if character in forbidden:
        return "_"
    category = unicodedata.category(character)
    if category.startswith("Z") or character in "\r\n\t":
        return " "
    return "" if category.startswith("C") and character not in _JOINERS else character


def _cut(name: str) -> str:
    found = _ENDING.search(name)
    ending = found[0] if found else ""
    stem = name[: len(name) - len(ending)][: MAX_NAME_CHARS - len(ending)].strip(". ")
    while len(f"{stem}{ending}".encode()) > MAX_NAME_BYTES:
        stem = stem[:-1]
    return (stem.rstrip(". ") or _NAMELESS) + ending
