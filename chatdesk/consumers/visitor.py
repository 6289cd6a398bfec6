"""The visitor's socket, /ws/visitor/."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import msgspec
from django.utils.translation import gettext as _

from accounts.addresses import socket_address, subscriber
from chatdesk import pace
from chatdesk.actions import conversations
from chatdesk.actions.entries import check_body
from chatdesk.actions.waiting import choose
from chatdesk.consumers.greeting import Greeting, greet
from chatdesk.consumers.live import Live
from chatdesk.consumers.seats import Seat, visitor_seat
from chatdesk.consumers.socket import Answer, Socket, reserved
from chatdesk.consumers.visitor_typing import VisitorTypingMark
from chatdesk.dbthreads import in_thread
from chatdesk.hiding import hidden_preview
from chatdesk.models import Conversation
from chatdesk.protocol import (
    Author,
    Choose,
    Code,
    RatingPost,
    Refused,
    StartConversation,
    VisitorClose,
    VisitorCommand,
    VisitorHello,
    VisitorPost,
    VisitorRead,
    VisitorResume,
    VisitorTyping,
    frame,
)
from chatdesk.realtime import hub


class VisitorSocket(Socket):
    decoder = msgspec.json.Decoder(VisitorCommand)

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._greeting: Greeting | None = None
        self._live: Live | None = None
        self._typing = VisitorTypingMark()
        self.shown = ("", "")
        self.last_button_state = ""

    async def handle(self, command: Any) -> Answer:
        if not isinstance(command, VisitorHello):
            self._greeted()
        return await HANDLERS[type(command)](self, command)

    async def disconnected(self) -> None:
        hub.lobby.discard(self)
        hub.visitors.discard(self)
        if self._live is not None:
            self._typing.stop(self._live)
            self._live.leave()
        self._live = self._greeting = None

    def forget_seat(self, conversation_id: int) -> None:
        """Nothing: a visitor's own conversation stays theirs."""

    def _greeted(self) -> Greeting:
        if self._greeting is None:
            raise Refused(Code.CONFLICT, _("Say hello first."))
        return self._greeting

    def _live_now(self) -> Live:
        if self._live is None:
            raise Refused(Code.UNKNOWN, _("There is no conversation yet."))
        return self._live

    # --- commands ---

    async def _hello(self, command: VisitorHello) -> Answer:
        if self._greeting is not None:
            raise Refused(Code.CONFLICT, _("Hello was said already."))
        greeting = await in_thread(greet, command, self.scope)
        self._greeting = greeting
        self.greeted = True
        self.shown = (greeting.button.slug, greeting.language)
        self.last_button_state = frame(greeting.state)
        hub.visitors.add(self)
        last_seq = 0
        if greeting.seat is None:
            hub.lobby.add(self)
        else:
            last_seq = await self._enter(greeting.seat, command.after)
        return greeting.answer(last_seq)

    async def _enter(self, seat: Seat, after: int | None) -> int:
        hub.lobby.discard(self)
        self._live = Live(self, "visitor", seat)
        last_seq = await self._live.enter(seat.place.head if after is None else after)
        hub.refresher.want_conversation(seat.place.conversation_id)
        return last_seq

    async def _start(self, command: StartConversation) -> Answer:
        greeting = self._greeted()
        pace.check(pace.starts, subscriber(socket_address(self.scope.get("client"), self.scope["headers"])))
        started = await in_thread(
            conversations.start,
            greeting.button,
            greeting.visitor,
            command.client_id,
            command.body,
            group_slug=command.group,
            fields=command.fields,
        )
        token = started.token or greeting.token
        self._greeting = replace(greeting, visitor=started.conversation.visitor, token=token)
        await self._move_into(started.conversation)
        return {"conversation": started.conversation.ref, "token": token, "seq": started.seq}

    async def _move_into(self, conversation: Conversation) -> None:
        if self._live is not None and self._live.conversation_id == conversation.pk:
            return
        if self._live is not None:
            self._live.leave()
        await self._enter(await in_thread(visitor_seat, conversation), 0)

    async def _post(self, command: VisitorPost) -> Answer:
        live = self._live_now()
        pace.check(pace.visitor_posts, live.conversation_id)
        check_body(command.body, self._greeted().limits.message_chars)
        self._typing.stop(live)
        written = await live.post(command.body, command.client_id, self._author())
        return {"seq": written.seq}

    def _author(self) -> Author:
        return Author(kind="visitor", name=self._greeted().name)

    async def _resume(self, command: VisitorResume) -> Answer:
        return {"last_seq": await self._live_now().enter(command.after)}

    async def _read(self, command: VisitorRead) -> Answer:
        self._live_now().read(command.seq)
        return {}

    async def _type(self, command: VisitorTyping) -> Answer:
        if self._live is not None:
            text = command.text and await hidden_preview(command.text)
            if self._live is not None:  # it may be left meanwhile
                self._typing.heard(self._live, self._greeted().preview, text)
        return {}

    async def _close(self, command: VisitorClose) -> Answer:
        live = self._live_now()
        self._typing.stop(live)
        await in_thread(conversations.close_by_visitor, live.conversation_id)
        return {}

    async def _choose(self, command: Choose) -> Answer:
        live = self._live_now()
        pace.check(pace.visitor_posts, live.conversation_id)
        await in_thread(choose, live.conversation_id, command.choice, command.email)
        return {}

    async def _rate(self, command: RatingPost) -> Answer:
        raise reserved()


HANDLERS: dict[type, Callable[[VisitorSocket, Any], Awaitable[Answer]]] = {
    VisitorHello: VisitorSocket._hello,
    StartConversation: VisitorSocket._start,
    VisitorPost: VisitorSocket._post,
    VisitorResume: VisitorSocket._resume,
    VisitorRead: VisitorSocket._read,
    VisitorTyping: VisitorSocket._type,
    VisitorClose: VisitorSocket._close,
    Choose: VisitorSocket._choose,
    RatingPost: VisitorSocket._rate,
}
