"""The fonts of the machine that documents are set in, and which characters they have."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import typst

from transcripts.formats.pdf.cmap import spans_of

# The first that is there sets the text. The last is part of the engine, so that there always is one.
TEXT = ("Noto Sans", "DejaVu Sans", "Liberation Sans", "Arial", "Libertinus Serif")
# Asked in this order for what the text font lacks; then any font of the machine.
BESIDE = (
    "Noto Sans Arabic",
    "Noto Sans Hebrew",
    "Noto Sans Devanagari",
    "Noto Sans Thai",
    "Noto Sans CJK SC",
    "Noto Color Emoji",
    "DejaVu Sans",
)
CODE_POINTS = 0x110000
# What the engine's own font has: Latin with its accents, Greek, Cyrillic.
BUILT_IN = ((0x20, 0x7E), (0xA0, 0x17F), (0x391, 0x3A1), (0x3A3, 0x3C9), (0x410, 0x44F), (0x2013, 0x2014))


@dataclass(frozen=True)
class Fonts:
    """`families` in the order they are asked; `has[n]` is 1 if some font has a glyph for code point n."""

    families: tuple[str, ...]
    has: bytes


@cache
def machine_fonts() -> Fonts:
    """What this machine has. Read once a process: about a second."""
    found = typst.Fonts()
    names = set(found.families())
    text = next(name for name in TEXT if name in names)
    beside = tuple(name for name in BESIDE if name in names and name != text)
    paths = {(Path(font.path), font.index) for font in found.fonts() if font.path}
    return Fonts((text, *beside), _covered(paths))


def _covered(faces: set[tuple[Path, int]]) -> bytes:
    has = bytearray(CODE_POINTS)
    for first, last in BUILT_IN:
        has[first : last + 1] = b"\1" * (last + 1 - first)
    for path, index in sorted(faces):
        for first, last in spans_of(path, index):
            if first <= last < CODE_POINTS:
                has[first : last + 1] = b"\1" * (last + 1 - first)
    return bytes(has)
