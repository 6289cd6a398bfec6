"""Stories of a small cast, and a storage of their files."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from transcripts.formats import (
    WRITERS,
    Document,
    Event,
    FolderVolume,
    Options,
    Person,
    Presence,
    Story,
    Written,
    ZipVolume,
)
from transcripts.formats.story import DELETED, EDITED_NEW, EDITED_ORIGINAL, FILE_DELETED, OPERATOR, SYSTEM, VISITOR

OPENED = datetime(2026, 3, 1, 9, 30, 15, 123456, tzinfo=UTC)
NOW = datetime(2026, 3, 10, tzinfo=UTC)
VERA = Person("visitor-7", VISITOR, "Vera", "vera@mail.example")
ALICE = Person("operator-1", OPERATOR, "Alice", "alice@desk.example")
BOB = Person("operator-2", OPERATOR, "Bob", "bob@desk.example")
SAM = Person("operator-3", OPERATOR, "Sam", "sam@desk.example")
DESK = Person("system", SYSTEM, "Example desk")


def at(seconds: float) -> datetime:
    return OPENED + timedelta(seconds=seconds)


def options(**changes: object) -> Options:
    return replace(Options(exported_at=NOW, host="desk.example", title="Matter 12"), **changes)  # type: ignore[arg-type]


class Store:
    """Files by key; `chunk` bytes at a time."""

    def __init__(self, chunk: int = 7) -> None:
        self.chunk = chunk
        self.files: dict[str, bytes] = {}

    def put(self, name: str, content: bytes, media_type: str = "application/octet-stream") -> Document:
        key = f"k{len(self.files)}"
        self.files[key] = content
        sha256, md5 = hashlib.sha256(content).hexdigest(), hashlib.md5(content).hexdigest()
        return Document(name, media_type, len(content), sha256, md5, key=key)

    def read(self, document: Document) -> Iterator[bytes] | None:
        content = self.files.get(document.key)
        if content is None:
            return None
        return (content[start : start + self.chunk] for start in range(0, len(content), self.chunk))


def said(number: int, author: Person | None, text: str, **changes: object) -> Event:
    event = Event(number=number, seq=number, kind="message", at=at(number), author=author, text=text)
    return replace(event, **changes)  # type: ignore[arg-type]


def story(events: tuple[Event, ...] = (), **changes: object) -> Story:
    told = Story(
        ref="Ab3-_xYz9", site="Example Ltd", group="Sales", group_slug="sales", button="sales", channel="chat",
        subject="A question", opened=OPENED, closed=at(600), visitor=VERA, events=events,
        presences=(Presence(VERA, OPENED, at(600)), Presence(ALICE, at(2), at(600))),
        tags=("refund", "urgent"), holds=("Matter 12",), head="ab" * 32, language="en",
    )  # fmt: skip
    return replace(told, **changes)  # type: ignore[arg-type]


def full_story(store: Store) -> Story:
    """Everything that can happen: files, edits, deletions, notes, a silent listener, a notice."""
    photo = store.put("photo.png", b"\x89PNG" + bytes(range(256)) * 3, "image/png")
    bill = store.put("bill.pdf", b"%PDF-1.7 " + b"pages " * 500, "application/pdf")
    events = (
        said(1, None, "Welcome to the desk", kind="notice"),
        said(2, ALICE, "Alice joined the chat", kind="join"),
        said(3, VERA, "My bill is wrong"),
        said(4, VERA, "", kind="file", document=photo),
        said(5, ALICE, "Here is the new one", kind="file", document=bill),
        said(6, ALICE, "Refund first, then ask", kind="note", internal=True),
        said(7, ALICE, "It was 15", update=EDITED_ORIGINAL, updated=at(20), edited_by="8"),
        said(8, ALICE, "It was 51", update=EDITED_NEW, updated=at(20)),
        said(9, VERA, "Wrong window", seq=9),
        said(9, VERA, "Wrong window", update=DELETED, updated=at(30)),
        said(4, VERA, "", kind="file", update=FILE_DELETED, updated=at(40), document=photo),
        said(10, SAM, "Be gentle", kind="whisper", internal=True),
        said(11, ALICE, "Alice left the chat", kind="leave", at=at(600)),
    )
    presences = (
        Presence(VERA, OPENED, at(600)),
        Presence(ALICE, at(2), at(600)),
        Presence(SAM, at(5), at(50), silent=True),
    )
    return story(events, presences=presences)


def write(name: str, stories: list[Story], store: Store, folder: Path, **changes: object) -> Written:
    writer = WRITERS[name](FolderVolume(folder), options(**changes))
    for told in stories:
        writer.add(told, store.read)
    return writer.close()


def zipped(name: str, stories: list[Story], store: Store) -> io.BytesIO:
    target = io.BytesIO()
    writer = WRITERS[name](ZipVolume(target), options())
    for told in stories:
        writer.add(told, store.read)
    writer.close()
    target.seek(0)
    return target
