"""The check codes that stand on transcripts: with one, anybody can ask this desk whether the record is unchanged."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse

from transcripts.actions.logproofs import CLOSED, leaf_of
from transcripts.models import LogLeaf
from transcripts.proof.checkcode import code_of, read


def code(conversation: str) -> str:
    """Of the newest closing of the conversation of this reference; empty while it was never closed."""
    leaf = leaf_of(conversation)
    return code_of(leaf.index, leaf.hash) if leaf else ""


def door() -> str:
    """The full address where a code is asked about, below settings.SITE_URL, never from a Host header."""
    return f"{settings.SITE_URL}{reverse('verify')}"


def find(typed: str) -> LogLeaf | None:
    """The closing that a typed code stands for."""
    try:
        index, begins = read(typed)
    except ValueError:
        return None
    return LogLeaf.objects.filter(index=index, kind=CLOSED, hash__startswith=begins).first()
