"""A visitor's conversations as lines of a list."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q

from chatdesk.models import Conversation, File
from tickets.views.returning.passes import Pass

MOST = 100


@dataclass(frozen=True)
class Row:
    conversation: Conversation
    files: int
    unread: int


def rows_of(held: Pass) -> list[Row]:
    """The newest first."""
    stored = Count("files", filter=Q(files__state=File.State.STORED), distinct=True)
    found = held.conversations.annotate(stored=stored).order_by("-pk")[:MOST]
    return [Row(each, each.stored, _unread(each)) for each in found.prefetch_related("participants")]


def _unread(conversation: Conversation) -> int:
    read = next((part.read_seq for part in conversation.participants.all() if part.user_id is None), 0)
    return max(0, conversation.last_seq - read)
