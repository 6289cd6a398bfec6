"""The check codes that stand on transcripts of closed conversations."""

from __future__ import annotations

from transcripts.actions.logproofs import CLOSED, leaf_of
from transcripts.models import LogLeaf
from transcripts.proof.checkcode import code_of, read


def code(conversation: str) -> str:
    """The check code of the conversation of this reference; empty while it was never closed."""
    leaf = leaf_of(conversation)
    return code_of(leaf.index, leaf.hash) if leaf else ""


def find(typed: str) -> LogLeaf | None:
    """The closing that a typed code stands for."""
    try:
        index, begins = read(typed)
    except ValueError:
        return None
    return LogLeaf.objects.filter(index=index, kind=CLOSED, hash__startswith=begins).first()
