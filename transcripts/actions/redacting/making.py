"""Marking what copies cover, and taking a mark back while no export has used it. Nothing that was recorded changes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from chatdesk.models import Conversation
from chatdesk.protocol import Code, Refused
from transcripts.actions import custody, logbook
from transcripts.actions.exporting.told import Told, told_of
from transcripts.actions.logbook import Happening
from transcripts.actions.redacting.marks import people_of
from transcripts.models import Purpose, Redaction, RedactionReason, RedactionUse
from transcripts.models.redaction import new_act
from transcripts.proof.canonical import Json, canonical
from transcripts.spans import whole_signs

NOTE_CHARS = 300


@dataclass(frozen=True, slots=True)
class Place:
    """What to cover: a record's field from `start` to `end` (None: all of it; no field: the record), or a person."""

    number: int = 0
    field: str = ""
    start: int | None = None
    end: int | None = None
    person: str = ""


@dataclass(frozen=True, slots=True)
class Why:
    """`reason` is the number of a RedactionReason; the note is for compliance alone, and in no copy."""

    reason: int
    note: str = ""


@transaction.atomic
def mark(
    user: User, purpose: Purpose, wanted: Mapping[int, Sequence[Place]], why: Why, *, action: str = "redact"
) -> list[Redaction]:
    """Mark places of conversations (by their ids), all or none; those that are marked so already stay as they are.

    Raises Refused: `state.conflict` for a reason that is not offered, or a place that is not there.
    """
    reason = RedactionReason.objects.filter(pk=why.reason, is_offered=True).first()
    if reason is None:
        raise Refused(Code.CONFLICT, _("Choose one of the reasons that are offered."))
    note = " ".join(why.note.replace("\x00", " ").split())[:NOTE_CHARS]
    common = {"reason": reason, "note": note, "matter": purpose.matter, "act": new_act(), "made_by": user}
    conversations = Conversation.objects.in_bulk(list(wanted))
    rows = [row for pk in sorted(wanted) for row in _rows(_known(conversations, pk), dict.fromkeys(wanted[pk]), common)]
    made = Redaction.objects.bulk_create(rows, batch_size=500)
    _tell(user, purpose, "redaction.made", action, made)
    return made


def _known(conversations: Mapping[int, Conversation], pk: int) -> Conversation:
    if pk not in conversations:
        raise Refused(Code.CONFLICT, _("This conversation is not here any more."))
    return conversations[pk]


def _rows(conversation: Conversation, places: Iterable[Place], common: Mapping[str, Any]) -> Iterator[Redaction]:
    records = {told.number: told for told in told_of(conversation.pk)}
    there = {_key(row) for row in Redaction.objects.filter(conversation=conversation, withdrawn_at=None)}
    people = people_of(conversation.pk)
    for place in places:
        told = records.get(place.number)
        if told is None and place.person not in people:
            raise Refused(Code.CONFLICT, _("There is nothing at this place to be covered."))
        row = Redaction(conversation=conversation, **_facts(told, place) if told else _named(place, people), **common)
        if _key(row) not in there:
            yield row


def _key(row: Redaction) -> tuple[object, ...]:
    return row.number, row.field, row.person, row.start, row.end


def _named(place: Place, people: Mapping[str, str]) -> dict[str, Any]:
    return {"person": place.person, "length": len(people[place.person])}


def _facts(told: Told, place: Place) -> dict[str, Any]:
    """As a row holds it. Raises Refused for a field that does not say anything (any more), or a place outside it."""
    if place.field not in told.said and (place.field or not told.said):
        raise Refused(Code.CONFLICT, _("There is nothing at this place to be covered."))
    if place.start is None or place.end is None:
        fields = [place.field] if place.field else list(told.said)
        length = sum(len(text) for name in fields if isinstance(text := told.said[name], str))
        return {"number": told.number, "field": place.field, "length": length}
    value = told.said[place.field] if place.field else ""
    if not isinstance(value, str) or not 0 <= place.start < place.end <= len(value):
        raise Refused(Code.CONFLICT, _("There is nothing at this place to be covered."))
    start, end = whole_signs(value, place.start, place.end)
    return {"number": told.number, "field": place.field, "start": start, "end": end, "length": end - start}


@transaction.atomic
def withdraw(user: User, purpose: Purpose, numbers: Sequence[int]) -> int:
    """Take marks back, as long as no export has used them; how many. What was used stands, so that copies agree.

    Raises Refused `state.conflict` if none of them can be taken back.
    """
    rows = Redaction.objects.select_for_update(of=("self",)).filter(pk__in=numbers, withdrawn_at=None)
    locked = list(rows.select_related("reason", "conversation").order_by("pk"))
    # Asked once they are locked: an export that was about to use one has then done so.
    used = set(RedactionUse.objects.filter(redaction__in=locked).values_list("redaction", flat=True))
    taken = [row for row in locked if row.pk not in used]
    if not taken:
        raise Refused(Code.CONFLICT, _("An export has used this redaction: it stands."))
    Redaction.objects.filter(pk__in=[row.pk for row in taken]).update(withdrawn_by=user, withdrawn_at=timezone.now())
    _tell(user, purpose, "redaction.withdrawn", "redact.withdraw", taken)
    return len(taken)


def _tell(user: User, purpose: Purpose, kind: str, action: str, rows: Sequence[Redaction]) -> None:
    """The audit log and the site's log, a line for each conversation: numbers and a hash, nothing that was said."""
    found: dict[Conversation, list[Redaction]] = {}
    for row in rows:
        found.setdefault(row.conversation, []).append(row)
    happenings = []
    for conversation, marks in found.items():
        reasons: list[Json] = [*sorted({row.reason.code for row in marks})]
        custody.note(user, action, conversation, purpose, marks=[row.pk for row in marks], reasons=reasons)
        body: dict[str, Json] = {"conversation": conversation.ref, "marks": len(marks), "reasons": reasons}
        happenings.append(Happening(kind, {**body, "sha256": digest(marks)}, user.pk))
    if happenings:
        logbook.append_all(happenings)


def digest(rows: Iterable[Redaction]) -> str:
    """What the site's log says of marks: SHA-256 over their canonical JSON, in hex."""
    facts: list[Json] = [
        {
            "field": row.field,
            "length": row.length,
            "mark": row.pk,
            "person": row.person,
            "place": row.start if row.start is not None else 0,
            "reason": row.reason.code,
            "record": row.number,
        }
        for row in sorted(rows, key=lambda row: row.pk)
    ]
    return hashlib.sha256(canonical(facts)).hexdigest()
