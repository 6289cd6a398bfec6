"""The end of a part of a conversation: a seal in its chain, and the chain's newest hash in the site's log."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from chatdesk.models import Conversation
from transcripts.actions import logbook, recording
from transcripts.kinds import PERSONAL, Kind
from transcripts.models import Chain, Record

NOTHING_SAID = {"salts": "{}", "content": None}


@transaction.atomic
def seal(conversation: Conversation) -> Record:
    """It was closed: what was recorded up to here is one sealed part. Inside the transaction that closes it."""
    record = recording.write(conversation.pk, Kind.SEAL, facts=_counts(conversation))
    Chain.objects.filter(pk=conversation.pk).update(sealed_at=record.at, sealed_count=record.number)
    logbook.append("conversation.closed", _leaf(conversation, record))
    return record


@transaction.atomic
def reopen(conversation: Conversation) -> None:
    """It goes on: its records are appended to the sealed part."""
    record = recording.write(conversation.pk, Kind.REOPENED)
    Chain.objects.filter(pk=conversation.pk).update(sealed_at=None)
    logbook.append("conversation.reopened", _leaf(conversation, record))


@transaction.atomic
def forget(conversation: Conversation) -> None:
    """Its visitor had it deleted: what was said goes with its salts, the frames stay, and the chain still verifies."""
    record = recording.write(conversation.pk, Kind.ERASED)
    said = Record.objects.filter(conversation=conversation, kind__in=PERSONAL, number__lt=record.number)
    said.update(**NOTHING_SAID)
    logbook.append("conversation.erased", _leaf(conversation, record))


def _counts(conversation: Conversation) -> dict[str, Any]:
    entries, notes = Conversation.objects.values_list("last_seq", "last_note").get(pk=conversation.pk)
    return {"entries": entries, "notes": notes}


def _leaf(conversation: Conversation, record: Record) -> dict[str, Any]:
    return {"conversation": conversation.ref, "head": record.hash, "count": record.number}
