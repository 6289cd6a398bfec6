"""A visitor's own copy with its proof: the records, how they hang in the desk's log, and the desk's signature."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from chatdesk.models import Conversation
from transcripts.actions import heads, logproofs
from transcripts.actions.exporting.told import Told
from transcripts.proof import bundle


def copy(conversation: Conversation, told: Sequence[Told], lines: Iterable[bytes]) -> bytes:
    """One JSON file, which `python -m transcripts.verify` and the page for it check. Raises heads.LogBroken."""
    seal = heads.seal()
    ends = [(conversation.ref, told[-1].number, told[-1].hash)] if told else []
    [proof] = logproofs.conversation_proofs(ends, seal.head.head) or [bundle.Proof(conversation.ref, 0, "")]
    return bundle.copy(lines, proof, {"conversation": conversation.ref}, seal)
