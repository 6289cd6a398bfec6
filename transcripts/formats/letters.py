"""EML and mbox: a conversation as a mail, its files attached, with chat.json for programs."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from transcripts.formats import mime
from transcripts.formats.as_json import as_json
from transcripts.formats.base import BaseWriter, reason
from transcripts.formats.fetching import Fault
from transcripts.formats.names import safe_name
from transcripts.formats.options import Options, Reader
from transcripts.formats.page import no_file, story_page
from transcripts.formats.people import desk, email_of, people_of
from transcripts.formats.plain import text_of
from transcripts.formats.rooms import Room, rooms
from transcripts.formats.story import FILE_DELETED, Event, Person, Story
from transcripts.formats.text import iso
from transcripts.formats.volume import Volume


def first_date(story: Story) -> datetime:
    """When the first thing happened."""
    return (story.events[0].at if story.events else story.opened).astimezone(UTC)


def sender(story: Story) -> Person:
    """The first of the participants; the desk itself where there is none."""
    return next(iter(people_of(story)), desk(story))


def _box(person: Person) -> str:
    return mime.mailbox(person.name, email_of(person))


def letter_head(room: Room, options: Options) -> Iterator[bytes]:
    """The headers without those of the body."""
    story = room.story
    first = sender(story)
    number = story.events[0].number if story.events else 0
    yield f"Message-ID: <{room.key}.{number}@{options.host}>\r\n".encode()
    yield mime.date(first_date(story))
    yield mime.addresses("From", [_box(first)])
    yield mime.addresses("To", [_box(who) for who in people_of(story) if who.key != first.key])
    yield mime.header("Subject", room.name)
    yield b"Auto-Submitted: auto-generated\r\n"
    yield from (mime.header(f"X-Chatdesk-{name}", value) for name, value in about(room).items() if value)
    yield b"MIME-Version: 1.0\r\n"


def about(room: Room) -> dict[str, str]:
    """The X-Chatdesk- headers."""
    story = room.story
    return {
        "Conversation": story.ref,
        "Site": story.site,
        "Group": story.group,
        "Button": story.button,
        "Channel": story.channel,
        "Opened": iso(story.opened),
        "Closed": iso(story.closed) if story.closed else "",
        "Events": str(len(story.events)),
        "Tags": "; ".join(story.tags),
        "Holds": "; ".join(story.holds),
        "Redacted": "yes" if story.is_redacted else "",
        "Internal": "yes" if room.internal else "",
        "Head": story.head,
    }


def boundaries(key: str) -> tuple[str, str]:
    """Two that nothing encoded can hold, the same each time."""
    mark = hashlib.sha256(key.encode()).hexdigest()[:24]
    return f"=_a{mark}", f"=_b{mark}"


class LetterWriter(BaseWriter):
    """What EML and mbox share: the mail itself, piece by piece."""

    def letter(self, room: Room, read: Reader) -> Iterator[bytes]:
        """The whole mail, CRLF."""
        outer, _ = boundaries(room.key)
        yield from letter_head(room, self.options)
        yield from mime.multipart("mixed", outer, self._parts(room, read))

    def _parts(self, room: Room, read: Reader) -> Iterator[Iterable[bytes]]:
        story, (_, inner) = room.story, boundaries(room.key)
        page = story_page(story, _named, self.options.words, self.options.language)
        yield mime.multipart("alternative", inner, [mime.text_part("plain", text_of(story)), _html(page)])
        yield mime.file_part("chat.json", "application/json", io.BytesIO(as_json(story)))
        for event in story.events:
            if event.document and event.update != FILE_DELETED:
                yield self._attached(room, event, read)

    def _attached(self, room: Room, event: Event, read: Reader) -> Iterator[bytes]:
        document = event.document
        name = document.name if document else ""
        with self.fetched(room.story, event, read) as found:
            if isinstance(found, Fault):
                yield from mime.text_part("plain", [f"File {safe_name(name)}: {reason(found)}.\n"])
                return
            self.counts["files"] += 1
            kind = document.media_type if document else ""
            yield from mime.file_part(name, kind, found.bytes)


def _html(page: Iterable[str]) -> Iterator[bytes]:
    return mime.text_part("html", page)


def _named(event: Event) -> str:
    if event.document is None:
        return ""
    return no_file(
        event.document.name, "deleted" if event.update == FILE_DELETED else "attached, or said below why not"
    )


class EmlWriter(LetterWriter):
    """A file per mail, named by its conversation."""

    def _story(self, story: Story, read: Reader) -> None:
        for room in rooms(story):
            self.volume.write(f"{safe_name(room.key)}.eml", self.letter(room, read))


FROM_LINE = re.compile(rb"(?m)^(>*From )")


class MboxWriter(LetterWriter):
    """All mails in chats.mbox: mboxrd, so that ">From " can be undone; LF as RFC 4155 wants."""

    def __init__(self, volume: Volume, options: Options) -> None:
        super().__init__(volume, options)
        self._mbox = volume.spool()

    def _story(self, story: Story, read: Reader) -> None:
        for room in rooms(story):
            when = first_date(story).strftime("%a %b %d %H:%M:%S %Y")
            self._mbox.write(f"From {email_of(sender(room.story))} {when}\n".encode())
            for chunk in self.letter(room, read):
                self._mbox.write(FROM_LINE.sub(rb">\1", chunk.replace(b"\r\n", b"\n")))
            self._mbox.write(b"\n")

    def _finish(self) -> None:
        self.volume.take("chats.mbox", self._mbox)
