"""The built-in SMTP listener (RFC 5321): a mail is committed before its sender is told 250."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from chatdesk.dbthreads import in_thread
from tickets.actions.arrival import is_undecided
from tickets.actions.destinations import Destination, Nowhere, Token, destination
from tickets.actions.receiving import MEGABYTE, keep
from tickets.actions.refusing import closed_reply, note_refused
from tickets.faults import named
from tickets.models import Correspondent, IncomingMail, MailSettings
from tickets.reading.envelope import Envelope as Told

logger = logging.getLogger(__name__)

OPERATOR = Correspondent.Side.OPERATOR
BAD_RECIPIENTS, IN_SECONDS = 20, 600
REMEMBERED_PEERS = 10_000
NO_ANSWER_BEFORE = 0.1  # seconds: how near a wrong address is to a right one is not to be told from the time it takes
MOST_LINES_AT_ONCE = 50
SILENT_SECONDS = 300  # RFC 5321, 4.5.3.2
UNKNOWN = "550 5.1.1 No such address here"
ONE_RECIPIENT = "452 4.5.3 One recipient per transaction, please"
TOO_MANY = "421 4.7.0 Too many unknown addresses"
BUSY = "421 4.3.2 Too many connections"
TOO_LARGE = "552 5.3.4 Larger than what is taken here"
NOT_DECIDED = "451 4.4.3 The sender can't be checked just now, please try again"
NOT_NOW = "451 4.3.0 Not stored just now, please try again"
BARE_LINE_END = "550 5.6.0 A line ends in a bare CR or LF"

Process = Callable[[int], object]


class Strangers:
    """How many unknown addresses each peer asked for lately."""

    def __init__(self) -> None:
        self._asked: OrderedDict[str, deque[float]] = OrderedDict()

    def has_asked_too_much(self, peer: str) -> bool:
        times = self._asked.get(peer, deque())
        while times and times[0] < time.monotonic() - IN_SECONDS:
            times.popleft()
        return len(times) >= BAD_RECIPIENTS

    def count(self, peer: str) -> None:
        times = self._asked.pop(peer, None) or deque(maxlen=BAD_RECIPIENTS)
        times.append(time.monotonic())
        self._asked[peer] = times
        if len(self._asked) > REMEMBERED_PEERS:
            self._asked.popitem(last=False)


@dataclass
class Desk:
    """What the listener does with what it is told. `behind`: our own mail server, which has seen the real peer."""

    process: Process | None
    behind: frozenset[str] = frozenset()
    strangers: Strangers = field(default_factory=Strangers)
    limit: int = 30 * MEGABYTE
    hostname: str = "localhost"
    lines: int = 0

    def learn(self) -> None:
        """What an admin set; each new line begins with what was learned last."""
        settings = MailSettings.load()
        self.limit, self.hostname = settings.size_limit_mb * MEGABYTE, settings.relay_domain or "localhost"

    async def handle_RCPT(  # noqa: N802 - the library's name for it
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """One recipient per transaction: then each has an answer of its own, and none delays the others."""
        if envelope.rcpt_tos:
            return ONE_RECIPIENT
        peer = peer_of(session)
        if self.strangers.has_asked_too_much(peer):
            return TOO_MANY
        begun = time.monotonic()
        refusal = await self.refusal(address)
        if refusal:
            await asyncio.sleep(max(0.0, NO_ANSWER_BEFORE - (time.monotonic() - begun)))
            if peer not in self.behind:
                self.strangers.count(peer)
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def refusal(self, address: str) -> str:
        """The answer to a recipient that gets nothing here; empty for one that does."""
        await in_thread(self.learn)
        place = await in_thread(destination, address)
        if isinstance(place, Nowhere):
            return UNKNOWN
        return await in_thread(_refusal_of, place)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        raw = bytes(envelope.original_content or b"")
        if has_bare_line_ends(raw):
            return BARE_LINE_END
        if len(raw) > self.limit:
            return TOO_LARGE
        peer = peer_of(session)
        told = Told(
            via=IncomingMail.Via.SMTP,
            recipient=envelope.rcpt_tos[0],
            sender=envelope.mail_from or "",
            client_ip="" if peer in self.behind else peer,
            helo=session.host_name or "",
        )
        if await in_thread(_is_undecided, raw, told):
            return NOT_DECIDED
        kept = await in_thread(keep, raw, told)
        if kept.is_new and self.process is not None:
            _processing.add(
                task := asyncio.get_running_loop().create_task(self.process_soon(self.process, kept.mail.pk))
            )
            task.add_done_callback(_processing.discard)
        return "250 2.0.0 OK"

    async def process_soon(self, process: Process, mail_id: int) -> None:
        """At once, if it can be; else the sweep finds it."""
        try:
            await in_thread(process, mail_id)
        except Exception as fault:
            logger.error("incoming mail %s waits for the sweep: %s", mail_id, named(fault))

    async def handle_exception(self, error: Exception) -> str:
        logger.error("a mail could not be taken in: %s", type(error).__name__)
        return NOT_NOW


_processing: set[asyncio.Task[None]] = set()


class Line(SMTP):
    """One connection. The longest line is the largest mail: what is in it is ours to judge, not its form."""

    def __init__(self, desk: Desk) -> None:
        self.line_length_limit = desk.limit + 1024
        loop = asyncio.get_running_loop()
        wording: dict[str, Any] = {"hostname": desk.hostname, "ident": "ESMTP"}
        super().__init__(desk, data_size_limit=desk.limit, timeout=SILENT_SECONDS, loop=loop, **wording)
        self.desk = desk
        self.desk.lines += 1
        self.is_one_too_many = desk.lines > MOST_LINES_AT_ONCE

    def connection_lost(self, error: Exception | None) -> None:
        self.desk.lines -= 1
        super().connection_lost(error)

    async def push(self, status: Any) -> None:
        """421 is the last word on a line, and of one too many the first: those that were here before go on."""
        told = BUSY if self.is_one_too_many else status
        await super().push(told)
        if str(told).startswith("421") and self.transport is not None:
            self.transport.close()


def peer_of(session: Session) -> str:
    """The address of who is connected; empty on a line that is no internet's."""
    peer: Any = session.peer  # declared as a text, and really what the socket says
    return str(peer[0]) if isinstance(peer, tuple) else ""


def has_bare_line_ends(raw: bytes) -> bool:
    """Servers that disagree on what ends a line can be made to see a second mail in one (SMTP smuggling)."""
    pairs = raw.count(b"\r\n")
    return raw.count(b"\n") != pairs or raw.count(b"\r") != pairs


def _refusal_of(place: Destination) -> str:
    if isinstance(place, Token) and place.is_revoked:
        note_refused(place.correspondent)
        return closed_reply(place.correspondent)
    return ""


def _is_undecided(raw: bytes, told: Told) -> bool:
    """Mail of the desk's own people has to be proven: if name servers are away, it comes again."""
    place = destination(told.recipient)
    return isinstance(place, Token) and place.correspondent.side == OPERATOR and is_undecided(raw, told)


async def listen(host: str, port: int, desk: Desk) -> asyncio.Server:
    """Take mails in at `port`, or at a free one for 0, until the server is closed. Raises OSError."""
    await in_thread(desk.learn)
    return await asyncio.get_running_loop().create_server(lambda: Line(desk), host, port)
