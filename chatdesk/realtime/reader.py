"""Reads entries that a room's sockets lack: once for the room, many rooms in one query."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING

from django.db import DatabaseError

from chatdesk import metrics
from chatdesk.dbthreads import in_thread
from chatdesk.models import Conversation
from chatdesk.realtime.missing import entries_after
from chatdesk.realtime.room import Member, Room

if TYPE_CHECKING:
    from chatdesk.realtime.hub import Hub

PAGE = 200  # entries a query
ROOMS = 100  # rooms a query
TRY_AGAIN_AFTER = 1.0  # seconds

log = logging.getLogger(__name__)


def heads_of(conversation_ids: list[int]) -> dict[int, int]:
    return dict(Conversation.objects.filter(pk__in=conversation_ids).values_list("pk", "last_seq"))


class Reader:
    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._wanted: dict[int, Room] = {}
        self._since: dict[int, float] = {}
        self._task: asyncio.Task[None] | None = None

    def want(self, room: Room) -> None:
        """Read what the room lacks, soon."""
        self._wanted[room.conversation_id] = room
        self._since.setdefault(room.conversation_id, time.monotonic())
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._run())

    async def _run(self) -> None:
        while self._wanted:
            rooms = [self._wanted.pop(key) for key in list(self._wanted)[:ROOMS]]
            try:
                found = await in_thread(entries_after, {room.conversation_id: room.oldest_missing() for room in rooms})
            except DatabaseError as error:
                log.warning("New entries could not be read (%s); trying again.", type(error).__name__)
                self._wanted.update({room.conversation_id: room for room in rooms})
                await asyncio.sleep(TRY_AGAIN_AFTER)
                continue
            for room in rooms:
                room.deliver(found.get(room.conversation_id, []))
                metrics.HUB_LAG.observe(time.monotonic() - self._since.pop(room.conversation_id, time.monotonic()))
                self._hub.marks.delivered(room)

    async def catch_up(self, room: Room, member: Member, after: int) -> int:
        """Give a member every entry after `after`, then keep it live, with nothing missing between; the last number."""
        member.seq = None
        if after > room.head:  # a client may name any number; only the database says whether that many are there
            after = min(after, (await in_thread(heads_of, [room.conversation_id])).get(room.conversation_id, 0))
        while True:
            page = (await in_thread(entries_after, {room.conversation_id: after}, PAGE)).get(room.conversation_id, [])
            for item in page:
                mine = item.participant_id is not None and item.participant_id == member.participant_id
                member.listener.push(item.text_for_author if mine else item.text)
                after = item.seq
            if len(page) < PAGE and room.head <= after:
                member.seq = room.head = after
                self._hub.marks.delivered(room)
                if room.oldest_missing() < after:  # the hint of what this one has read never came
                    self.want(room)
                return after

    async def compare_heads(self) -> dict[int, int]:
        """Every room's head as the database has it; what is behind gets read."""
        heads = await in_thread(heads_of, list(self._hub.rooms))
        for conversation_id, head in heads.items():
            room = self._hub.rooms.get(conversation_id)
            if room is not None and head > room.oldest_missing():
                self.want(room)
        return heads
