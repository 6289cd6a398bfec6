"""The marks that are in force, and by which names the people of a marked conversation are known."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import User
from chatdesk.models import Note, Participant
from transcripts.kinds import Kind
from transcripts.models import Record, Redaction
from transcripts.models.redaction import VISITOR


@dataclass
class Marks:
    """Of one conversation. `names`: of each person ("visitor", "operator-12"), now and as a participant."""

    rows: list[Redaction] = field(default_factory=list)
    names: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))


def of(conversation_ids: Collection[int] | QuerySet[Any, Any]) -> Mapping[int, Marks]:
    """The marks of those conversations that have any, by their ids: two statements, one where there are none."""
    found: dict[int, Marks] = defaultdict(Marks)
    rows = Redaction.objects.filter(conversation__in=conversation_ids, withdrawn_at=None)
    for row in rows.select_related("reason").order_by("pk"):
        found[row.conversation_id].rows.append(row)
    if found:
        _name(found)
    return dict(found)


def _name(found: Mapping[int, Marks]) -> None:
    parts = Participant.objects.filter(conversation__in=found).select_related("user")
    for part in parts:
        names = found[part.conversation_id].names[key_of(part)]
        names |= {name for name in (part.name, part.user.display_name if part.user else "") if name}


def people_of(conversation_id: int) -> dict[str, str]:
    """Who was in it, as a mark names them, with the name they had: "visitor" and "operator-12".

    Also who only wrote a note, or looked at the visitor's address.
    """
    parts = Participant.objects.filter(conversation=conversation_id).select_related("user").order_by("pk")
    found = {key_of(part): part.name or (part.user.display_name if part.user else "") for part in parts}
    looked = Record.objects.filter(conversation=conversation_id, kind=Kind.CONTACT).values_list("frame", flat=True)
    users = {json.loads(frame).get("user") for frame in looked} - {None}
    others = Q(pk__in=users) | Q(pk__in=Note.objects.filter(conversation=conversation_id).values("author"))
    for user in User.objects.filter(others).order_by("pk"):
        found.setdefault(f"operator-{user.pk}", user.display_name)
    return found


def key_of(part: Participant) -> str:
    return f"operator-{part.user_id}" if part.user_id else VISITOR
