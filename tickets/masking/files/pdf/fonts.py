"""How the bytes of a font's strings read as text (ISO 32000-2, 9.6 and 9.10)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from pikepdf import Array, Name, Stream

from tickets.masking.results import Unclean, Why

_SECTION = re.compile(rb"begin(codespacerange|bfchar|bfrange)(.*?)end\1", re.DOTALL)
_TOKEN = re.compile(rb"<([0-9a-fA-F\s]*)>|(\[)|(\])")
_LONGEST_RANGE = 65_536
_BASES = {"/WinAnsiEncoding": "cp1252", "/MacRomanEncoding": "mac_roman"}
_NAMES = {
    "space exclam quotedbl numbersign dollar percent ampersand quotesingle parenleft parenright asterisk plus comma "
    "hyphen period slash zero one two three four five six seven eight nine colon semicolon less equal greater question "
    "at": 0x20,
    "bracketleft backslash bracketright asciicircum underscore grave": 0x5B,
    "braceleft bar braceright asciitilde": 0x7B,
}
GLYPHS = {name: chr(first + place) for names, first in _NAMES.items() for place, name in enumerate(names.split())}
_UNICODE_NAME = re.compile(r"(?:uni|u)([0-9A-F]{4,6})")


@dataclass
class Font:
    """`codes` maps a string's codes, each `width` bytes, to text; others read as `encoding` (one byte) says."""

    codes: dict[bytes, str] = field(default_factory=dict)
    widths: tuple[int, ...] = (1,)
    encoding: str = "latin-1"

    def read(self, data: bytes) -> str:
        if self.encoding == "utf-16-be":
            return data.decode("utf-16-be", "replace")
        found, place = [], 0
        while place < len(data):
            width = next((each for each in self.widths if data[place : place + each] in self.codes), self.widths[0])
            code = data[place : place + width]
            found.append(self.codes.get(code) or (code.decode(self.encoding, "replace") if width == 1 else "\ufffd"))
            place += width
        return "".join(found)


def font_of(font: Any) -> Font:
    """Raises Unclean for a font of which nobody can say what its letters are."""
    told = font.get("/ToUnicode")
    if isinstance(told, Stream):
        return _mapped(told.read_bytes(), 2 if font.get("/Subtype") == Name.Type0 else 1)
    if font.get("/Subtype") != Name.Type0:
        return _simple(font.get("/Encoding"))
    if "UTF16" in str(font.get("/Encoding", "")):
        return Font(encoding="utf-16-be")
    raise Unclean(Why.UNCLEAN_FILE, "its letters can't be read")


def _simple(encoding: Any) -> Font:
    if encoding is None or isinstance(encoding, Name):
        return Font(encoding=_BASES.get(str(encoding), "latin-1"))
    base = _BASES.get(str(encoding.get("/BaseEncoding", "")), "latin-1")
    codes: dict[bytes, str] = {}
    code = 0
    differences = encoding.get("/Differences", Array())
    for each in differences:
        if isinstance(each, Name):
            if 0 <= code < 256 and (letter := _letter(str(each)[1:])):
                codes[bytes((code,))] = letter
            code += 1
        else:
            code = int(each)
    return Font(codes, encoding=base)


def _letter(name: str) -> str:
    name = name.partition(".")[0] or name
    if len(name) == 1:
        return name
    found = _UNICODE_NAME.fullmatch(name)
    return chr(int(found[1], 16)) if found and int(found[1], 16) < 0x110000 else GLYPHS.get(name, "")


def _mapped(cmap: bytes, width: int) -> Font:
    """A ToUnicode map (9.10.3)."""
    codes: dict[bytes, str] = {}
    widths: set[int] = set()
    for section in _SECTION.finditer(cmap):
        words = [match[1] if match[1] is not None else match[0] for match in _TOKEN.finditer(section[2])]
        values = [word if word in (b"[", b"]") else bytes.fromhex(re.sub(rb"\s", b"", word).decode()) for word in words]
        if section[1] == b"codespacerange":
            widths |= {len(value) for value in values[::2]}
        elif section[1] == b"bfchar":
            codes |= {code: _text(value) for code, value in zip(values[::2], values[1::2], strict=False)}
        else:
            _add_ranges(values, codes)
    told = widths | {len(code) for code in codes}  # a map may forget to say how long its codes are
    return Font(codes, tuple(sorted(told - {0})) or (width,))


def _add_ranges(values: list[bytes], codes: dict[bytes, str]) -> None:
    place = 0
    while place + 2 < len(values):
        first, last = int.from_bytes(values[place], "big"), int.from_bytes(values[place + 1], "big")
        size, place = len(values[place]), place + 2
        count = min(last - first + 1, _LONGEST_RANGE)
        if values[place] == b"[":
            end = values.index(b"]", place) if b"]" in values[place:] else len(values)
            targets, place = values[place + 1 : end], end + 1
        else:
            start, place = values[place], place + 1
            targets = [_next(start, step) for step in range(count)]
        for step, target in enumerate(targets[: max(count, 0)]):
            codes[(first + step).to_bytes(size, "big")] = _text(target)


def _next(start: bytes, step: int) -> bytes:
    return ((int.from_bytes(start, "big") + step) % (1 << 8 * max(1, len(start)))).to_bytes(max(1, len(start)), "big")


def _text(value: bytes) -> str:
    return value.decode("utf-16-be", "replace") if len(value) > 1 else value.decode("latin-1")
