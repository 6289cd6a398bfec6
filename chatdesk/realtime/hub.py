"""The process's switchboard: which sockets are in which room, and what happens when a notice is heard."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from chatdesk.protocol import Close
from chatdesk.realtime.access import Holder
from chatdesk.realtime.bus import Bus
from chatdesk.realtime.clock import Clock
from chatdesk.realtime.guard import Guard
from chatdesk.realtime.marks import MarkKeeper
from chatdesk.realtime.notes import NoteReader
from chatdesk.realtime.reader import Reader
from chatdesk.realtime.refresher import Refresher
from chatdesk.realtime.room import Item, Listener, Member, Room
from chatdesk.realtime.standing import Standing


class DeskListener(Listener, Protocol):
    """An operator's socket."""

    @property
    def user_id(self) -> int: ...

    @property
    def session_key(self) -> str: ...

    @property
    def holder(self) -> Holder: ...

    @property
    def standing(self) -> Standing: ...

    @property
    def group_slugs(self) -> frozenset[str] | None: ...  # None: sees every group

    def assigned(self, conversation_id: int) -> None: ...

    def forget_rights(self) -> None: ...

    def tell_ending(self) -> None: ...

    async def review(self) -> None: ...

    def withdraw(self, code: Close) -> None: ...

    def close(self, code: Close) -> None: ...


class VisitorListener(Listener, Protocol):
    """A visitor's socket; it waits in the lobby before the first message."""

    shown: tuple[str, str]  # its button, and the language of its page
    last_button_state: str

    def close(self, code: Close) -> None: ...


AnyListener = DeskListener | VisitorListener


class Hub:
    def __init__(self) -> None:
        self.loop: asyncio.AbstractEventLoop | None = None
        self._reset()

    def _reset(self) -> None:
        self.rooms: dict[int, Room] = {}
        self.operators: defaultdict[int, set[DeskListener]] = defaultdict(set)
        self.lobby: set[VisitorListener] = set()
        self.visitors: set[VisitorListener] = set()
        self._tasks: list[asyncio.Task[None]] = []

    # --- life ---

    def ensure_started(self) -> None:
        """Run on the current loop from now on; a no-op once it does. Servers without a start hook call it lazily."""
        loop = asyncio.get_running_loop()
        if self.loop is loop:
            return
        self.loop = loop
        self._reset()
        self.bus = Bus(self.hear)
        self.reader = Reader(self)
        self.notes = NoteReader(self)
        self.refresher = Refresher(self)
        self.marks = MarkKeeper(self)
        self.clock = Clock(self)
        self.guard = Guard(self)
        self._tasks = [loop.create_task(self.bus.listen()), *self.clock.start()]

    async def shutdown(self) -> None:
        """Say good-bye to every socket and stop. Clients come back after a moment of chance."""
        for listener in self.everyone():
            listener.close(Close.RESTART)
        await asyncio.sleep(0.05)
        if self.loop is not None:
            await self.marks.flush()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self.loop = None
        self._reset()

    def call_soon(self, function: Callable[..., None], *args: Any) -> bool:
        """Run on the hub's loop, from any thread. False when this process has no hub, as in a worker."""
        loop = self.loop
        if loop is None or loop.is_closed() or not loop.is_running():
            return False
        loop.call_soon_threadsafe(function, *args)
        return True

    # --- notices ---

    def spread(self, notice: list[Any]) -> None:
        """Act on a notice here and tell the other processes."""
        self.bus.send(notice)
        self.hear(notice)

    def hear(self, notice: list[Any]) -> None:
        kind, *what = notice
        getattr(self, f"_hear_{kind}")(*what)

    def _hear_probe(self) -> None:
        """Another process tries whether it hears itself."""

    def _hear_head(self, conversation_id: int, seq: int) -> None:
        room = self.rooms.get(conversation_id)
        if room is not None and seq > room.head:
            self.reader.want(room)

    def _hear_note(self, conversation_id: int, number: int) -> None:
        room = self.rooms.get(conversation_id)
        if room is not None and number > room.last_note:
            self.notes.want(room)

    def _hear_people(self, conversation_id: int) -> None:
        if conversation_id in self.rooms:
            self.refresher.want_people(conversation_id)

    def _hear_invitation(self, invitation_id: int) -> None:
        self.refresher.want_invitation(invitation_id)

    def _hear_state(self, conversation_id: int) -> None:
        room = self.rooms.get(conversation_id)
        if room is not None:
            for member in room.members:
                member.listener.forget_seat(conversation_id)
            self.refresher.want_conversation(conversation_id)

    def _hear_queue(self) -> None:
        self.refresher.want_queue()

    def _hear_assigned(self, conversation_id: int, user_id: int) -> None:
        for listener in list(self.operators.get(user_id, ())):
            listener.assigned(conversation_id)

    def _hear_offered(self, conversation_id: int) -> None:
        self.refresher.want_offer(conversation_id)

    def _hear_presence(self, user_id: int) -> None:
        self.refresher.want_presence(user_id)

    def _hear_signout(self, session_key: str) -> None:
        for listener in list(self.all_operators()):
            if listener.session_key == session_key:
                listener.withdraw(Close.NOT_SIGNED_IN)

    def _hear_access(self, user_id: int) -> None:
        """Somebody's rights changed; 0: those of many, a rule of a user type."""
        for listener in self.all_operators():
            if user_id in (0, listener.user_id):
                listener.forget_rights()
        self.guard.check_soon()

    def _hear_typing(self, conversation_id: int, whom: str, text: str) -> None:
        """A ready frame for some of a room: typing marks and previews, from memory to memory."""
        room = self.rooms.get(conversation_id)
        if room is not None:
            room.tell(text, whom)

    def _hear_marks(self, conversation_id: int, side: str, delivered: int, read: int) -> None:
        room = self.rooms.get(conversation_id)
        if room is not None and room.marks[side].raise_to(delivered, read):
            self.marks.show(room, side)

    # --- rooms ---

    def join(self, member: Member, conversation_id: int, ref: str, head: int, last_note: int) -> Room:
        room = self.rooms.get(conversation_id)
        if room is None:
            room = self.rooms[conversation_id] = Room(conversation_id, ref, head, last_note=last_note)
        if member not in room.members:
            room.members.append(member)
        return room

    def leave(self, room: Room, member: Member) -> None:
        if member in room.members:
            room.members.remove(member)
        if not room.members and self.rooms.get(room.conversation_id) is room:
            del self.rooms[room.conversation_id]

    def deliver(self, conversation_id: int, items: Sequence[Item]) -> None:
        """Entries that this process has just committed: to its own sockets at once, to the others a hint."""
        self.bus.send(["head", conversation_id, items[-1].seq])
        room = self.rooms.get(conversation_id)
        if room is None:
            return
        if not room.deliver(items):
            self.reader.want(room)
        self.marks.delivered(room)

    def tell_typing(self, conversation_id: int, whom: str, text: str, *, but: Listener | None = None) -> None:
        self.bus.send(["typing", conversation_id, whom, text])
        room = self.rooms.get(conversation_id)
        if room is not None:
            room.tell(text, whom, but=but)

    # --- people ---

    def everyone(self) -> list[AnyListener]:
        return [*self.all_operators(), *self.visitors]

    def all_operators(self) -> list[DeskListener]:
        return [listener for listeners in self.operators.values() for listener in listeners]

    def arrive(self, listener: DeskListener) -> None:
        self.operators[listener.user_id].add(listener)

    def depart(self, listener: DeskListener) -> None:
        self.operators[listener.user_id].discard(listener)
        if not self.operators[listener.user_id]:
            del self.operators[listener.user_id]


hub = Hub()
