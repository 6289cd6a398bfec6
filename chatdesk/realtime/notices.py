"""Notices: what one process tells the others after a commit. They name things and carry no text anybody wrote.

The one exception is a typing preview, which goes from memory to memory by `Hub.tell` and never through here.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, Literal

from asgiref.sync import async_to_sync
from django.db import transaction

from chatdesk.realtime.bus import send_from_thread
from chatdesk.realtime.hub import hub

Kind = Literal[
    "head", "state", "queue", "assigned", "offered", "presence", "signout", "access", "note", "people", "invitation"
]
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


def _spread(notices: list[Notice]) -> None:
    if not hub.call_soon(_spread_here, notices):
        async_to_sync(send_from_thread)(notices)


def _spread_here(notices: list[Notice]) -> None:
    for notice in notices:
        hub.spread(notice)
