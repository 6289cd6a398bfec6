"""Text of strangers, made fit to print: what can't be seen or has no glyph is named, never dropped and never obeyed."""

from __future__ import annotations

import re
import unicodedata

# Controls but tab and line ends; embeddings, overrides and isolates of direction; byte order marks, tags; halves of
# pairs; what is no character.
UNSEEN = re.compile(
    "[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\U000e0000-\U000e007f]"
)
LINE_ENDS = re.compile("\r\n|[\r\x85\u2028\u2029]")
# A run without a place to break would leave the page: it gets places (U+200B), which readers of text pass over.
LONGEST_RUN = 36
RUN = re.compile(rf"[^\s\u200b]{{{LONGEST_RUN}}}(?=[^\s\u200b])")
RIGHT, LEFT = {"R", "AL"}, "L"
JOINER, SELECTORS = 0x200D, range(0xFE00, 0xFE10)


class Printable:
    """`has[n]` is 1 if there is a glyph for code point n. `named` becomes True once a character had to be named."""

    def __init__(self, has: bytes) -> None:
        self.has = has
        self.named = False
        self._shown: set[str] = set()
        self._names: dict[int, str] = {}  # of what is not shown, by code point

    def __call__(self, text: str) -> str:
        """The text as it is printed: lines end with a line feed."""
        lines = LINE_ENDS.sub("\n", text).expandtabs(4)
        plain = lines if lines.isascii() else self._translated(lines)
        return RUN.sub(r"\g<0>" + "\u200b", UNSEEN.sub(self._named, plain))

    def _translated(self, text: str) -> str:
        """Each character is looked at once in a document, not wherever it stands."""
        others = set(text) - self._shown
        self._shown |= {each for each in others if self._is_shown(each)}
        missing = others - self._shown
        if not missing:
            return text
        self._names |= {ord(each): self._name(ord(each)) for each in missing}
        return text.translate(self._names)

    def _is_shown(self, character: str) -> bool:
        """What is unseen counts here: it is named wherever it comes from."""
        point = ord(character)
        return bool(self.has[point] or point == JOINER or point in SELECTORS or UNSEEN.match(character))

    def _named(self, found: re.Match[str]) -> str:
        return self._name(ord(found[0]))

    def _name(self, point: int) -> str:
        self.named = True
        return f"[U+{point:04X}]"


def one_line(text: str) -> str:
    """White space of every kind becomes one space."""
    return " ".join(text.split())


def is_right_to_left(text: str) -> bool:
    """By the first character that has a direction (Unicode Standard Annex 9, P2)."""
    for character in text:
        way = unicodedata.bidirectional(character)
        if way in RIGHT:
            return True
        if way == LEFT:
            return False
    return False
