"""How far a conversation is proved: its records checked now, sealed when, in which entry and signed head of the log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from chatdesk.models import Conversation
from transcripts.actions.checking import Fault, check
from transcripts.models import Chain, LogHead, LogLeaf


@dataclass(frozen=True)
class ProofState:
    """`fault`: the first record with which something is wrong, also where a message was changed behind the desk."""

    records: int
    fault: Fault | None = None
    sealed_at: datetime | None = None
    leaf: LogLeaf | None = None
    head: LogHead | None = None

    @property
    def is_whole(self) -> bool:
        return self.records > 0 and self.fault is None


def proof_state(conversation: Conversation) -> ProofState:
    """Checked against the live rows and the log as they stand: milliseconds for each thousand records."""
    fault = check(conversation)
    chain = Chain.objects.filter(pk=conversation.pk).first()
    if chain is None:
        return ProofState(0, fault)
    told = LogLeaf.objects.filter(about=conversation.ref, kind__startswith="conversation.")
    leaf = told.order_by("-index").first()
    head = LogHead.objects.filter(size__gt=leaf.index).order_by("size").first() if leaf else None
    return ProofState(chain.count, fault, chain.sealed_at, leaf, head)
