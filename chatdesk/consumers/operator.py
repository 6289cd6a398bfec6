"""The operator's socket, /ws/desk/."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Any, Concatenate, ParamSpec, TypeVar

import msgspec
from django.utils.translation import gettext as _

from accounts.audit import acting
from accounts.models import User
from chatdesk import pace
from chatdesk.actions import conversations
from chatdesk.actions.entries import check_body
from chatdesk.actions.waiting import set_hold
from chatdesk.consumers import beside, guarded
from chatdesk.consumers.desk_greeting import SignedIn, assignment, greet, sign_in, with_todays_rights
from chatdesk.consumers.greeting import check_version
from chatdesk.consumers.live import Live
from chatdesk.consumers.seats import Seat, first_part, operator_seat
from chatdesk.consumers.socket import Answer, Socket
from chatdesk.dbthreads import in_thread
from chatdesk.protocol import (
    Close,
    Code,
    DeskClose,
    DeskCommand,
    DeskHello,
    DeskPost,
    DeskRead,
    DeskResume,
    DeskTyping,
    Hold,
    Refused,
    SetPresence,
    Take,
    Touch,
    Transfer,
    Typing,
    frame,
)
from chatdesk.realtime import hub
from chatdesk.realtime.access import Holder
from chatdesk.realtime.standing import Standing
from routing.actions.presence import arrive, set_status
from routing.models import Status

P = ParamSpec("P")
T = TypeVar("T")

TYPING_GONE_AFTER = 6.0  # seconds


class OperatorSocket(Socket):
    decoder = msgspec.json.Decoder(DeskCommand)
    frames_burst = 120
    frames_per_minute = 1800

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._signed_in: SignedIn | None = None
        self._lives: dict[str, Live] = {}
        self._typing_timers: dict[str, asyncio.TimerHandle] = {}
        self._holds: set[str] = set()
        self._background: set[asyncio.Task[None]] = set()
        self.standing = Standing()
        self.noted_at = 0.0

    @property
    def me(self) -> SignedIn:
        if self._signed_in is None:
            raise Refused(Code.AUTH_REQUIRED, _("Please sign in."))
        return self._signed_in

    @property
    def address(self) -> str:
        return self.holder.address

    @property
    def holder(self) -> Holder:
        return self.me.holder

    @property
    def user_id(self) -> int:
        return self.me.user.pk

    @property
    def session_key(self) -> str:
        return self.me.session_key

    @property
    def group_slugs(self) -> frozenset[str] | None:
        rights = self.standing.rights
        return frozenset() if rights is None else rights.group_slugs

    async def connected(self) -> None:
        signed_in = await in_thread(sign_in, self.scope)
        if isinstance(signed_in, Close):
            self.close(signed_in)
        else:
            self._signed_in = signed_in

    async def disconnected(self) -> None:
        for task in self._background:
            task.cancel()
        self._leave_all()

    async def handle(self, command: Any) -> Answer:
        if not self.greeted and not isinstance(command, DeskHello):
            raise Refused(Code.CONFLICT, _("Say hello first."))
        with acting(self.me.user, self.address):
            await guarded.ask_rules(self)
            await guarded.note(self, command)
            return await HANDLERS[type(command)](self, command)

    def forget_seat(self, conversation_id: int) -> None:
        """Something about the conversation changed: ask again what this person may do there."""
        for live in self._lives.values():
            if live.conversation_id == conversation_id:
                live.seat.since = 0.0

    # --- what the rules say ---

    def forget_rights(self) -> None:
        """Rights changed: ask again, here and in every conversation."""
        self.standing.asked_at = 0.0
        for live in self._lives.values():
            live.seat.since = 0.0

    def tell_ending(self) -> None:
        guarded.tell_ending(self)

    async def review(self) -> None:
        """Leave the rooms of conversations that this person may no longer see."""
        for ref, live in list(self._lives.items()):
            live.seat.since = 0.0
            with contextlib.suppress(Refused):
                await self._live(ref)

    def withdraw(self, code: Close) -> None:
        """Close at once: nothing more is heard here, not even what was about to be sent."""
        self.drop_unsent()
        self.close(code)
        self._leave_all()

    def _leave_all(self) -> None:
        for ref in list(self._lives):
            self._stop_typing(ref)
            self._leave(ref)
        if self.greeted:
            hub.depart(self)

    # --- seats ---

    async def _live(self, ref: str) -> Live:
        """This socket's place in a conversation, authorised a moment ago. Raises Refused `conversation.unknown`."""
        live = self._lives.get(ref)
        if live is not None and live.seat.is_fresh:
            return live
        try:
            seat = await self._as_me(operator_seat, ref)
        except Refused:
            self._leave(ref)
            raise
        return self._sit(ref, seat)

    async def _as_me(self, verb: Callable[Concatenate[User, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run what a person may do or not, with the permissions they have by now."""
        user = self.me.user
        return await in_thread(lambda: with_todays_rights(verb, user, *args, **kwargs))

    def _sit(self, ref: str, seat: Seat) -> Live:
        live = self._lives.get(ref)
        if live is None:
            live = self._lives[ref] = Live(self, "operator", seat)
        else:
            live.sit(seat)
        return live

    def _leave(self, ref: str) -> None:
        live = self._lives.pop(ref, None)
        if live is not None:
            live.leave()

    # --- what the hub tells ---

    def assigned(self, conversation_id: int) -> None:
        task = asyncio.get_running_loop().create_task(self._show_assignment(conversation_id))
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    async def _show_assignment(self, conversation_id: int) -> None:
        event, seat = await in_thread(assignment, self.me.user, conversation_id)
        if event is None:
            return
        self.push(frame(event))
        if seat is None:
            self._leave(event.conversation)
            return
        seat.since = 0.0  # asked while things were changing: the next command asks again
        if event.conversation in self._lives:
            self._sit(event.conversation, seat)
        elif event.role:
            await self._sit(event.conversation, seat).enter(event.last_seq)
            hub.refresher.want_people(conversation_id)

    # --- commands ---

    async def _hello(self, command: DeskHello) -> Answer:
        if self.greeted:
            raise Refused(Code.CONFLICT, _("Hello was said already."))
        check_version(command.v)
        self.greeted = True
        hub.arrive(self)  # before asking what they hold, so that nothing given meanwhile is missed
        await in_thread(arrive, self.user_id)
        greeting = await in_thread(greet, self.me.user)
        for seat in greeting.seats:
            await self._sit(seat.place.ref, seat).enter(seat.place.head)
        return greeting.answer

    async def _touch(self, command: Touch) -> Answer:
        return {}

    async def _set_presence(self, command: SetPresence) -> Answer:
        await in_thread(set_status, self.user_id, Status(command.status))
        return {}

    async def _take(self, command: Take) -> Answer:
        await self._as_me(conversations.take, command.conversation)
        return await self._resume_from(command.conversation, command.after)

    async def _resume(self, command: DeskResume) -> Answer:
        answer = await self._resume_from(command.conversation, command.after)
        live = await self._live(command.conversation)
        if command.notes is not None:
            await live.catch_up_notes(command.notes)
        return {**answer, "last_note": live.seat.place.last_note}

    async def _resume_from(self, ref: str, after: int | None) -> Answer:
        live = await self._live(ref)
        last_seq = await live.enter(live.seat.place.head if after is None else after)
        hub.refresher.want_room(live.conversation_id)
        return {"last_seq": last_seq}

    async def _close(self, command: DeskClose) -> Answer:
        self._stop_typing(command.conversation)
        await self._as_me(conversations.close_by_operator, command.conversation)
        return {}

    async def _transfer(self, command: Transfer) -> Answer:
        if command.warm:
            return await beside.offer(self, command)
        self._stop_typing(command.conversation)
        ref, note = command.conversation, command.note
        await self._as_me(conversations.transfer, ref, command.group, command.operator, note=note)
        return {}

    async def _hold(self, command: Hold) -> Answer:
        await self._as_me(set_hold, command.conversation, command.on)
        (self._holds.add if command.on else self._holds.discard)(command.conversation)
        return {}

    async def _post(self, command: DeskPost) -> Answer:
        pace.check(pace.operator_posts, self.user_id)
        live = await self._live(command.conversation)
        if live.seat.refusal is not None:
            raise live.seat.refusal
        check_body(command.body, self.me.message_chars)
        if live.seat.offered:
            live = await self._begin(live)
        if live.seat.participant_id is None or live.seat.offered:
            part = await in_thread(first_part, self.me.user, live.conversation_id)
            live.sit(Seat(live.seat.place, part))
        self._stop_typing(command.conversation)
        written = await live.post(command.body, command.client_id, self.me.author)
        if command.conversation in self._holds:  # who answers is back
            self._holds.discard(command.conversation)
            with contextlib.suppress(Refused):  # what was written is stored, whatever became of the chat
                await self._as_me(set_hold, command.conversation, False)
        return {"seq": written.seq}

    async def _begin(self, live: Live) -> Live:
        """Accept what was offered. If that is no longer so, what this person may do there now. Raises Refused."""
        if await in_thread(conversations.begin, self.me.user, live.conversation_id):
            return live
        live.seat.since = 0.0
        live = await self._live(live.ref)
        if live.seat.refusal is not None:
            raise live.seat.refusal
        return live

    async def _read(self, command: DeskRead) -> Answer:
        (await self._live(command.conversation)).read(command.seq)
        return {}

    async def _type(self, command: DeskTyping) -> Answer:
        live = await self._live(command.conversation)
        if live.seat.refusal is None:
            self._tell_typing(live, on=True)
            self._cancel_timer(command.conversation)
            timer = asyncio.get_running_loop().call_later(TYPING_GONE_AFTER, self._stop_typing, command.conversation)
            self._typing_timers[command.conversation] = timer
        return {}

    def _stop_typing(self, ref: str) -> None:
        if self._cancel_timer(ref) and ref in self._lives:
            self._tell_typing(self._lives[ref], on=False)

    def _cancel_timer(self, ref: str) -> bool:
        timer = self._typing_timers.pop(ref, None)
        if timer is not None:
            timer.cancel()
        return timer is not None

    def _tell_typing(self, live: Live, *, on: bool) -> None:
        text = frame(Typing(conversation=live.ref, author=self.me.author, on=on))
        live.tell("visitor", text)
        live.tell("operator", text)


HANDLERS: dict[type, Callable[[OperatorSocket, Any], Awaitable[Answer]]] = {
    DeskHello: OperatorSocket._hello,
    SetPresence: OperatorSocket._set_presence,
    Touch: OperatorSocket._touch,
    Take: OperatorSocket._take,
    DeskClose: OperatorSocket._close,
    DeskResume: OperatorSocket._resume,
    Transfer: OperatorSocket._transfer,
    Hold: OperatorSocket._hold,
    DeskPost: OperatorSocket._post,
    DeskTyping: OperatorSocket._type,
    DeskRead: OperatorSocket._read,
    **beside.HANDLERS,
}
