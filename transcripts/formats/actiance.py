"""Actiance's XML as Mattermost writes it: actiance_export.xml, the files, warning.txt. Times in milliseconds."""

from __future__ import annotations

from collections.abc import Iterator

from transcripts.formats.base import BaseWriter, encoded, file_place, shown_text
from transcripts.formats.fetching import Fault
from transcripts.formats.options import Options, Reader
from transcripts.formats.people import author_of, email_of, user_type
from transcripts.formats.rooms import Room, Stay, rooms, stays, window
from transcripts.formats.story import CREATED, FILE_DELETED, Event, Story
from transcripts.formats.text import markup, milliseconds
from transcripts.formats.volume import Volume

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<FileDump xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\n'
TAIL = "</FileDump>\n"


def element(name: str, value: object, depth: int = 6) -> str:
    """A child on a line of its own."""
    return f"{' ' * depth}<{name}>{markup(str(value))}</{name}>\n"


def moved(name: str, stay: Stay, at: int) -> str:
    """ParticipantEntered or ParticipantLeft."""
    email = email_of(stay.person)
    children = {
        "LoginName": email,
        "UserType": user_type(stay.person),
        "DateTimeUTC": at,
        "CorporateEmailID": email,
    }
    inner = "".join(element(child, value) for child, value in children.items())
    return f"    <{name}>\n{inner}    </{name}>\n"


def message(room: Room, event: Event) -> str:
    """An event, whatever its kind; the three children of a change are there only for a change."""
    author = author_of(room.story, event)
    children: dict[str, object] = {
        "MessageId": room.event_id(event),
        "LoginName": email_of(author),
        "UserType": user_type(author),
        "DateTimeUTC": milliseconds(event.at),
    }
    if event.update != CREATED:
        children |= {"UpdatedType": event.update, "UpdatedDateTimeUTC": milliseconds(event.updated or event.at)}
    if event.edited_by:
        children["EditedNewMsgId"] = f"{room.story.ref}.{event.edited_by}"
    inner = "".join(element(child, value) for child, value in {**children, "Content": shown_text(event)}.items())
    return f"    <Message>\n{inner}    </Message>\n"


class ActianceWriter(BaseWriter):
    """One Conversation per room; everyone who entered leaves, at the window's end at the latest."""

    def __init__(self, volume: Volume, options: Options) -> None:
        super().__init__(volume, options)
        self._xml = volume.spool()
        self._xml.write(HEAD.encode())

    def _story(self, story: Story, read: Reader) -> None:
        for room in rooms(story):
            for chunk in encoded(self._conversation(room, read)):
                self._xml.write(chunk)

    def _conversation(self, room: Room, read: Reader) -> Iterator[str]:
        start, end = window(room.story, self.options)
        times = stays(room, self.options)
        yield f'  <Conversation Perspective="{markup(room.name)}">\n'
        yield element("RoomID", f"private - {room.key} - {room.key}", 4)
        yield element("StartTimeUTC", milliseconds(start), 4)
        yield from (moved("ParticipantEntered", stay, milliseconds(stay.since)) for stay in times)
        yield from (message(room, event) for event in room.story.events)
        for event in room.story.events:
            yield self._transfer(room, event, read)
        left = sorted(times, key=lambda stay: (stay.until, email_of(stay.person)))
        yield from (moved("ParticipantLeft", stay, milliseconds(stay.until)) for stay in left)
        yield element("EndTimeUTC", milliseconds(end), 4)
        yield "  </Conversation>\n"

    def _transfer(self, room: Room, event: Event, read: Reader) -> str:
        if event.document is None or event.update == FILE_DELETED:
            return ""
        path = file_place(room.story.ref, event)
        found = self.carry(room.story, event, read, path)
        children = {
            "LoginName": email_of(author_of(room.story, event)),
            "DateTimeUTC": milliseconds(event.at),
            "UserFileName": event.document.name,
            "FileName": path if isinstance(found, Fault) else found.path,
        }
        inner = "".join(element(child, value) for child, value in children.items())
        status = element("Status", "Failed" if isinstance(found, Fault) else "Completed")
        started = f"    <FileTransferStarted>\n{inner}    </FileTransferStarted>\n"
        return f"{started}    <FileTransferEnded>\n{inner}{status}    </FileTransferEnded>\n"

    def _finish(self) -> None:
        self._xml.write(TAIL.encode())
        self.volume.take("actiance_export.xml", self._xml)
