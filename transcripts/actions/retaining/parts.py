"""What may go of a conversation before the rest of it: its values and salts; the frames of its records stay."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from chatdesk.actions.erasing import NOBODY
from chatdesk.language import for_everybody
from chatdesk.models import Conversation, Entry, File, MailNotice, Note, Participant
from chatdesk.models import Kind as EntryKind
from routing.models import Outcome
from transcripts.actions import recording
from transcripts.actions.locking.asking import shred_and_ask
from transcripts.kinds import NOTES, Kind
from transcripts.models import Record
from transcripts.signals import part_removing

MARK: Promise = gettext_lazy("Deleted: its time was up.")
WITHOUT = {"salts": "{}", "content": None}
BY_VISITOR = '"author":{"kind":"visitor",'  # stands so in a frame (canonical JSON), and in no text: quotes are escaped


@transaction.atomic
def remove_files(conversation_id: int) -> int:
    """Names, hashes and bytes of its files; the bytes go by a sweep, each version."""
    mark = for_everybody(MARK)
    _withhold(conversation_id, "files", {Kind.FILE})
    Entry.objects.filter(conversation=conversation_id, kind=EntryKind.FILE).update(body=mark)
    stored = File.objects.filter(conversation=conversation_id).exclude(state=File.State.ERASED)
    return stored.update(name=mark, sha256="", state=File.State.ERASING)


@transaction.atomic
def remove_notes(conversation_id: int) -> int:
    _withhold(conversation_id, "notes", NOTES)
    return Note.objects.filter(conversation=conversation_id).update(body=for_everybody(MARK))


@transaction.atomic
def remove_contact(conversation_id: int) -> int:
    """Who the visitor said they are, and where they came from: form, name, address, and what mail keeps of them."""
    _withhold(conversation_id, "contact", {Kind.OPENED, Kind.CONTACT}, visitors_parts=True)
    Participant.objects.filter(conversation=conversation_id, user=None).update(name="")
    MailNotice.objects.filter(conversation=conversation_id).delete()
    return Conversation.objects.filter(pk=conversation_id).update(**NOBODY)


def _withhold(conversation_id: int, data: str, kinds: Collection[Kind], *, visitors_parts: bool = False) -> None:
    """Other apps first, then the records; that it was done is a record itself."""
    conversation = Conversation.objects.get(pk=conversation_id)
    part_removing.send(None, conversation=conversation, data=data)
    told = recording.write(conversation_id, Kind.WITHHELD, facts={"data": data, "kinds": sorted(kinds)})
    records = Record.objects.filter(conversation=conversation_id, number__lt=told.number)
    records.filter(kind__in=kinds).update(**WITHOUT)
    if visitors_parts:
        records.filter(kind=Kind.PARTICIPANT, frame__contains=BY_VISITOR).update(**WITHOUT)
    shred_and_ask(conversation)


def left_as_message(conversation_ids: Collection[int]) -> set[int]:
    """Those that nobody answered live: a message was left instead."""
    rows = Conversation.objects.filter(pk__in=conversation_ids, request__outcome=Outcome.MESSAGE)
    return set(rows.values_list("pk", flat=True))
