"""Where the same words stand in a text, however they are written: case, accents composed or not, white space. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from unicodedata import normalize

from transcripts.actions.exporting.masking import UNSPACED

# Signs that nobody sees, within a word: soft hyphens, zero-width spaces and joiners, marks of direction.
UNSEEN = "\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff"
BETWEEN = f"[{UNSEEN}]*"
STRIPPED = re.compile(f"[{UNSEEN}]")


def places(text: str, words: str, *, whole: bool = False) -> Iterator[tuple[int, int]]:
    """Start and end of each, from the left. `whole`: only as whole words. Nothing for words that say nothing."""
    looked = pattern(words, whole=whole)
    if looked is not None:
        yield from (found.span() for found in looked.finditer(text))


def pattern(words: str, *, whole: bool = False) -> re.Pattern[str] | None:
    """White space matches any; None for words of nothing but white space and unseen signs."""
    bare = STRIPPED.sub("", words).split()
    if not bare:
        return None
    inside = r"\s+".join(map(_forms, bare))
    before = "" if not whole or UNSPACED.match(bare[0][0]) else r"(?<!\w)"
    after = "" if not whole or UNSPACED.match(bare[-1][-1]) else r"(?!\w)"
    return re.compile(f"{before}(?:{inside}){after}", re.IGNORECASE)


def _forms(word: str) -> str:
    """One word in the forms that look alike; "ss" for a sharp s is not what ignoring case finds."""
    spellings = {normalize(form, each) for form in ("NFC", "NFD") for each in (word, word.casefold())}
    ordered = sorted(spellings, key=lambda each: (-len(each), each))
    return f"(?:{'|'.join(BETWEEN.join(map(re.escape, each)) for each in ordered)})"
