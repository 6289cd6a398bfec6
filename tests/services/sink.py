"""An SMTP server that plays the internet: takes each mail, or does what the script says at a step of the dialogue."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from tests.services.process import free_port, wait_until

# `data`: before the 354. `dot`: the whole mail was taken, its 250 not yet said. `done`: its 250 was said.
Step = Literal["greeting", "hello", "mail", "rcpt", "data", "dot", "done", "quit"]
STEPS: tuple[Step, ...] = ("greeting", "hello", "mail", "rcpt", "data", "dot", "done", "quit")
HELD_SECONDS = 30.0


@dataclass(frozen=True)
class Taken:
    """A mail that left: one row for each recipient of the transaction. `login` is the user who signed in, or ''."""

    recipient: str
    sender: str
    raw: bytes
    at: float
    login: str = ""


@dataclass
class Gate:
    """A place in the dialogue where the server waits: `reached` is set there, and `go` lets it pass."""

    reached: threading.Event = field(default_factory=threading.Event)
    open: threading.Event = field(default_factory=threading.Event)

    def go(self) -> None:
        self.open.set()

    def wait(self, seconds: float = 20.0) -> None:
        if not self.reached.wait(seconds):
            raise TimeoutError("nobody came to this step of the dialogue")


@dataclass
class Rule:
    step: Step
    recipient: str = ""  # '' is everybody's
    reply: str = ""
    seconds: float = 0.0
    drops: bool = False
    gate: Gate | None = None
    times: int | None = None


class Sink:
    """`taken` is what left, in order. Scripts end with `reset`."""

    def __init__(self) -> None:
        self.port = free_port()
        self.taken: list[Taken] = []
        self.rules: list[Rule] = []
        self.steps: list[Step] = []  # every step that a client came to
        self.lines: set[asyncio.BaseTransport] = set()  # open ones
        self._controller: _Controller | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        self._controller = _Controller(self)
        self._controller.start()

    def stop(self) -> None:
        for rule in self.rules:
            if rule.gate:
                rule.gate.go()
        if self._controller:
            self._controller.hang_up()
            self._controller.stop()
            self._controller = None

    def reset(self) -> None:
        for rule in self.rules:
            if rule.gate:
                rule.gate.go()
        self.taken.clear()
        self.rules.clear()
        self.steps.clear()

    @contextmanager
    def down(self) -> Iterator[None]:
        """While it lasts nobody listens on the port."""
        self.stop()
        try:
            yield
        finally:
            self.start()

    # --- the script ---------------------------------------------------------------------------------------------------

    def refuse(self, step: Step, reply: str, recipient: str = "", times: int | None = None) -> None:
        """Answer `reply`, such as "550 5.1.1 no such mailbox", instead of going on."""
        self.rules.append(Rule(step, recipient.lower(), reply=reply, times=times))

    def delay(self, step: Step, seconds: float, recipient: str = "", times: int | None = None) -> None:
        self.rules.append(Rule(step, recipient.lower(), seconds=seconds, times=times))

    def drop(self, step: Step, recipient: str = "", times: int | None = None) -> None:
        """Close the line without a word. At `dot` the mail was taken all the same."""
        self.rules.append(Rule(step, recipient.lower(), drops=True, times=times))

    def pause(self, step: Step, recipient: str = "") -> Gate:
        """Wait at the step, once, until the gate is opened."""
        rule = Rule(step, recipient.lower(), gate=Gate(), times=1)
        self.rules.append(rule)
        return rule.gate or Gate()

    def rule_at(self, step: Step, recipient: str) -> Rule | None:
        self.steps.append(step)
        for rule in self.rules:
            if rule.step == step and rule.times != 0 and rule.recipient in ("", recipient.lower()):
                rule.times = None if rule.times is None else rule.times - 1
                return rule
        return None

    # --- what left ----------------------------------------------------------------------------------------------------

    def to(self, recipient: str) -> list[Taken]:
        return [each for each in self.taken if each.recipient.lower() == recipient.lower()]

    def wait_for(self, count: int, seconds: float = 20.0) -> list[Taken]:
        """What left, once it is `count` mails. Raises StartFailed after `seconds`."""
        wait_until(lambda: len(self.taken) >= count, seconds, f"{count} mails leave")
        return [*self.taken]


class _Dropped(Exception):
    """The line was closed on purpose."""


class _Line(SMTP):
    def __init__(self, sink: Sink, handler: _Handler, **options: Any) -> None:
        self.sink = sink
        super().__init__(handler, **options)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.sink.lines.add(transport)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        if self.transport is not None:
            self.sink.lines.discard(self.transport)
        super().connection_lost(error)

    async def _handle_client(self) -> None:
        if await self.passed("greeting"):
            await super()._handle_client()
        else:
            self.hang_up()

    async def smtp_EHLO(self, hostname: str) -> None:  # noqa: N802
        if await self.passed("hello"):
            await super().smtp_EHLO(hostname)

    async def smtp_MAIL(self, arg: str | None) -> None:  # noqa: N802
        if await self.passed("mail"):
            await super().smtp_MAIL(arg)

    async def smtp_RCPT(self, arg: str | None) -> None:  # noqa: N802
        if await self.passed("rcpt", (arg or "").partition("<")[2].partition(">")[0]):
            await super().smtp_RCPT(arg)

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        recipient = self.recipient
        if await self.passed("data", recipient):
            await super().smtp_DATA(arg)
            await self.passed("done", recipient)

    async def smtp_QUIT(self, arg: str) -> None:  # noqa: N802
        if await self.passed("quit"):
            await super().smtp_QUIT(arg)

    @property
    def recipient(self) -> str:
        return self.envelope.rcpt_tos[0] if self.envelope and self.envelope.rcpt_tos else ""

    async def passed(self, step: Step, recipient: str = "") -> bool:
        """Play what the script says; whether the dialogue goes on as usual."""
        rule = self.sink.rule_at(step, recipient)
        if rule is None:
            return True
        await _waited(rule)
        if rule.drops:
            self.hang_up()
        elif rule.reply:
            await self.push(rule.reply)
        return not (rule.drops or rule.reply)

    def hang_up(self) -> None:
        if isinstance(self.transport, asyncio.Transport):
            self.transport.abort()


async def _waited(rule: Rule) -> None:
    await asyncio.sleep(rule.seconds)
    if rule.gate:
        rule.gate.reached.set()
        await asyncio.to_thread(rule.gate.open.wait, HELD_SECONDS)


class _Handler:
    def __init__(self, sink: Sink) -> None:
        self.sink = sink

    async def handle_DATA(self, line: _Line, session: Session, envelope: Envelope) -> str:  # noqa: N802
        rule = self.sink.rule_at("dot", line.recipient)
        if rule and rule.reply:
            return rule.reply
        told: Any = session.auth_data
        login = str(told or "")
        content = envelope.original_content or b""
        for recipient in envelope.rcpt_tos:
            self.sink.taken.append(Taken(recipient, str(envelope.mail_from), content, time.time(), login))
        if rule:
            await _waited(rule)
            if rule.drops:
                line.hang_up()
        return "250 2.0.0 taken"


def _let_in(_line: SMTP, _session: Session, _envelope: Envelope, _way: str, data: Any) -> AuthResult:
    return AuthResult(success=True, auth_data=data.login.decode())


class _Controller(Controller):
    def __init__(self, sink: Sink) -> None:
        self.sink = sink
        super().__init__(_Handler(sink), hostname="127.0.0.1", port=sink.port)

    def hang_up(self) -> None:
        """Close every open line, and return when that is done."""
        asyncio.run_coroutine_threadsafe(self._hang_up(), self.loop).result(10)

    async def _hang_up(self) -> None:
        for line in [*self.sink.lines]:
            if isinstance(line, asyncio.Transport):
                line.abort()
        await asyncio.sleep(0.01)

    def factory(self) -> SMTP:
        options: dict[str, Any] = {"enable_SMTPUTF8": True, "data_size_limit": 100_000_000, "decode_data": False}
        options |= {"authenticator": _let_in, "auth_require_tls": False, "loop": self.loop, "hostname": "sink.test"}
        return _Line(self.sink, self.handler, **options)
