"""Asking for a locked copy: a row in the transaction that closes a conversation, and nothing else yet."""

from __future__ import annotations

from chatdesk.models import Conversation
from transcripts.actions.locking.keys import shred
from transcripts.models import Chain, LockedCopy, LockedRules


def ask(conversation: Conversation, last: int) -> None:
    """A copy of its records from the first to `last`, if this desk makes any."""
    if LockedRules.objects.filter(is_on=True).exists():
        LockedCopy.objects.create(conversation=conversation, ref=conversation.ref, last=last)


def shred_and_ask(conversation: Conversation) -> None:
    """Something of it was deleted: earlier copies, which still hold it, can't be read from now on.

    What is left is copied anew, with another key, if it was copied before. Inside the transaction that deleted it.
    """
    if shred(conversation.pk):
        chain = Chain.objects.get(pk=conversation.pk)
        untouched = LockedCopy.objects.filter(conversation=conversation, state=LockedCopy.State.WAITING, tries=0)
        if chain.sealed_at is not None and not untouched.update(last=chain.count):
            ask(conversation, chain.count)
