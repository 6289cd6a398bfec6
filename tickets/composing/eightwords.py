"""Eight words that open a pick-up box: 88 bits of chance from the English list of BIP 39, easy to say and to type."""

from __future__ import annotations

import re
import secrets
from functools import cache

from mnemonic import Mnemonic

COUNT = 8
TELLING = 4  # no two words of the list begin with the same four letters (BIP 39, "Wordlist")
LETTERS = re.compile(r"[a-z]+")


@cache
def _words() -> dict[str, str]:
    """Every word of the list, by the letters that tell it from all others."""
    return {word[:TELLING]: word for word in Mnemonic("english").wordlist}


def new_words() -> str:
    """Eight words by chance, with spaces between them."""
    return " ".join(secrets.choice([*_words().values()]) for _ in range(COUNT))


def read_words(typed: str) -> str:
    """What somebody typed, as `new_words` writes it: in any case, with spaces, hyphens, commas or numbers between.

    The first four letters of a word are enough. Empty if these are not eight words of the list.
    """
    found = [_word(each) for each in LETTERS.findall(typed.lower())]
    return " ".join(found) if len(found) == COUNT and all(found) else ""


def _word(typed: str) -> str:
    word = _words().get(typed[:TELLING], "")
    return word if word == typed or (len(typed) == TELLING and word) else ""
