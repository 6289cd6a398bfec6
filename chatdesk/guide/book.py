"""The help in one language, read once: `docs/help/<language>/<person>/<page>.md`, in the order of `contents.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

from chatdesk.guide.markdown import render
from chatdesk.guide.page import Page

SOURCES = Path(settings.BASE_DIR, "docs", "help")
FALLBACK = "en"


@dataclass(frozen=True, slots=True)
class Book:
    """All pages in reading order."""

    pages: tuple[Page, ...]

    def find(self, person: str, key: str) -> Page | None:
        return next((page for page in self.pages if (page.person, page.key) == (person, key)), None)

    def of(self, person: str) -> list[Page]:
        return [page for page in self.pages if page.person == person]

    def beside(self, page: Page) -> tuple[Page | None, Page | None]:
        """The pages before and after this one, of the same person."""
        shelf = self.of(page.person)
        place = shelf.index(page)
        return (shelf[place - 1] if place else None, shelf[place + 1] if place + 1 < len(shelf) else None)


@cache
def book(language: str) -> Book:
    """The help in a language, as far as it is written; the rest in English."""
    return Book(tuple(_page(person, key, language) for person, keys in contents().items() for key in keys))


@cache
def contents() -> dict[str, list[str]]:
    """The pages of each person, in order."""
    listed: dict[str, list[str]] = tomllib.loads((SOURCES / "contents.toml").read_text(encoding="utf-8"))
    return listed


def source(language: str, person: str, key: str) -> Path:
    return SOURCES / language / person / f"{key}.md"


def _page(person: str, key: str, language: str) -> Page:
    spoken = language if source(language, person, key).exists() else FALLBACK
    return Page(person, key, spoken, render(source(spoken, person, key).read_text(encoding="utf-8"), person))
