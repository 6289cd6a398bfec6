"""File names that are safe on every system, whatever a person called the file."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 120  # bytes of one part, so that a deep folder stays under what Windows and ZIP readers take
RESERVED = re.compile(r"(?i)(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?")
FORBIDDEN = re.compile(r'[<>:"/\\|?*]')
UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def safe_name(name: str, fallback: str = "file") -> str:
    """One part of a path: nothing unseen, nothing that Windows refuses, at most 120 bytes with its ending kept."""
    kept = "".join(c for c in name if unicodedata.category(c) not in UNSEEN)
    clean = FORBIDDEN.sub("_", unicodedata.normalize("NFC", kept)).strip().rstrip(". ")
    if not clean.strip("."):
        clean = fallback
    return shortened(f"_{clean}" if RESERVED.fullmatch(clean) else clean)


def shortened(name: str) -> str:
    """Cut in the middle of a long name: its ending says what it is."""
    if len(name.encode()) <= LONGEST:
        return name
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending.encode()) > 16:
        stem, ending = name, ""
    room = LONGEST - len((dot + ending).encode()) if ending else LONGEST
    cut = stem.encode()[:room].decode(errors="ignore").rstrip(". ")
    return f"{cut}.{ending}" if ending else cut


def safe_path(path: str) -> str:
    """A relative path of safe parts; empty parts, "." and ".." are left out."""
    parts = [part for part in path.replace("\\", "/").split("/") if part.strip(". ")]
    return "/".join(safe_name(part) for part in parts) or "file"


def numbered(path: str, count: int) -> str:
    """ "a/b.txt" as "a/b (2).txt"."""
    folder, slash, name = path.rpartition("/")
    stem, dot, ending = name.rpartition(".")
    return f"{folder}{slash}{stem} ({count}).{ending}" if stem and dot else f"{path} ({count})"
