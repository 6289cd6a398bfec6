"""Marking what copies cover: something of a record, a person's name, the same words wherever they stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chatdesk.models import Conversation
from chatdesk.protocol import Refused
from transcripts.actions import custody, searching
from transcripts.actions.exporting.told import Told, told_of
from transcripts.actions.finding import conversation_ids
from transcripts.actions.reading import PAGE
from transcripts.actions.redacting.boxes import Shown, boxes
from transcripts.actions.redacting.hits import MOST_CONVERSATIONS, MOST_HITS, Hit, hits
from transcripts.actions.redacting.making import Place, mark
from transcripts.actions.redacting.marks import people_of
from transcripts.actions.redacting.pointing import fields_of, pointed
from transcripts.excerpts import Piece
from transcripts.forms.redaction import RecordForm, WhyForm, WordsForm, field_word
from transcripts.models import AskedSearch
from transcripts.query import Query
from transcripts.recordwords import in_words
from transcripts.sight import not_put_away
from transcripts.views.door import Reader, compliance_form


def conversation_or_404(ref: str) -> Conversation:
    if not ref.isascii() or not ref.isprintable():  # no reference of ours, and PostgreSQL takes no zero byte
        raise Http404
    found = Conversation.objects.select_related("group", "button", "visitor").filter(ref=ref).first()
    if found is None:
        raise Http404
    return found


def place_in_reading(conversation: Conversation, number: int) -> str:
    """The page of the reading view on which a record stands, at the record."""
    after = (max(number, 1) - 1) // PAGE * PAGE
    page = reverse("transcripts:reading", args=[conversation.ref])
    return f"{page}{f'?after={after}' if after else ''}#record-{number}"


@compliance_form
def record(request: HttpRequest, reader: Reader, ref: str, number: int) -> HttpResponse:
    """One record with all that it says, and the form that covers some or all of it."""
    conversation = conversation_or_404(ref)
    told = _record(conversation, number)
    form = RecordForm(request.POST or None, told=told)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            places = pointed(told, given["field"], given["words"], given["start"], given["end"])
            mark(reader.user, reader.purpose, {conversation.pk: places}, form.why())
        except Refused as refused:
            form.add_error("words" if given["words"] else None, refused.detail)
        else:
            messages.success(request, _("Covered in every copy from now on."))
            return redirect(place_in_reading(conversation, number))
    custody.note(reader.user, "read", conversation, reader.purpose, record=number)
    shown = Shown(conversation)
    facts = {"tab": "search", "conversation": conversation, "told": told, "form": form, "shown": shown}
    facts |= {"words": in_words(told.kind), "rows": shown.of(number), "fields": _fields(told, shown)}
    facts |= {"back": place_in_reading(conversation, number)}
    return render(request, "transcripts/redactions/record.html", facts, status=422 if form.errors else 200)


def _record(conversation: Conversation, number: int) -> Told:
    if number >= 2**31:
        raise Http404
    found = next((told for told in told_of(conversation.pk, number) if told.number == number), None)
    if found is None or not fields_of(found):
        raise Http404
    return found


def _fields(told: Told, shown: Shown) -> list[dict[str, Any]]:
    """Each field in words, its text in boxes; of a file its facts."""
    found = []
    for name in fields_of(told):
        value = told.said[name]
        text = value if isinstance(value, str) else _facts(value)
        rows = [row for row in shown.of(told.number) if row.field in ("", name)]
        found.append({"name": name, "word": field_word(name, told.kind), "boxes": boxes([Piece(text)], rows)})
    return found


def _facts(value: Any) -> str:
    if not isinstance(value, Mapping):
        return str(value)
    return " · ".join(str(value[name]) for name in ("media_type", "size", "sha256") if name in value)


@compliance_form
def person(request: HttpRequest, reader: Reader, ref: str, key: str) -> HttpResponse:
    """A person's name, in the whole of one conversation."""
    conversation = conversation_or_404(ref)
    people = people_of(conversation.pk)
    if key not in people:
        raise Http404
    form = WhyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            mark(reader.user, reader.purpose, {conversation.pk: [Place(person=key)]}, form.why())
        except Refused as refused:
            form.add_error(None, refused.detail)
        else:
            messages.success(request, _("Covered in every copy from now on."))
            return redirect("transcripts:reading", conversation.ref)
    shown = Shown(conversation)
    facts = {"tab": "search", "conversation": conversation, "form": form, "name": people[key], "shown": shown}
    facts |= {"rows": shown.of_person(key), "back": reverse("transcripts:reading", args=[conversation.ref])}
    return render(request, "transcripts/redactions/person.html", facts, status=422 if form.errors else 200)


@compliance_form
def everywhere(request: HttpRequest, reader: Reader) -> HttpResponse:
    """The same words in one conversation (`?ref=`) or in all that a search of one's own found (`?found=`).

    Sent with `mark`, the places that are ticked are covered; else they are only shown.
    """
    scope = _Scope(request, reader)
    form = WordsForm(request.POST or None, initial={"words": "", "whole": True})
    found: list[Hit] = []
    if "mark" not in request.POST:  # only looked for: a reason is not needed yet
        form.fields["reason"].required = False
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        found = list(islice(hits(scope.conversations, given["words"], whole=given["whole"]), MOST_HITS + 1))
        if "mark" in request.POST and _marked(request, reader, form, found):
            return redirect(scope.back)
        custody.note(reader.user, "redact.preview", scope.thing, reader.purpose, hits=len(found))
    shown = found[:MOST_HITS]
    rows = [(hit, field_word(hit.field, hit.kind), _is_ticked(request, hit)) for hit in shown]
    facts = {"tab": "search", "form": form, "scope": scope, "rows": rows, "most": MOST_HITS}
    facts |= {"is_looked": request.method == "POST" and not form.errors, "too_many": len(found) > MOST_HITS}
    return render(request, "transcripts/redactions/everywhere.html", facts, status=422 if form.errors else 200)


def _is_ticked(request: HttpRequest, hit: Hit) -> bool:
    return hit.key in request.POST.getlist("hit") if "mark" in request.POST else not hit.is_covered


def _marked(request: HttpRequest, reader: Reader, form: WordsForm, found: Sequence[Hit]) -> bool:
    """Cover the places that are ticked, as far as the words still stand there."""
    ticked = set(request.POST.getlist("hit"))
    wanted: dict[int, list[Place]] = {}
    for hit in found:
        if hit.key in ticked:
            wanted.setdefault(hit.conversation.pk, []).append(hit.place)
    if not wanted:
        form.add_error(None, _("Tick at least one place."))
        return False
    try:
        made = mark(reader.user, reader.purpose, wanted, form.why())
    except Refused as refused:
        form.add_error(None, refused.detail)
        return False
    n = len(made)
    said = ngettext("%(n)s place is covered in copies now.", "%(n)s places are covered in copies now.", n)
    messages.success(request, said % {"n": n})
    return True


class _Scope:
    """Where to look: one conversation, or what a search found. Raises Http404 for neither."""

    def __init__(self, request: HttpRequest, reader: Reader) -> None:
        number = request.GET.get("found", "")
        is_number = number.isascii() and number.isdigit() and len(number) < 19
        self.asked: AskedSearch | None = searching.asked_by(reader.user, int(number)) if is_number else None
        self.conversation = conversation_or_404(request.GET.get("ref", "")) if self.asked is None else None
        self.conversations, self.is_cut = self._conversations()

    def _conversations(self) -> tuple[list[Conversation], bool]:
        if self.asked is None:
            return ([self.conversation] if self.conversation else []), False
        rows = conversation_ids(Query.parse(self.asked.query)).filter(not_put_away()).order_by("-pk")
        found = list(rows[: MOST_CONVERSATIONS + 1])
        return found[:MOST_CONVERSATIONS], len(found) > MOST_CONVERSATIONS

    @property
    def thing(self) -> Conversation | AskedSearch | None:
        return self.asked or self.conversation

    @property
    def back(self) -> str:
        if self.asked:
            return reverse("transcripts:found", args=[self.asked.pk])
        return reverse("transcripts:reading", args=[self.conversation.ref if self.conversation else ""])
