"""Notices: what one process tells the others after a commit. They name things and carry no text anybody wrote.

The one exception is a typing preview, which goes from memory to memory by `Hub.tell` and never through here.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from typing import Any, Literal

from asgiref.sync import async_to_sync
from django.db import transaction

from chatdesk.realtime.bus import send_from_thread
from chatdesk.realtime.hub import hub

Kind = Literal[
    "head", "state", "queue", "assigned", "offered", "presence", "signout", "access", "note", "people", "invitation"
]
LONGEST_WAIT = 0.25  # seconds
Notice = list[Any]  # the kind, then what it names: plain JSON values


def publish(kind: Kind, *what: Any) -> None:
    """Tell every process, this one included, once the running transaction has committed. From any thread."""
    publish_all([[kind, *what]])


def publish_all(notices: Sequence[Notice]) -> None:
    """As `publish`, several in one word."""
    if notices:
        transaction.on_commit(partial(_spread, list(notices)), robust=True)


def publish_head(conversation_id: int, seq: int) -> None:
    """A conversation has an entry `seq` now."""
    publish("head", conversation_id, seq)


@contextmanager
def telling_together() -> Iterator[Callable[[], None]]:
    """For a batch in a process without a hub: what is published inside, in this thread, goes out in few words.

    To be called after each piece of work: says what has waited for a quarter of a second. The rest is said at the end.
    """
    batch = _Batch()
    token = _batch.set(batch)
    try:
        yield batch.tell_if_late
    finally:
        _batch.reset(token)
        batch.tell()


class _Batch:
    def __init__(self) -> None:
        self.notices: list[Notice] = []
        self._told = time.monotonic()

    def tell_if_late(self) -> None:
        if time.monotonic() - self._told > LONGEST_WAIT:
            self.tell()

    def tell(self) -> None:
        notices, self.notices, self._told = self.notices, [], time.monotonic()
        if notices:
            _send(notices)


_batch: ContextVar[_Batch | None] = ContextVar("batch", default=None)


def _spread(notices: list[Notice]) -> None:
    if hub.call_soon(_spread_here, notices):
        return
    batch = _batch.get()
    if batch is None:
        _send(notices)
    else:
        batch.notices += notices


def _send(notices: list[Notice]) -> None:
    async_to_sync(send_from_thread)(notices)


def _spread_here(notices: list[Notice]) -> None:
    for notice in notices:
        hub.spread(notice)
