"""Group commit: one writer a process collects the messages that are waiting and commits them together.

No timer: an idle desk commits a message at once; a busy one commits whatever came while the last batch was written.
Every message is acknowledged only after its commit, and handed to this process's sockets right after.
"""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from django.db import connections
from django.utils.translation import gettext as _

from chatdesk import metrics
from chatdesk.actions.entries import closed
from chatdesk.actions.ledger import Post, Written, commit
from chatdesk.protocol import Author, Code, EntryPosted, Refused
from chatdesk.realtime import hub
from chatdesk.realtime.room import Item

BATCH = 200

Outcome = Written | Code | None  # None: the conversation has ended

log = logging.getLogger(__name__)

_thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="desk-writer")


@dataclass(slots=True)
class Waiting:
    post: Post
    ref: str
    author: Author
    answer: asyncio.Future[Outcome]


def busy() -> Refused:
    return Refused(Code.BUSY, _("This could not be stored just now. Please try again."), retry=True)


def _commit_each(posts: list[Post]) -> list[Outcome]:
    """Commit the batch; if it fails as a whole, each post by itself, so that a bad one harms no other."""
    metrics.BATCH.observe(len(posts))
    try:
        with metrics.COMMIT.time():
            return list(commit(posts))
    except Exception as error:  # whatever it is, nobody may wait for ever
        log.warning("A batch of %s could not be committed as a whole (%s).", len(posts), type(error).__name__)
        connections.close_all()
    return [_commit_alone(post) for post in posts]


def _commit_alone(post: Post) -> Outcome:
    try:
        return commit([post])[0]
    except Exception as error:
        log.warning("An entry of conversation %s was not committed (%s).", post.conversation_id, type(error).__name__)
        connections.close_all()
        return Code.BUSY


class Writer:
    def __init__(self) -> None:
        self._waiting: list[Waiting] = []
        self._task: asyncio.Task[None] | None = None

    async def post(self, post: Post, ref: str, author: Author) -> Written:
        """Commit one message of a socket with whatever else is waiting. Raises Refused (closed, busy)."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Outcome] = loop.create_future()
        self._waiting.append(Waiting(post, ref, author, answer))
        if self._task is None or self._task.done():
            self._task = loop.create_task(self._run())
        return _written(await answer)

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            batch, self._waiting = self._waiting[:BATCH], self._waiting[BATCH:]
            answers = await loop.run_in_executor(_thread, _commit_each, [item.post for item in batch])
            self._answer(batch, answers)

    def _answer(self, batch: list[Waiting], answers: list[Outcome]) -> None:
        fresh: dict[int, list[Item]] = {}
        for waiting, answer in zip(batch, answers, strict=True):
            _resolve(waiting.answer, answer)
            if isinstance(answer, Written) and not answer.again:
                fresh.setdefault(waiting.post.conversation_id, []).append(_item(waiting, answer))
        metrics.COMMITTED.inc(sum(map(len, fresh.values())))
        for conversation_id, items in fresh.items():
            hub.deliver(conversation_id, items)


def _item(waiting: Waiting, written: Written) -> Item:
    post = waiting.post
    event = EntryPosted(
        conversation=waiting.ref,
        seq=written.seq,
        kind=post.kind,
        author=waiting.author,
        body=post.body,
        at=written.at,
    )
    return Item.of(event, post.participant_id, post.client_id)


def _resolve(future: asyncio.Future[Outcome], outcome: Outcome) -> None:
    if not future.done():  # its socket may have gone meanwhile
        future.set_result(outcome)


def _written(outcome: Outcome) -> Written:
    """What was stored, or a refusal: worded here, in the language of the one who waits, not by the shared writer."""
    if isinstance(outcome, Written):
        return outcome
    raise busy() if outcome is Code.BUSY else closed()


async def close_writer_connection() -> None:
    """Give the writer's database connection back: for a process that stops, and for tests."""
    await asyncio.get_running_loop().run_in_executor(_thread, connections.close_all)


writer = Writer()
