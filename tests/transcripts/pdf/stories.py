"""Stories to be set, and what an independent reader finds in the document."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from typing import Any

from pypdf import PdfReader

from transcripts.formats.pdf import Look, pdf_of
from transcripts.formats.story import OPERATOR, VISITOR, Document, Event, Person, Presence, Story

BEGUN = datetime(2026, 3, 28, 9, 0, tzinfo=UTC)
VERA = Person("visitor-1", VISITOR, "Vera", "vera@home.test")
ALICE = Person("operator-2", OPERATOR, "Alice")
BREAKS = "\u200b"  # places to break a line, which a reader of text passes over


def said(*texts: str, by: Person = VERA, at: datetime = BEGUN) -> tuple[Event, ...]:
    """A message each minute."""
    return tuple(
        Event(number, "message", at + timedelta(minutes=number), by, text, seq=number)
        for number, text in enumerate(texts, start=1)
    )


def story(*texts: str, events: tuple[Event, ...] | None = None, **facts: Any) -> Story:
    known: dict[str, Any] = {
        "ref": "dGhlIHJlZmVyZW5jZSBv",
        "site": "desk.example",
        "group": "Sales",
        "group_slug": "sales",
        "button": "shop",
        "channel": "chat",
        "subject": "A question",
        "opened": BEGUN,
        "closed": BEGUN + timedelta(hours=1),
        "visitor": VERA,
        "presences": (Presence(VERA, BEGUN), Presence(ALICE, BEGUN, BEGUN + timedelta(minutes=9), silent=True)),
        "events": said(*texts) if events is None else events,
        "head": "ab" * 32,
    }
    return Story(**known | facts)


def document(**facts: Any) -> Document:
    known: dict[str, Any] = {
        "name": "offer.pdf",
        "media_type": "application/pdf",
        "size": 9,
        "sha256": "cd" * 32,
        "key": "key",
    }
    return Document(**known | facts)


def read(data: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(data), strict=True)


def texts_of(data: bytes) -> list[str]:
    """What each page says."""
    return [page.extract_text().replace(BREAKS, "") for page in read(data).pages]


def text_of(told: Story, look: Look | None = None) -> str:
    """All that a story's document says, on one line."""
    return " ".join(" ".join(texts_of(pdf_of(told, look))).split())
