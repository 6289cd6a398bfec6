"""The tutorial's chat room as most people make it store: one ORM save for each message, then the group."""

from __future__ import annotations

import json

from channels.db import database_sync_to_async

from tests.bench.baselines.room.consumers import RoomConsumer
from tests.bench.baselines.stored_room.models import Message


class StoredRoomConsumer(RoomConsumer):
    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        message = json.loads(text_data or "{}")["message"]
        await self.save(message)
        await self.channel_layer.group_send(self.group, {"type": "chat.message", "message": message})

    @database_sync_to_async  # type: ignore[untyped-decorator]
    def save(self, body: str) -> None:
        Message(room=self.room, body=body).save()
