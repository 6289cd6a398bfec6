"""Notes on their way to people at the desk: read by number from their own table, and never given to a visitor."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from django.db import DatabaseError
from django.db.models import Q

from chatdesk.dbthreads import in_thread
from chatdesk.entry_view import note_event
from chatdesk.models import Conversation, Note
from chatdesk.protocol import NotePosted, frame
from chatdesk.realtime.room import Member, Room

if TYPE_CHECKING:
    from chatdesk.realtime.hub import Hub

TRY_AGAIN_AFTER = 1.0  # seconds

log = logging.getLogger(__name__)


def note_heads_of(conversation_ids: list[int]) -> dict[int, int]:
    return dict(Conversation.objects.filter(pk__in=conversation_ids).values_list("pk", "last_note"))


def notes_after(after: dict[int, int]) -> dict[int, list[NotePosted]]:
    """The notes of several conversations after the number given for each, in order."""
    found: dict[int, list[NotePosted]] = defaultdict(list)
    if after:
        wanted = reduce(or_, (Q(conversation_id=key, number__gt=number) for key, number in after.items()))
        for note in Note.objects.filter(wanted).select_related("author", "conversation"):
            found[note.conversation_id].append(note_event(note))
    return found


class NoteReader:
    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._wanted: dict[int, Room] = {}
        self._task: asyncio.Task[None] | None = None

    def want(self, room: Room) -> None:
        """Read the notes that the room's desk has not heard, soon."""
        self._wanted[room.conversation_id] = room
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._run())

    async def _run(self) -> None:
        while self._wanted:
            rooms, self._wanted = self._wanted, {}
            try:
                found = await in_thread(notes_after, {key: room.last_note for key, room in rooms.items()})
            except DatabaseError as error:
                log.warning("New notes could not be read (%s); trying again.", type(error).__name__)
                self._wanted = {**rooms, **self._wanted}
                await asyncio.sleep(TRY_AGAIN_AFTER)
                continue
            for key, room in rooms.items():
                room.tell_notes(found.get(key, []))

    async def catch_up(self, room: Room, member: Member, after: int) -> None:
        """Give a member at the desk every note after `after`; one that arrives meanwhile may come twice."""
        for note in (await in_thread(notes_after, {room.conversation_id: after})).get(room.conversation_id, []):
            member.listener.push(frame(note))

    async def compare(self) -> None:
        """Look for notes whose hint was lost."""
        for key, last in (await in_thread(note_heads_of, list(self._hub.rooms))).items():
            room = self._hub.rooms.get(key)
            if room is not None and last > room.last_note:
                self.want(room)
