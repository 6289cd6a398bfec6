"""What the live chat tells, written into the records in its own transaction."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from accounts.models import User
from chatdesk import signals
from chatdesk.actions import ledger
from chatdesk.models import Conversation, File, Note, Participant
from transcripts.actions import happenings, livepath, recording, sealing
from transcripts.actions.locking.asking import ask, shred_and_ask
from transcripts.kinds import Kind

ledger.add_recorder(recording.record_entries, livepath.STATEMENT)


@receiver(signals.conversation_closed)
def on_closed(conversation: Conversation, **kwargs: Any) -> None:
    ask(conversation, sealing.seal(conversation).number)


@receiver(signals.conversation_reopened)
def on_reopened(conversation: Conversation, **kwargs: Any) -> None:
    sealing.reopen(conversation)


@receiver(signals.visitor_erased)
def on_erased(conversation: Conversation, **kwargs: Any) -> None:
    sealing.forget(conversation)
    shred_and_ask(conversation)


@receiver(signals.note_stored)
def on_note(note: Note, **kwargs: Any) -> None:
    recording.note(note)


@receiver(signals.watching_changed)
def on_watching(participant: Participant, unseen: bool, **kwargs: Any) -> None:
    """Who came unseen goes unseen: neither may be told to anybody whom the coming was not told."""
    facts = {"role": participant.role, "silent": unseen}
    recording.append(participant.conversation_id, happenings.appeared(participant, timezone.now(), facts=facts))


@receiver(signals.hold_changed)
def on_hold(conversation: Conversation, on: bool, **kwargs: Any) -> None:
    recording.write(conversation.pk, Kind.ON_HOLD if on else Kind.OFF_HOLD)


@receiver(signals.contact_revealed)
def on_revealed(conversation: Conversation, user: User, **kwargs: Any) -> None:
    recording.write(conversation.pk, Kind.CONTACT, facts={"act": "revealed", "user": user.pk})


@receiver(signals.file_gone)
def on_file_gone(file: File, **kwargs: Any) -> None:
    recording.write(file.conversation_id, Kind.FILE_GONE, facts={"file": file.key})
