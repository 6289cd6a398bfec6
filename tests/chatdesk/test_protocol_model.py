"""Two visitors and two operators do whatever comes to mind; the model knows what each must be answered and see."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from itertools import count
from typing import Any, ClassVar

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from pytest_django.fixtures import Settings

from chatdesk.models import Conversation, Entry
from routing.models import Group, Membership, Policy, Presence, Request, State
from tests.chatdesk.protocol_model import CONFLICT, Refusal, Screen, Thread
from tests.factories import Cast
from tests.sockets import Frame, SocketClient, running_sockets

VISITORS, OPERATORS = ("vera", "walt"), ("alice", "bob")
EVERYBODY = (*VISITORS, *OPERATORS)
HOLDER = "whoever holds it"
everybody, visitors = st.sampled_from(EVERYBODY), st.sampled_from(VISITORS)
operators = st.sampled_from((HOLDER, HOLDER, *OPERATORS))
places = st.integers(0, 3)  # which conversation, which earlier message: 0 is the newest
Wait = Coroutine[Any, Any, Any]


class Client:
    """One person's browser: at most one line, and a screen for each conversation that outlives it."""

    def __init__(self) -> None:
        self.line: SocketClient | None = None
        self.screens: dict[str, Screen] = {}
        self.watching: set[str] = set()  # the conversations this line is live in
        self.sent: list[tuple[Thread, str, str]] = []  # what was posted, to be said again: where, client id, text
        self.token = ""
        self._heard = 0

    def screen(self, ref: str) -> Screen:
        return self.screens.setdefault(ref, Screen())

    def look(self) -> None:
        """Show what the line brought since the last look."""
        frames = self.line.frames[self._heard :] if self.line else []
        self._heard += len(frames)
        for frame in frames:
            if frame["type"] == "entry.posted":
                self.screen(frame["conversation"]).hear(frame["seq"], frame["kind"], frame["body"])

    def shows(self, thread: Thread) -> bool:
        self.look()
        return self.screen(thread.ref).last == thread.last

    async def vanish(self) -> None:
        if self.line is not None:
            self.look()
            await self.line.vanish()
        self.line, self._heard = None, 0
        self.watching.clear()


class Desk(RuleBasedStateMachine):
    cast: ClassVar[Cast]

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.stage = running_sockets()
        self.sockets = self.runner.run(self.stage.__aenter__())
        self.clients = {name: Client() for name in EVERYBODY}
        self.users = {name: getattr(self.cast, name) for name in OPERATORS}
        self.own: dict[str, Thread] = {}  # by visitor: the newest
        self.threads: list[Thread] = []
        self.here: set[str] = set()  # operators whose lease lasts
        self.numbers = count(1)

    def teardown(self) -> None:
        try:
            self.compare_with_the_database()
        finally:
            self.runner.run(self.stage.__aexit__(None, None, None))
            self.runner.close()
            sweep_the_floor()

    def compare_with_the_database(self) -> None:
        for thread in self.threads:
            rows = Entry.objects.filter(conversation__ref=thread.ref).order_by("seq")
            stored = [(row.kind, row.body if row.kind == "message" else "") for row in rows]
            assert stored == thread.entries
            assert [row.seq for row in rows] == list(range(1, thread.last + 1))
            request = Request.objects.get(conversation__ref=thread.ref)
            assert request.state == thread.state
            assert thread.closed or request.operator == self.users.get(thread.owner)

    # --- doing, and comparing ---

    def do(self, step: Wait) -> None:
        """Carry a step out, and then see that everybody who watches shows what the model has."""
        self.runner.run(self._step(step))

    async def _step(self, step: Wait) -> None:
        await step
        for client in self.clients.values():
            for thread in self.threads:
                if client.line is not None and thread.ref in client.watching:
                    await self._is_shown(client, client.line, thread)

    async def _is_shown(self, client: Client, line: SocketClient, thread: Thread) -> None:
        await line.until(lambda: client.shows(thread))
        screen = client.screen(thread.ref)
        assert screen.holes == []
        assert screen.shown == thread.entries

    def thread(self, place: int) -> Thread:
        return self.threads[-1 - place % len(self.threads)]

    async def connected(self, who: str) -> Client:
        """The person's browser, which has dialled again if its line was gone."""
        if self.clients[who].line is None:
            await (self._connect(who) if who in VISITORS else self._arrive(who))
        return self.clients[who]

    def at_work(self, who: str, thread: Thread) -> str:
        return who if who != HOLDER else thread.owner or OPERATORS[0]

    async def ask(self, who: str, expected: Callable[[], Any], kind: str, **fields: Any) -> Frame | None:
        """Say it, and compare the answer with the model's. The answer if it was `ok`."""
        line = (await self.connected(who)).line
        assert line is not None
        answer = await line.command(kind, **fields)
        refused, number = self.foretell(expected)
        if refused:
            assert (answer["type"], answer.get("code"), answer["retry"]) == ("error", refused, False), (kind, fields)
            return None
        assert answer["type"] == "ok", (kind, fields, answer)
        assert number is None or answer["seq"] == number, (kind, fields, answer)
        return answer

    def foretell(self, expected: Callable[[], Any]) -> tuple[str, Any]:
        """The model's answer: (the code of a refusal, or nothing; what it gives)."""
        try:
            return "", expected()
        except Refusal as refusal:
            return str(refusal), None

    async def watch(self, who: str, thread: Thread, after: int | None = None) -> None:
        """Resume: exactly n+1 to the last comes, before the answer."""
        client = await self.connected(who)
        assert client.line is not None
        client.look()
        start = client.screen(thread.ref).last if after is None else after
        before = len(client.line.frames)
        where = {"conversation": thread.ref} if who in OPERATORS else {}
        answer = await client.line.command("conversation.resume", after=start, **where)
        assert (answer["type"], answer["last_seq"]) == ("ok", thread.last)
        until_answer = client.line.frames[before : client.line.frames.index(answer)]
        sent = [f["seq"] for f in until_answer if f["type"] == "entry.posted" and f["conversation"] == thread.ref]
        assert sent == list(range(start + 1, thread.last + 1))
        client.watching.add(thread.ref)

    # --- everybody ---

    @initialize(taken=st.integers(0, 2))
    def begin(self, taken: int) -> None:
        """Everybody is here and both visitors have said something, so that each order of events can go wrong."""
        for name in VISITORS:
            self.do(self._start(name))
        for name in OPERATORS:
            self.do(self._arrive(name))
        for name, thread in list(zip(OPERATORS, self.threads, strict=True))[:taken]:
            self.do(self._take(name, thread))

    @rule(who=everybody)
    def lose_the_line(self, who: str) -> None:
        self.do(self.clients[who].vanish())

    @rule(who=everybody, place=places, after=st.integers(0, 12))
    def resume(self, who: str, place: int, after: int) -> None:
        thread = self.own[who] if who in VISITORS else self.thread(place)
        self.do(self.watch(who, thread, min(after, self.clients[who].screen(thread.ref).last)))

    @rule(who=everybody, place=places)
    def say_again(self, who: str, place: int) -> None:
        """An earlier message, as if its answer had been lost."""
        own = [each for each in self.clients[who].sent if who in OPERATORS or each[0] is self.own[who]]
        if own:
            self.do(self._post(who, *own[-1 - place % len(own)]))

    async def _post(self, who: str, thread: Thread, client_id: str, body: str) -> None:
        if who in VISITORS:
            await self.ask(who, lambda: thread.post("", client_id, body), "entry.post", client_id=client_id, body=body)
        else:
            fields = {"conversation": thread.ref, "client_id": client_id, "body": body}
            await self.ask(who, lambda: thread.post_by_operator(who, client_id, body), "entry.post", **fields)

    def new_words(self, who: str, thread: Thread) -> tuple[Thread, str, str]:
        number = next(self.numbers)
        words = (thread, f"{who}-{number}", f"{who} says {number}")
        self.clients[who].sent.append(words)
        return words

    # --- visitors ---

    async def _connect(self, who: str) -> None:
        client, thread = self.clients[who], self.own.get(who)
        if thread is None:
            client.line = await self.sockets.visitor()
            return
        client.line = await self.sockets.visitor(token=client.token, after=client.screen(thread.ref).last)
        hello = client.line.heard("ok")[0]
        assert (hello["conversation"], hello["last_seq"]) == (thread.ref, thread.last)
        client.watching.add(thread.ref)

    @rule(who=visitors)
    def start(self, who: str) -> None:
        self.do(self._start(who))

    async def _start(self, who: str) -> None:
        """Refused while the visitor has an open conversation; else entry 1 of a new one."""
        client, number, earlier = self.clients[who], next(self.numbers), self.own.get(who)
        fields = {"client_id": f"{who}-{number}", "body": f"{who} begins {number}"}
        answer = await self.ask(who, lambda: may_start(earlier), "conversation.start", **fields)
        if answer is not None:
            thread = self.own[who] = Thread(answer["conversation"])
            assert thread.post("", fields["client_id"], fields["body"]) == 1
            client.sent.append((thread, fields["client_id"], fields["body"]))
            client.token = answer["token"]
            client.watching = {thread.ref}
            self.threads.append(thread)

    @rule(who=visitors)
    def ask_something(self, who: str) -> None:
        self.do(self._post(who, *self.new_words(who, self.own[who])))

    @rule(who=visitors)
    def end_it(self, who: str) -> None:
        thread = self.own[who]
        self.do(self.ask(who, lambda: thread.close(""), "conversation.close"))

    # --- operators ---

    async def _arrive(self, who: str) -> None:
        client = self.clients[who]
        client.line = await self.sockets.operator(self.users[who])
        self.here.add(who)
        told = {each["id"]: (each["state"], each["last_seq"]) for each in client.line.heard("ok")[0]["conversations"]}
        mine = [thread for thread in self.threads if thread.owner == who and not thread.closed]
        assert told == {thread.ref: (thread.state, thread.last) for thread in mine}
        for thread in mine:
            await self.watch(who, thread)

    @rule(who=operators, place=places)
    def take(self, who: str, place: int) -> None:
        thread = self.thread(place)
        self.do(self._take(self.at_work(who, thread), thread))

    async def _take(self, who: str, thread: Thread) -> None:
        after = (await self.connected(who)).screen(thread.ref).last
        fields = {"conversation": thread.ref, "after": after}
        if await self.ask(who, lambda: thread.take(who), "conversation.take", **fields):
            self.clients[who].watching.add(thread.ref)

    @rule(who=operators, place=places)
    def answer(self, who: str, place: int) -> None:
        thread = self.thread(place)
        who = self.at_work(who, thread)
        self.do(self._post(who, *self.new_words(who, thread)))

    @rule(who=operators, place=places, to=st.sampled_from(("", *OPERATORS)))
    def hand_on(self, who: str, place: int, to: str) -> None:
        thread = self.thread(place)
        self.do(self._hand_on(self.at_work(who, thread), thread, to))

    async def _hand_on(self, who: str, thread: Thread, to: str) -> None:
        target = {"operator": self.users[to].pk} if to else {"group": "support"}
        given = thread.owner != to
        done = await self.ask(
            who,
            lambda: thread.transfer(who, to, is_here=to in self.here),
            "conversation.transfer",
            conversation=thread.ref,
            **target,
        )
        colleague = self.clients[to].line if to else None
        if done and given and colleague is not None:
            told = {"conversation": thread.ref, "last_seq": thread.last}
            await colleague.until(lambda: colleague.heard("conversation.assigned", **told))
            await self.watch(to, thread)
        await self._post(who, *self.new_words(who, thread))  # who gave it away has no say any more, at once

    @rule(who=operators, place=places)
    def close(self, who: str, place: int) -> None:
        thread = self.thread(place)
        who = self.at_work(who, thread)
        self.do(self.ask(who, lambda: thread.close(who), "conversation.close", conversation=thread.ref))

    @rule(who=visitors)
    def talk_over_each_other(self, who: str) -> None:
        """The visitor and whoever holds the conversation send three messages each without waiting."""
        thread = self.own[who]
        if not thread.closed:
            self.do(self._burst([name for name in (who, thread.owner) if name], thread))

    async def _burst(self, sides: list[str], thread: Thread) -> None:
        for name in sides:
            await self.connected(name)
        said: list[tuple[str, str, str, SocketClient, str]] = []
        for name in sides * 3:
            line = (await self.connected(name)).line
            assert line is not None
            _thread, client_id, body = self.new_words(name, thread)
            where = {"conversation": thread.ref} if name in OPERATORS else {}
            said.append((name, client_id, body, line, line.say("entry.post", client_id=client_id, body=body, **where)))
        numbers = [(await line.answer_to(command_id))["seq"] for *_words, line, command_id in said]
        for seq, (name, client_id, body, *_line) in sorted(zip(numbers, said, strict=True), key=lambda each: each[0]):
            assert thread.post(name if name in OPERATORS else "", client_id, body) == seq
        for name in sides:  # each side's own messages keep their order
            mine = [seq for seq, each in zip(numbers, said, strict=True) if each[0] == name]
            assert mine == sorted(mine)


def may_start(earlier: Thread | None) -> int:
    if earlier is not None and not earlier.closed:
        raise Refusal(CONFLICT)
    return 1


def sweep_the_floor() -> None:
    """The next example begins with nobody here and nothing open."""
    now = timezone.now()
    Request.objects.exclude(state=State.CLOSED).update(state=State.CLOSED, closed_at=now)
    Conversation.objects.filter(closed_at=None).update(closed_at=now)
    Presence.objects.update(lease_until=now, is_here=False)


@pytest.mark.timeout(180)
def test_whatever_they_do_everybody_sees_what_the_model_says(
    transactional_db: None, cast: Cast, settings: Settings
) -> None:
    settings.LIMITS = False
    Group.objects.update(policy=Policy.MANUAL)
    for user in (cast.alice, cast.bob):
        for group in (cast.sales, cast.support):
            Membership.objects.update_or_create(user=user, group=group, defaults={"chat_limit": 20})
    Desk.cast = cast
    run_state_machine_as_test(Desk, settings=DICE)


DICE = settings(
    max_examples=12,
    stateful_step_count=30,
    deadline=None,
    database=None,
    phases=[Phase.generate],  # a failure shows its steps; making them fewer would take minutes
    suppress_health_check=list(HealthCheck),
)
