"""What a text says about people besides its words: addresses, telephone and card numbers, names; covered, never cut."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

ADDRESS = re.compile(r"[^\s<>()\[\],;:\"'@]{1,64}@(?:[^\s<>()\[\],;:\"'@.]{1,63}\.){1,8}[^\s<>()\[\],;:\"'@.]{2,63}")
# Digits of any script, with what people put between them; not within a longer word.
NUMBER = re.compile(r"(?<![\w.])\+?\(?\d(?:[\s().\-/\u2010-\u2015]{0,2}\d){6,18}(?!\w)")
CARD_DIGITS = range(12, 20)
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
    wanted = {name.casefold(): other for name, other in names.items() if len(name) > 1}
    if not wanted:
        return text
    words = "|".join(re.escape(name) for name in sorted(wanted, key=len, reverse=True))
    whole = re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE)
    return whole.sub(lambda found: wanted.get(found[0].casefold(), found[0]), text)
