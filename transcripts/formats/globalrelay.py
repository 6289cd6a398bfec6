"""Global Relay's EML as Mattermost writes it: a mail per conversation, split where it would grow too large."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import IO

from transcripts.formats import mime
from transcripts.formats.base import BaseWriter, reason
from transcripts.formats.fetching import Fault
from transcripts.formats.letters import boundaries
from transcripts.formats.names import safe_name
from transcripts.formats.options import Reader
from transcripts.formats.people import desk, email_of
from transcripts.formats.relay_page import relay_html, relay_text
from transcripts.formats.rooms import Room, Stay, rooms, stays, window
from transcripts.formats.story import FILE_DELETED, SYSTEM, Event, Story
from transcripts.formats.volume import chunks_of

# What base64 in lines of 76 adds; what is around an event or a file, or said of a person; what quoted-printable and
# markup make of one byte of text at worst, in plain text and HTML together (a control character becomes three).
CARRIED, AROUND, WRITTEN = 1.37, 2_000, 20


@dataclass(slots=True)
class Part:
    """What goes into one mail: its events, what is said beside them, its attachments aside as they are sent."""

    attached: IO[bytes]
    events: list[Event] = field(default_factory=list)
    beside: dict[int, str] = field(default_factory=dict)
    size: float = 0


def text_cost(event: Event) -> float:
    """Bytes that an event may take in a mail, at most."""
    return AROUND + WRITTEN * len(event.text.encode(errors="replace"))


class GlobalRelayWriter(BaseWriter):
    """One or more EML per room; it needs no participants, and no file can stop it."""

    def _story(self, story: Story, read: Reader) -> None:
        for room in rooms(story):
            for number, part in enumerate(self._parts(room, read), self.options.batch):
                name = f"{safe_name(room.name)[:60]} - ({room.key}) - {number}.eml"
                self.volume.write(name, self._mail(room, part, number))
                part.attached.close()

    def _parts(self, room: Room, read: Reader) -> Iterator[Part]:
        head = AROUND * (2 + len(stays(room, self.options)))
        part = Part(self.volume.spool(), size=head)
        for event in room.story.events:
            cost = text_cost(event) + self._carried(event)
            if part.events and part.size + cost > self.options.mail_bytes:
                yield part
                part = Part(self.volume.spool(), size=head)
            part.events.append(event)
            part.size += cost
            if event.document:
                part.beside[id(event)] = self._attach(room, event, read, part)
        yield part

    def _carried(self, event: Event) -> float:
        if event.document is None or event.update == FILE_DELETED or self._too_large(event):
            return 0
        return event.document.size * CARRIED + AROUND

    def _too_large(self, event: Event) -> bool:
        return event.document is not None and event.document.size * CARRIED + AROUND > self.options.mail_bytes

    def _attach(self, room: Room, event: Event, read: Reader, part: Part) -> str:
        """The row about a file; its bytes are put aside if they can be."""
        name = event.document.name if event.document else ""
        if event.update == FILE_DELETED:
            return f"Deleted file {name}"
        if self._too_large(event):
            self.warn(room.story, event, Fault("too-large"))
            return (
                f"Uploaded file \"{name}\" (id '{room.event_id(event)}') was removed because it was too large to send."
            )
        with self.fetched(room.story, event, read) as found:
            if isinstance(found, Fault):
                return f"Uploaded file {name}: {reason(found)}"
            self.counts["files"] += 1
            kind = event.document.media_type if event.document else ""
            part.attached.write(f"--{boundaries(room.key)[0]}\r\n".encode())
            part.attached.writelines(mime.file_part(name, kind, found.bytes))
        return f"Uploaded file {name}"

    def _mail(self, room: Room, part: Part, number: int) -> Iterator[bytes]:
        yield from self._head(room, number)
        outer, inner = boundaries(room.key)
        times = stays(room, self.options)
        html = relay_html(room, part.events, part.beside, times, self.options)
        text = relay_text(room, part.events, part.beside, times)
        body = mime.multipart("alternative", inner, [mime.text_part("plain", text), mime.text_part("html", html)])
        yield f'Content-Type: multipart/mixed;\r\n boundary="{outer}"\r\n\r\n--{outer}\r\n'.encode()
        yield from body
        part.attached.seek(0)
        yield from chunks_of(part.attached)
        yield f"--{outer}--\r\n".encode()

    def _head(self, room: Room, number: int) -> Iterator[bytes]:
        """From the first participant, to all; from the desk itself where there is none."""
        boxes = _boxes(stays(room, self.options)) or [email_of(desk(room.story))]
        _, end = window(room.story, self.options)
        yield f"Message-ID: <{room.key}.relay{number}@{self.options.host}>\r\n".encode()
        yield mime.addresses("From", boxes[:1])
        yield mime.addresses("To", boxes)
        yield mime.header("Subject", f"{self.options.message_type} Compliance Export: {room.name}")
        yield mime.date(end)
        yield b"MIME-Version: 1.0\r\nContent-Transfer-Encoding: 8bit\r\n"
        yield b"Auto-Submitted: auto-generated\r\nPrecedence: bulk\r\n"
        yield mime.header("X-GlobalRelay-MsgType", self.options.message_type)
        for name, value in {"ChannelName": room.name, "ChannelID": room.key, "ChannelType": "private"}.items():
            yield mime.header(f"X-Mattermost-{name}", value)


def _boxes(times: Iterable[Stay]) -> list[str]:
    """Each address once, people before the desk's own automatic texts."""
    people = sorted((stay.person for stay in times), key=lambda who: who.kind == SYSTEM)
    return list(dict.fromkeys(email_of(who) for who in people))
