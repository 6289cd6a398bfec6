"""Reading one conversation, with its proof, and taking a document out of it: each time is recorded."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.dateparse import parse_datetime

from chatdesk import slots as desk_slots
from chatdesk.contact import address_of
from chatdesk.models import Conversation, File
from chatdesk.permissions import may_do
from chatdesk.views.files import handed_out, nothing
from transcripts import holds
from transcripts.actions import custody, searching
from transcripts.actions.proofstate import proof_state
from transcripts.actions.reading import PAGE, Line, lines, next_after, presences
from transcripts.actions.redacting.boxes import Shown
from transcripts.actions.redacting.pointing import SALTING
from transcripts.excerpts import marked
from transcripts.forms.redaction import WhyForm
from transcripts.models import AskedSearch, LogLeaf
from transcripts.query import Query
from transcripts.recordwords import in_words
from transcripts.views.door import Reader, compliance
from transcripts.words import terms


@compliance
def reading(request: HttpRequest, reader: Reader, ref: str) -> HttpResponse:
    if not ref.isascii() or not ref.isprintable():  # no reference of ours, and PostgreSQL takes no zero byte
        raise Http404
    conversation = (
        Conversation.objects.select_related("group", "button", "visitor", "request__operator").filter(ref=ref).first()
    )
    if conversation is None:
        return _gone(request, ref)
    after = _number(request.GET.get("after", ""))
    found = lines(conversation, after, PAGE + 1)
    custody.note(reader.user, "read", conversation, reader.purpose, after=after)
    facts = {"tab": "search", "reader": reader, "conversation": conversation, "after": after}
    asked = searching.asked_by(reader.user, _number(request.GET.get("found", "")))
    shown = Shown(conversation)
    facts |= {"asked": asked, "rows": _rows(asked, reader, conversation, found[:PAGE], shown), "shown": shown}
    facts |= {"form": WhyForm()}
    facts |= {"more": next_after(found[:PAGE], after) if len(found) > PAGE else None}
    return render(request, "transcripts/reading.html", facts | _beside(reader, conversation, shown))


def _beside(reader: Reader, conversation: Conversation, shown: Shown) -> dict[str, Any]:
    return {
        "presences": [(each, shown.of_person(each.key)) for each in presences(conversation)],
        "proof": proof_state(conversation),
        "held": holds.held([conversation.pk]).get(conversation.pk, []),
        "address": address_of(conversation),
        "sees_contact": may_do(reader.user, conversation, "contact"),
    }


def _rows(
    asked: AskedSearch | None, reader: Reader, conversation: Conversation, found: list[Line], shown: Shown
) -> list[dict[str, Any]]:
    """What is marked: the words of the own search from which they came."""
    wanted = list(terms(Query.parse(asked.query).words)) if asked else []
    numbers = [line.seq for line in found if line.seq is not None]
    beside = desk_slots.beside_entries(reader.user, conversation, numbers)
    return [
        {
            "line": line,
            "boxes": shown.boxes(line, marked(line.text, wanted)),
            "marks": shown.of(line.number),
            "named": shown.of_person(line.person),
            "says": _says(line),
            "words": "" if line.is_said else in_words(line.kind, line.text, line.author),
            "beside": beside.get(line.seq or 0, ""),
        }
        for line in found
    ]


def _says(line: Line) -> bool:
    """Whether its record says anything that a copy could cover."""
    said = {*line.facts.get("said", ())} - {SALTING}
    return bool(line.number) and bool(line.text or line.file or said & line.facts.keys())


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def _gone(request: HttpRequest, ref: str) -> HttpResponse:
    """Destroyed by rule: the log says that it was here. Anything else was never."""
    leaf = LogLeaf.objects.filter(about=ref, kind="conversation.destroyed").first()
    if leaf is None:
        raise Http404
    facts = {"tab": "search", "ref": ref, "leaf": leaf, "locked_until": _locked_until(leaf)}
    return render(request, "transcripts/destroyed.html", facts, status=410)


def _locked_until(leaf: LogLeaf) -> datetime | None:
    """Until when copies lie in a storage that nobody can read any more."""
    until = json.loads(leaf.data).get("body", {}).get("locked", {}).get("until")
    return parse_datetime(until) if until else None


@compliance
def file(request: HttpRequest, reader: Reader, key: str) -> HttpResponseBase:
    """The bytes of a document. Recorded before they leave."""
    found = File.objects.select_related("conversation").filter(key=key, state=File.State.STORED).first()
    if found is None:
        return nothing()
    if request.method != "HEAD":
        custody.note(
            reader.user, "file", found, reader.purpose, sha256=found.sha256, conversation=found.conversation.ref
        )
    return handed_out(request, found)
