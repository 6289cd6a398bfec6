"""What a text says about people besides its words: addresses, telephone and card numbers, names; covered, never cut."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from unicodedata import normalize

ADDRESS = re.compile(r"[^\s<>()\[\],;:\"'@]{1,64}@(?:[^\s<>()\[\],;:\"'@.]{1,63}\.){1,8}[^\s<>()\[\],;:\"'@.]{2,63}")
# Digits of any script, with what people put between them; not within a longer word.
NUMBER = re.compile(r"(?<![\w.])\+?\(?\d(?:[\s().\-/\u2010-\u2015]{0,2}\d){6,18}(?!\w)")
CARD_DIGITS = range(12, 20)
# Scripts that put no spaces between words: Thai, Lao, Burmese, Khmer, kana, Chinese characters.
UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
COVER = "\u2588"
Cover = Callable[[str], str]


def covered(text: str, *, address: Cover, telephone: Cover, card: Cover) -> str:
    """The text with each address, card number and telephone number answered by its own cover."""
    without = ADDRESS.sub(lambda found: address(found[0]), text)
    return NUMBER.sub(lambda found: (card if is_card(found[0]) else telephone)(found[0]), without)


def is_card(text: str) -> bool:
    """Whether it has the length and the check digit of a card number (ISO/IEC 7812-1, annex B)."""
    digits = [int(c) for c in text if c.isdecimal()]
    if len(digits) not in CARD_DIGITS or text.lstrip().startswith("+"):
        return False
    doubled = (digit * 2 - 9 * (digit > 4) for digit in digits[-2::-2])
    return (sum(digits[::-2]) + sum(doubled)) % 10 == 0


def renamed(text: str, names: Mapping[str, str]) -> str:
    """The text with each of the names, as a whole word in any case, in its other form; the longest name first."""
    wanted = {_folded(name): other for name, other in names.items() if len(name) > 1 or UNSPACED.match(name)}
    spellings = {form for name in names if _folded(name) in wanted for form in _spellings(name)}
    if not spellings:
        return text
    words = "|".join(map(_whole, sorted(spellings, key=len, reverse=True)))
    return re.sub(words, lambda found: wanted.get(_folded(found[0]), COVER), text, flags=re.IGNORECASE)


def _whole(name: str) -> str:
    """A pattern of the name as a whole word; where words stand without spaces, wherever it stands."""
    before, after = ("" if UNSPACED.match(name[end]) else "\\w" for end in (0, -1))
    return f"{before and f'(?<!{before})'}{re.escape(name)}{after and f'(?!{after})'}"


def _spellings(name: str) -> set[str]:
    """One name in the forms that look alike; "ss" for a sharp s is not what ignoring case finds."""
    return {normalize(form, each) for form in ("NFC", "NFD") for each in (name, name.casefold())}


def _folded(name: str) -> str:
    """Equal for all that passes for the same name; the dotted and the dotless i of Turkish too."""
    return normalize("NFC", normalize("NFC", name).casefold()).replace("i\u0307", "i").replace("\u0131", "i")
