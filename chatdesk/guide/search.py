"""Finding pages of the help by words: all of them must be there, in any order, beginnings of words included."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from chatdesk.guide.book import Book
from chatdesk.guide.page import Facts, Page

AROUND = 90  # characters of the text shown on each side of what was found
MOST_WORDS = 8


@dataclass(frozen=True, slots=True)
class Hit:
    """A page with the part of its text that holds the first word found: before it, it, after it."""

    page: Page
    before: str
    found: str
    after: str


def search(pages: Book, asked: str, facts: Facts) -> list[Hit]:
    """The pages that have every word asked for, best first: titles count most, and words that stand together."""
    words = [plain_word(word) for word in re.findall(r"\w+", asked)][:MOST_WORDS]
    ranked = [(rank, page) for page in pages.pages if words and (rank := _rank(page, words, facts))]
    return [_hit(page, words, facts) for rank, page in sorted(ranked, key=lambda pair: -pair[0])]


def plain_word(text: str) -> str:
    """Without accents and capitals, letter for letter, so that places in it are places in the text."""
    return "".join(unicodedata.normalize("NFD", each)[0].lower()[:1] for each in text)


def _rank(page: Page, words: list[str], facts: Facts) -> int:
    """0 when a word is missing; more for the title than for a heading, and for a heading than for the text."""
    places = [(8, page.title), (3, " ".join(each.text for each in page.headings)), (1, page.text(facts))]
    counted = [sum(weight * _count(text, word) for weight, text in places) for word in words]
    together = sum(weight * _count(text, " ".join(words)) for weight, text in places)
    return sum(counted) + 2 * together if all(counted) else 0


def _count(text: str, word: str) -> int:
    return min(5, len(re.findall(rf"\b{re.escape(word)}", plain_word(text))))


def _hit(page: Page, words: list[str], facts: Facts) -> Hit:
    text = page.text(facts)
    for wanted in (" ".join(words), *sorted(words, key=len, reverse=True)):
        if found := re.search(rf"\b{re.escape(wanted)}\w*", plain_word(text)):
            return _around(page, text, *found.span())
    return Hit(page, page.lead(facts), "", "")


def _around(page: Page, text: str, start: int, end: int) -> Hit:
    return Hit(page, _before(text[:start]), text[start:end], _after(text[end:]))


def _before(text: str) -> str:
    return text if len(text) <= AROUND else "… " + text[-AROUND:].partition(" ")[2]


def _after(text: str) -> str:
    return text if len(text) <= AROUND else text[:AROUND].rpartition(" ")[0] + " …"
