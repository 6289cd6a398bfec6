"""The check code that stands on a transcript: with it, anybody can ask this desk whether the record is unchanged."""

from __future__ import annotations

from django.conf import settings

from chatdesk.models import Conversation
from transcripts.models import LogLeaf
from transcripts.proof import checkcode

DOOR = "/verify/"


def code_of(conversation: Conversation) -> str:
    """Of its newest closing; empty while it has never been closed."""
    leaf = LogLeaf.objects.filter(about=conversation.ref, kind="conversation.closed").order_by("-index").first()
    return checkcode.code_of(leaf.index, leaf.hash) if leaf else ""


def door() -> str:
    """Where a code is asked about."""
    return f"{settings.SITE_URL}{DOOR}"
