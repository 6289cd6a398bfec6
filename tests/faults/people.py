"""Visitors and operators as programs that do not give up: they resend what was not acknowledged, and come back."""

from __future__ import annotations

import asyncio
import random
import uuid
from abc import ABC, abstractmethod
from typing import Any

from tests.faults.history import Attempt, History, Seen
from tests.faults.line import AsyncLine, Frame, LineLost

PAUSE = (0.7, 1.5)  # seconds between a person's messages: a visitor may send 60 a minute
BACK_WITHIN = 0.8  # seconds of chance before a new line


class Person(ABC):
    def __init__(self, name: str, url: str, history: History, stop: asyncio.Event) -> None:
        self.name, self.url, self.history, self.stop = name, url, history, stop
        self.pending: Attempt | None = None
        self.line: AsyncLine
        self._number = 0
        self._missing: set[str] = set()

    async def live(self) -> None:
        """Until `stop` is set and nothing is left to say."""
        while not (self.stop.is_set() and self.pending is None):
            try:
                await self.spend_a_line()
            except LineLost:
                await asyncio.sleep(random.uniform(0.05, BACK_WITHIN))

    @abstractmethod
    async def spend_a_line(self) -> None:
        """Connect, and talk until the line is lost (LineLost) or all is said."""

    async def greet(self, **hello: Any) -> Frame:
        answer = await self.line.command("hello", v=1, **hello)
        if answer["type"] != "ok":
            raise LineLost(answer["code"])
        self.history.lines += 1
        return answer

    def hear(self, frame: Frame) -> None:
        if frame["type"] == "entry.posted":
            ref = frame["conversation"]
            seen = Seen(frame["seq"], frame["kind"], frame["body"])
            if not self.history.view(self.name, ref).show(seen):
                self._missing.add(ref)
        elif frame["type"] == "heads":
            behind = {ref for ref, seq in frame["heads"].items() if seq > self.history.view(self.name, ref).last}
            self._missing.update(behind)

    async def fetch_missing(self) -> None:
        while self._missing:
            await self.resume(self._missing.pop())

    @abstractmethod
    async def resume(self, ref: str) -> None: ...

    def next_words(self, ref: str) -> Attempt:
        self._number += 1
        return self.history.attempt(self.name, ref, str(uuid.uuid4()), f"{self.name} {self._number}")

    async def say(self, **where: str) -> None:
        """Post what is pending. A refusal that may pass is tried again, another ends the attempt."""
        attempt = self.pending
        assert attempt is not None
        attempt.tries += 1
        answer = await self.line.command("entry.post", client_id=attempt.client_id, body=attempt.body, **where)
        if answer["type"] == "ok":
            attempt.acked = attempt.acked or asyncio.get_running_loop().time()
            attempt.seqs.add(answer["seq"])
            self.pending = None
        elif answer["retry"]:
            await asyncio.sleep(0.5)
        else:
            attempt.refused = answer["code"]
            self.pending = None


class Visitor(Person):
    def __init__(self, name: str, url: str, history: History, stop: asyncio.Event) -> None:
        super().__init__(name, url, history, stop)
        self.start_id = str(uuid.uuid4())
        self.token, self.ref = "", ""
        self.started = asyncio.Event()

    async def spend_a_line(self) -> None:
        async with AsyncLine(self.url, "/ws/visitor/", hear=self.hear) as self.line:
            if self.ref:
                await self.greet(button="sales", token=self.token, after=self.history.view(self.name, self.ref).last)
            else:
                await self.greet(button="sales")
                await self.begin()
            await self.talk()

    async def begin(self) -> None:
        answer = await self.line.command("conversation.start", client_id=self.start_id, body=f"{self.name} 0")
        if answer["type"] != "ok":
            raise LineLost(answer["code"])
        self.token, self.ref = answer["token"], answer["conversation"]
        self.started.set()

    async def talk(self) -> None:
        while not (self.stop.is_set() and self.pending is None):
            await self.fetch_missing()
            self.pending = self.pending or self.next_words(self.ref)
            await self.say()
            await asyncio.sleep(random.uniform(*PAUSE))

    async def resume(self, ref: str) -> None:
        await self.line.command("conversation.resume", after=self.history.view(self.name, ref).last)


class Operator(Person):
    def __init__(self, name: str, url: str, history: History, stop: asyncio.Event, person: tuple[int, str]) -> None:
        super().__init__(name, url, history, stop)
        self.user_id, self.cookie = person
        self.held: set[str] = set()
        self.colleagues: list[int] = []

    async def spend_a_line(self) -> None:
        async with AsyncLine(self.url, "/ws/desk/", self.cookie, self.hear) as self.line:
            answer = await self.greet()
            self.held = {conversation["id"] for conversation in answer["conversations"]}
            self._missing |= self.held
            while not (self.stop.is_set() and self.pending is None):
                await self.fetch_missing()
                await self.work()
                await asyncio.sleep(random.uniform(*PAUSE))
                if self.line.lost.is_set():
                    raise LineLost

    def hear(self, frame: Frame) -> None:
        super().hear(frame)
        if frame["type"] == "conversation.assigned":
            ref = frame["conversation"]
            if frame.get("operator", {}).get("id") == self.user_id:
                self.held.add(ref)
                self._missing.add(ref)
            else:
                self.held.discard(ref)

    async def resume(self, ref: str) -> None:
        after = self.history.view(self.name, ref).last
        answer = await self.line.command("conversation.resume", conversation=ref, after=after)
        if answer["type"] == "error" and not answer["retry"]:
            self.held.discard(ref)  # it went to somebody else meanwhile

    async def work(self) -> None:
        if self.pending is None and self.held:
            ref = random.choice(sorted(self.held))
            if random.random() < 0.12 and not self.stop.is_set():
                await self.hand_on(ref)
                return
            self.pending = self.next_words(ref)
        if self.pending is not None:
            await self.say(conversation=self.pending.conversation)

    async def hand_on(self, ref: str) -> None:
        to = {"group": "sales"} if random.random() < 0.5 else {"operator": random.choice(self.colleagues)}
        await self.line.command("conversation.transfer", conversation=ref, **to)
