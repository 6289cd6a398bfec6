"""Numbers of payment cards in a text, told apart from telephones, bank accounts and what else has many digits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from chatdesk.sensitive.digits import Run, gaps_of, has_many, is_soft, runs_of, unescaped
from chatdesk.sensitive.issuers import is_card
from chatdesk.sensitive.results import DOT

LENGTHS = (16, 15, 19, 18, 17, 14, 13, 12)  # the usual one first: what follows it may be its code
LONGEST_PHONE = 15  # digits, of any number in the world (ITU-T E.164)
SHORT = 15  # below it, many things that are no cards look like one
_GLUED_LETTERS = 20
_HEX = frozenset("abcdefABCDEF")
_NEAR = 40  # letters before a number that may say what it is
_CARD_WORDS = re.compile(
    r"visa|card|karte|carte|tarjeta|cart[aã]o|\bcarta|kart|карт|بطاقة|كارت|カード|卡|maestro|\bpan\b", re.IGNORECASE
)
_PHONE_WORDS = re.compile(
    r"(?:\b(?:tel|phone|fon|fax|mob|handy|cell|whats|sms|t[ée]l|m[óo]vil|call)\w*|هاتف|جوال|\u260e|\u260f|\U0001f4de"
    r"|\U0001f4f1)\W{0,4}(?:(?:no|nr|number|nummer|is|ist)\b\W{0,3})?$",
    re.IGNORECASE,
)
_ACCOUNT = re.compile(r"[A-Z]{2}\d{2}(?: ?[A-Z0-9]{1,4}){3,8}")
_AFTER_GLUED = re.compile(r"(?:cvv|cvc|csc|exp|val|dt|end)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Card:
    """Where a number stands, and its digits in ASCII."""

    start: int
    end: int
    digits: str


def cards_in(text: str) -> list[Card]:
    """Every card's number in the text, from left to right. Of one that ends in more than one way, each way."""
    text = unescaped(text)
    if not has_many(text):
        return []
    return [card for run in runs_of(text) for card in _in_run(text, run) if not _is_account(text, card)]


def _in_run(text: str, run: Run) -> Iterator[Card]:
    if sum(len(group.digits) for group in run) < LENGTHS[-1] or is_phone(text, run):
        return
    is_short = sum(len(group.digits) for group in run) <= LENGTHS[2]
    first = 1 if _ends_with_dot(text[: run[0].start]) else 0
    while first < len(run):
        may_begin = len(run[first].digits) >= 4 or (is_short and first == 0)
        ends = _ends_of_card(text, run, first) if may_begin else []
        for last in ends:
            yield Card(run[first].start, run[last].end, _digits(run[first : last + 1]))
        first = max(ends, default=first) + 1


def _ends_of_card(text: str, run: Run, first: int) -> list[int]:
    """The groups with which a card's number could end that begins with the group `first`, the likeliest first."""
    ends, size = {}, 0
    for last in range(first, len(run)):
        size += len(run[last].digits)
        if size > LENGTHS[2]:
            break
        ends[size] = last
    return [ends[size] for size in LENGTHS if size in ends and _is_one(text, run, first, ends[size])]


def _is_one(text: str, run: Run, first: int, last: int) -> bool:
    part = run[first : last + 1]
    return is_card(_digits(part)) and _is_written_so(text, run, part) and _stands_alone(text, part)


def _digits(part: Run) -> str:
    return "".join(group.digits for group in part)


# --- how it is written ---


def _is_written_so(text: str, run: Run, part: Run) -> bool:
    """Whether people group the digits of a card like this. Short numbers have to look more like one than long ones."""
    sizes, gaps = [len(group.digits) for group in part], gaps_of(text, part)
    hard = [gap for gap in gaps if not is_soft(gap)]
    if hard and len(set(gaps)) > 1:
        return False
    if sum(sizes) < SHORT:
        return _is_short_card(text, part, sizes)
    if len(sizes) == 1 or _in_fours(sizes) or sizes[0] == 4:
        return True
    return not hard and len(set(gaps)) == 1 and part == run and not _ends_open(text, run)


def _in_fours(sizes: list[int]) -> bool:
    return all(size % 4 == 0 for size in sizes[:-1])


def _is_short_card(text: str, part: Run, sizes: list[int]) -> bool:
    """Twelve to fourteen digits. Thirteen in one piece are mostly an article's or a telephone's."""
    before = text[max(0, part[0].start - _NEAR) : part[0].start]
    if _PHONE_WORDS.search(before):
        return False
    if len(sizes) == 1:
        return sizes != [13] or _CARD_WORDS.search(before) is not None
    return sizes in ([4, 4, 4], [4, 4, 4, 1], [4, 4, 5], [4, 3, 3, 3], [4, 4, 4, 2], [4, 6, 4], [4, 4, 6])


# --- what stands around it ---


def _stands_alone(text: str, part: Run) -> bool:
    start, end = part[0].start, part[-1].end
    return not _is_fraction(text, start) and _left_is_free(text, start) and _right_is_free(text, end)


def _is_fraction(text: str, start: int) -> bool:
    """The digits behind a decimal point, or before which an exponent's sign could stand: 0.4111111111111111."""
    before = text[max(0, start - 6) : start]
    return re.search(r"(?<!\d)\d{1,3}[.,]$", before) is not None


def _left_is_free(text: str, start: int) -> bool:
    """Nothing is glued to it but a word, such as in Visa4111...: never what may be part of a longer code."""
    begin = start
    while begin > 0 and start - begin < _GLUED_LETTERS and text[begin - 1].isalpha():
        begin -= 1
    letters = text[begin:start]
    is_strip = letters == "B" and text[:begin].endswith("%")  # of the magnetic strip (ISO/IEC 7813)
    return not letters or is_strip or (not _HEX.issuperset(letters) and not (begin and text[begin - 1].isalnum()))


def _right_is_free(text: str, end: int) -> bool:
    last = end
    while last < len(text) and last - end < _GLUED_LETTERS and text[last].isalpha():
        last += 1
    letters = text[end:last]
    if not letters or _AFTER_GLUED.match(letters):
        return True
    return not _HEX.issuperset(letters) and not (last < len(text) and text[last].isalnum())


def _ends_with_dot(before: str) -> bool:
    return before[-8:].rstrip(" -._/").endswith(DOT)


def _ends_open(text: str, run: Run) -> bool:
    """Beside digits that were hidden before: what is left there is no number of its own."""
    after = text[run[-1].end : run[-1].end + 8]
    return _ends_with_dot(text[: run[0].start]) or after.lstrip(" -._/").startswith(DOT)


def is_phone(text: str, run: Run) -> bool:
    """Behind a plus, as long as a telephone number can be."""
    before = text[max(0, run[0].start - 3) : run[0].start].rstrip(" (\u200e\u202a")
    return before.endswith(("+", "\uff0b")) and len(_digits(run)) <= LONGEST_PHONE


def _is_account(text: str, card: Card) -> bool:
    """Whether it is part of an IBAN, which has check digits of its own (ISO 13616, ISO/IEC 7064 MOD 97-10)."""
    begin = max(0, card.start - 34)
    for match in _ACCOUNT.finditer(text, begin, min(len(text), card.end + 34)):
        if match.start() <= card.start and match.end() >= card.end:
            return _adds_up(match[0].replace(" ", ""), len(text[match.start() : card.end].replace(" ", "")))
    return False


def _adds_up(letters: str, least: int) -> bool:
    """Some beginning of the letters, no shorter than the card reaches, is an IBAN: words may follow in capitals."""
    return any(_mod_97(letters[:size]) == 1 for size in range(max(15, least), min(34, len(letters)) + 1))


def _mod_97(account: str) -> int:
    turned = account[4:] + account[:4]
    return int("".join(str(int(each, 36)) for each in turned)) % 97
