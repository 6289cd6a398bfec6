"""Delivery and read marks: one high-water number a side and room, shown at most four times a second, stored once."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING

from django.db import connection

from chatdesk.dbthreads import in_thread
from chatdesk.protocol import EntryRead, frame
from chatdesk.realtime.room import Marks, Room

if TYPE_CHECKING:
    from chatdesk.realtime.hub import Hub

OTHER = {"visitor": "operator", "operator": "visitor"}


def store(marks: list[tuple[int, int, int]]) -> None:
    """Write (delivered, read, participant id), by primary key; numbers only rise."""
    most = "GREATEST" if connection.vendor == "postgresql" else "MAX"
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE chatdesk_participant SET delivered_seq = {most}(delivered_seq, %s),"  # noqa: S608 - two constants
            f" read_seq = {most}(read_seq, %s) WHERE id = %s",
            [list(mark) for mark in sorted(marks, key=itemgetter(2))],
        )


class MarkKeeper:
    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._changed: set[tuple[Room, str]] = set()
        self._unstored: dict[int, Marks] = {}
        self._waiting: set[Room] = set()

    def delivered(self, room: Room) -> None:
        """Entries have gone out to the room's sockets; looked at when the next beat comes."""
        self._waiting.add(room)

    def read(self, room: Room, side: str, participant_id: int | None, seq: int) -> None:
        """A reader has seen everything up to `seq`; never beyond what there is, never less than before."""
        self._raise(room, side, participant_id, 0, min(seq, room.head))

    def show(self, room: Room, side: str) -> None:
        marks = room.marks[side]
        event = EntryRead(conversation=room.ref, reader=side, seq=marks.read, delivered=marks.delivered)
        room.tell(frame(event), OTHER[side])

    def beat(self) -> None:
        """Show and spread what has risen since the last beat."""
        waiting, self._waiting = self._waiting, set()
        for room in waiting:
            for member in room.members:
                if member.seq:
                    self._raise(room, member.side, member.participant_id, member.seq, 0)
        changed, self._changed = self._changed, set()
        for room, side in changed:
            marks = room.marks[side]
            self._hub.bus.send(["marks", room.conversation_id, side, marks.delivered, marks.read])
            self.show(room, side)

    def _raise(self, room: Room, side: str, participant_id: int | None, delivered: int, read: int) -> None:
        if participant_id is None:
            return
        if room.marks[side].raise_to(delivered, read):
            self._changed.add((room, side))
        self._unstored.setdefault(participant_id, Marks()).raise_to(delivered, read)

    async def flush(self) -> None:
        """Store what has risen."""
        unstored, self._unstored = self._unstored, {}
        if unstored:
            await in_thread(store, [(marks.delivered, marks.read, key) for key, marks in unstored.items()])
