"""Mattermost's compliance export: posts.csv with its 20 columns, metadata.json, files/, warning.txt."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from transcripts.formats.base import BaseWriter, encoded, reason, shown_text
from transcripts.formats.cells import row
from transcripts.formats.fetching import Fault
from transcripts.formats.names import safe_name
from transcripts.formats.options import Options, Reader
from transcripts.formats.people import author_of, email_of, user_type
from transcripts.formats.rooms import Room, Stay, rooms, stays, window
from transcripts.formats.sorting import SortedRows
from transcripts.formats.story import FILE_DELETED, Event, Person, Story
from transcripts.formats.text import encodable, milliseconds
from transcripts.formats.volume import Volume, chunks_of

COLUMNS = (
    *("Post Creation Time", "Post Update Time", "Post Update Type", "Team Id", "Team Name", "Team Display Name"),
    *("Channel Id", "Channel Name", "Channel Display Name", "Channel Type", "User Id", "User Email", "Username"),
    *("Post Id", "Edited By Post Id", "Replied to Post Id", "Post Message", "Post Type", "User Type"),
    "Previews Post Id",
)
CHANNEL_TYPE = "private"
STATUS = {"enter": "joined the channel", "previously-joined": "was already in the channel", "leave": "left the channel"}


def team_name(story: Story) -> str:
    """A site's name as Mattermost writes team names: small letters, digits, dashes."""
    return "-".join("".join(c if c.isalnum() else " " for c in story.site.lower()).split()) or "site"


def post_cells(room: Room, who: Person, at: datetime, **post: object) -> tuple[object, ...]:
    """The 20 cells of a row; what is not given stays empty."""
    story = room.story
    return (
        *(milliseconds(at), post.get("updated", 0), post.get("update", "")),
        *(team_name(story), team_name(story), story.site),
        *(room.key, room.key, room.name, CHANNEL_TYPE, who.key, email_of(who), who.name),
        *(post.get("id", ""), post.get("edited_by", ""), "", post["text"], post["type"], user_type(who), ""),
    )


def changed_at(event: Event) -> int:
    """When an event was last changed: never before it was made."""
    return milliseconds(event.updated or event.at)


class MattermostWriter(BaseWriter):
    """Rows of all channels are merged and sorted by time and post; channels of the metadata as they come."""

    def __init__(self, volume: Volume, options: Options) -> None:
        super().__init__(volume, options)
        self._rows = SortedRows(volume.spool)
        self._channels = volume.spool()
        self._totals: dict[str, int] = {}
        self._bounds: list[int] = []

    def _story(self, story: Story, read: Reader) -> None:
        for room in rooms(story):
            files = sum(self._post(room, event, read) for event in room.story.events)
            for stay in stays(room, self.options):
                self._presence(room, stay)
            self._channel(room, files)

    def _add(self, room: Room, number: int, cells: tuple[object, ...]) -> None:
        self._rows.add((int(str(cells[0])), room.story.ref, number), row(cells, "\n"))

    def _post(self, room: Room, event: Event, read: Reader) -> int:
        author, story = author_of(room.story, event), room.story
        post: dict[str, Any] = {"id": room.event_id(event), "updated": changed_at(event), "update": event.update}
        if event.edited_by:
            post["edited_by"] = f"{story.ref}.{event.edited_by}"
        self._add(
            room, event.number, post_cells(room, author, event.at, **post, text=shown_text(event), type="message")
        )
        if event.document is None:
            return 0
        kind = "deleted attachment" if event.update == FILE_DELETED else "attachment"
        told = self._file(room, event, read)
        self._add(room, event.number, post_cells(room, author, event.at, **post, text=told, type=kind))
        return 1

    def _file(self, room: Room, event: Event, read: Reader) -> str:
        """NAME (files/POST/FILE-NAME), or NAME and why it is not there."""
        document, post = event.document, room.event_id(event)
        if document is None:
            return ""
        file_id = document.sha256[:26] or f"file{event.number}"
        path = f"files/{post}/{file_id}-{safe_name(document.name)}"
        if event.update == FILE_DELETED:
            return f"{document.name} ({path})"
        found = self.carry(room.story, event, read, path)
        return f"{document.name} ({reason(found) if isinstance(found, Fault) else found.path})"

    def _presence(self, room: Room, stay: Stay) -> None:
        start, _ = window(room.story, self.options)
        kind = "previously-joined" if stay.since < start else "enter"
        self._add(room, -1, self._moved(room, stay.person, stay.since, kind))
        if stay.ended:
            self._add(room, 1 << 62, self._moved(room, stay.person, stay.until, "leave"))

    def _moved(self, room: Room, who: Person, at: datetime, kind: str) -> tuple[object, ...]:
        return post_cells(room, who, at, text=f"User {who.name} ({email_of(who)}) {STATUS[kind]}", type=kind)

    def _channel(self, room: Room, files: int) -> None:
        start, end = (milliseconds(at) for at in window(room.story, self.options))
        self._bounds = [min([start, *self._bounds[:1]]), max([end, *self._bounds[1:]])]
        counts = {"MessagesCount": len(room.story.events), "AttachmentsCount": files}
        self._totals = {name: self._totals.get(name, 0) + count for name, count in counts.items()}
        channel = {
            "TeamId": team_name(room.story),
            "TeamName": team_name(room.story),
            "TeamDisplayName": encodable(room.story.site),
            "ChannelId": room.key,
            "ChannelName": room.key,
            "ChannelDisplayName": encodable(room.name),
            "ChannelType": "P",
            "RoomId": f"private - {room.key}",
            "StartTime": start,
            "EndTime": end,
            **counts,
        }
        comma = "," if self._channels.tell() else ""
        text = json.dumps(channel, indent=2, ensure_ascii=False).replace("\n", "\n    ")
        self._channels.write(f"{comma}\n    {json.dumps(room.key)}: {text}".encode())

    def _finish(self) -> None:
        self.volume.write("posts.csv", encoded(self._posts()))
        self.volume.write("metadata.json", self._metadata())

    def _posts(self) -> Iterator[str]:
        yield row(COLUMNS, "\n")
        yield from self._rows.rows()

    def _metadata(self) -> Iterator[bytes]:
        yield b'{\n  "Channels": {'
        self._channels.seek(0)
        yield from chunks_of(self._channels)
        self._channels.close()
        yield b"\n  },\n"
        start, end = self._bounds or (0, 0)
        totals = {"MessagesCount": 0, "AttachmentsCount": 0, **self._totals, "StartTime": start, "EndTime": end}
        yield json.dumps(totals, indent=2)[2:].encode() + b"\n"
