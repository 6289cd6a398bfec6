"""Text as a reader takes it: nothing invisible, look-alikes and encodings undone; and the way back to where it was."""

from __future__ import annotations

import html
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cache

# Format characters, joiners, fillers, selectors and tags: nobody sees them.
_UNSEEN = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff"
)
_RANGES = ((0xA0, 0x2FFF), (0xFE30, 0xFFEF), (0x1D400, 0x1D7FF), (0x1F100, 0x1F1FF))
_DOTS = "\u3002\uff61\u2024"  # ideographic full stops, one dot leader
_WRITABLE = re.compile(r"[a-z0-9@._+\- ]", re.IGNORECASE)
_ENCODED = (
    r"%(?:25)*[0-9a-fA-F]{2}"
    r"|&(?:amp;){0,9}(?:#0*[0-9]{1,7}|#[xX]0*[0-9a-fA-F]{1,6}|[a-zA-Z]{2,16});?"
    r"|=\r?\n|=[0-9A-F]{2}"
    r"|\\u00[0-9a-fA-F]{2}|\\x[0-9a-fA-F]{2}"
)
_TAG = r"<(?!(?:at|dot|arroba|chez|punkt|punto|point)>)/?[a-zA-Z][a-zA-Z0-9]{0,15}(?:\s[^<>@]{0,300})?/?>"


class Reading(Enum):
    """How far a text is undone."""

    SEEN = 0  # what nobody sees is gone, look-alikes are what they look like
    DECODED = 1  # and %40, &#64;, =40, \\u0040 are an @
    UNTAGGED = 2  # and tags are gone


@cache
def _lookalikes() -> dict[str, str]:
    """Letters that Unicode itself calls forms of ASCII ones (fullwidth, mathematical, circled)."""
    found = dict.fromkeys(_DOTS, ".")
    for first, last in _RANGES:
        for code in range(first, last + 1):
            plain = unicodedata.normalize("NFKC", chr(code))
            if len(plain) == 1 and _WRITABLE.match(plain):
                found[chr(code)] = plain
    return found


@cache
def _seen() -> re.Pattern[str]:
    return re.compile(f"[{_UNSEEN}{re.escape(''.join(_lookalikes()))}]")


@cache
def _pattern(reading: Reading, *, is_ascii: bool) -> re.Pattern[str]:
    """What `reading` undoes. In ASCII each begins with a letter of its own, which is quick to look for."""
    parts = [] if is_ascii else [_seen().pattern]
    parts += [_ENCODED] if reading != Reading.SEEN else []
    parts += [_TAG] if reading == Reading.UNTAGGED else []
    return re.compile("|".join(parts))


@dataclass(frozen=True)
class Folded:
    """`text`, and where its pieces began: `at` in the folded text, `source` in the original."""

    text: str
    at: tuple[int, ...]
    source: tuple[int, ...]

    def start(self, position: int) -> int:
        """Where the letter at `position` of the folded text began."""
        piece = bisect_right(self.at, position) - 1
        return self.source[piece] + position - self.at[piece]

    def end(self, position: int) -> int:
        """Where the letter before `position` ended, with what nobody sees behind it left out."""
        piece = bisect_right(self.at, position - 1) - 1
        room = self.source[piece + 1] - self.source[piece]
        taken = position - self.at[piece]
        is_last = piece + 1 < len(self.at) and position == self.at[piece + 1]
        return self.source[piece] + (room if is_last else taken)


def fold(text: str, reading: Reading) -> Folded | None:
    """`text` folded; None if that changes nothing."""
    is_ascii = text.isascii()
    if is_ascii and reading == Reading.SEEN:
        return None
    pattern = _pattern(reading, is_ascii=is_ascii)
    pieces: list[str] = []
    at, source = [0], [0]
    length = last = 0
    for match in pattern.finditer(text):
        plain = _plain(match[0])
        if plain is None:
            continue
        kept = text[last : match.start()]
        pieces += (kept, plain)
        at += (length + len(kept), length + len(kept) + len(plain))
        source += (match.start(), match.end())
        length, last = at[-1], match.end()
    if last == 0:
        return None
    pieces.append(text[last:])
    return Folded("".join(pieces), (*at, length + len(text) - last), (*source, len(text)))


def lowered(text: str) -> str:
    """`text` in lower case and of the same length, so that places in one are places in the other."""
    lower = text.lower()
    return lower if len(lower) == len(text) else "".join(map(_lower, text))


def _lower(letter: str) -> str:
    lower = letter.lower()
    return lower if len(lower) == 1 else letter


def places(text: str, word: str) -> Iterator[int]:
    """Where `word` begins in `text`."""
    place = text.find(word)
    while place >= 0:
        yield place
        place = text.find(word, place + len(word))


def _plain(token: str) -> str | None:
    """What a token stands for; None: itself."""
    if len(token) == 1:
        return _lookalikes().get(token, "")
    first = token[0]
    if first == "&":
        return _letter(html.unescape(re.sub(r"(?:amp;)+(?=[#a-zA-Z])", "", token)))
    if first == "<" or token[1] in "\r\n":
        return ""
    return _ascii(int(token[-2:], 16))


def _letter(letter: str) -> str | None:
    if len(letter) != 1:
        return None
    if _seen().match(letter):
        return _lookalikes().get(letter, "")
    return letter


def _ascii(code: int) -> str | None:
    return chr(code) if 0x20 <= code < 0x7F else None
