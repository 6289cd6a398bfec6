"""How far a conversation's records are proved: recomputed now, sealed when, and where in the site's log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from chatdesk.models import Conversation
from transcripts.models import Chain, LogLeaf, Record
from transcripts.proof.chain import next_hash


@dataclass(frozen=True)
class ProofState:
    """`broken`: the first record whose hash does not follow from those before it, or one more than there are."""

    records: int
    broken: int | None = None
    sealed_at: datetime | None = None
    leaf: LogLeaf | None = None

    @property
    def is_whole(self) -> bool:
        return self.records > 0 and self.broken is None


def proof_state(conversation: Conversation) -> ProofState:
    """Recomputed from the frames as they stand: a look at one conversation takes milliseconds for each thousand."""
    chain = Chain.objects.filter(pk=conversation.pk).first()
    if chain is None:
        return ProofState(0)
    leaf = LogLeaf.objects.filter(about=conversation.ref).order_by("-index").first()
    return ProofState(chain.count, _first_broken(chain), chain.sealed_at, leaf)


def _first_broken(chain: Chain) -> int | None:
    before = bytes(32)
    number = 0
    rows = Record.objects.filter(conversation_id=chain.pk).order_by("number")
    for number, (at, frame, kept) in enumerate(rows.values_list("number", "frame", "hash").iterator(), start=1):
        before = next_hash(before, frame.encode())
        if at != number or before.hex() != kept:
            return number
    return None if (number, before.hex()) == (chain.count, chain.head) else number + 1
