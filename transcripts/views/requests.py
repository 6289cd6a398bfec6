"""Requests of people about their own data: the list by the day they are due, taking one down, and each of them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from chatdesk.protocol import Refused
from transcripts.actions import custody
from transcripts.actions.requesting import answering, erasing, gate, letters, opening
from transcripts.actions.requesting.looking import WAYS
from transcripts.actions.requesting.restricting import AT_WISH
from transcripts.deadlines import days_left
from transcripts.forms.requests import GoesByForm, RequestForm
from transcripts.models import RequestItem, SubjectRequest
from transcripts.views.door import Reader, compliance, compliance_form

SHOWN = 50
SOON = 10  # days
LETTERS = {"received": letters.receipt, "longer": letters.longer, "answer": letters.answer}
State = RequestItem.State


@compliance
def page(request: HttpRequest, reader: Reader) -> HttpResponse:
    rows = SubjectRequest.objects.select_related("taken_by")
    answered = rows.exclude(answered_at=None).order_by("-answered_at")[:SHOWN]
    woken = rows.filter(items__woken_at__isnull=False, items__state=State.RESTRICTED).distinct()
    facts = {"rows": [_dated(row) for row in rows.filter(answered_at=None)], "answered": answered, "woken": woken}
    return render(request, "transcripts/requests/page.html", {"tab": "requests", **facts})


def _dated(row: SubjectRequest) -> tuple[SubjectRequest, int, bool]:
    left = days_left(row.due_on, gate.today())
    return row, left, left <= SOON


@compliance_form
def take(request: HttpRequest, reader: Reader) -> HttpResponse:
    """Take one down; what is theirs is looked for at once."""
    form = RequestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            taken = opening.take(reader.user, reader.purpose, form.asked())
        except Refused as refused:
            form.add_error("received_on", refused.detail)
        else:
            messages.success(request, _("Taken down. Its month runs."))
            return redirect("transcripts:request", taken.pk)
    facts = {"tab": "requests", "form": form}
    return render(request, "transcripts/requests/new.html", facts, status=422 if form.errors else 200)


@compliance
def request(request: HttpRequest, reader: Reader, number: int) -> HttpResponse:
    """One request: who asks, what is theirs, what becomes of it, and the answer."""
    found = request_or_404(number)
    custody.note(reader.user, "request.read", found, reader.purpose)
    return render(request, "transcripts/requests/request.html", {"tab": "requests", **facts_of(found)})


def request_or_404(number: int) -> SubjectRequest:
    people = ("taken_by", "proven_by", "scoped_by", "extended_by", "answered_by", "export")
    found = SubjectRequest.objects.select_related(*people).filter(pk=min(number, 2**63 - 1)).first()
    if found is None:
        raise Http404
    return found


def facts_of(found: SubjectRequest) -> dict[str, Any]:
    items = list(found.items.select_related("conversation__group").order_by("-is_certain", "-conversation"))
    woken = [item for item in items if item.state == State.RESTRICTED and item.woken_at]
    is_erasure = found.kind == SubjectRequest.Kind.ERASURE
    outcome = answering.outcome_of(found) if found.stage == "work" else None
    asks_erasure = is_erasure and (woken or found.stage == "work")
    return {
        "one": found,
        "left": days_left(found.due_on, gate.today()),
        "soon": SOON,
        "items": [(item, [WAYS.get(way, way) for way in item.found_by]) for item in items],
        "chosen": sum(item.is_chosen for item in items),
        "may_choose": found.answered_at is None and any(item.state == State.FOUND for item in items),
        "goes_by": GoesByForm(),
        "preview": erasing.preview(found) if asks_erasure else [],
        "woken": len(woken),
        "outcome": outcome,
        "may_take_longer": found.stage != "answered" and found.extended_at is None,
        "is_untouched": not any(item.state != State.FOUND for item in items),
        "proofs": SubjectRequest.Proof.choices,
        "ways": SubjectRequest.Through.choices,
        "refusals": [(each.value, each.label) for each in answering.REFUSALS],
        "codes": [(each.value, each.label) for each in AT_WISH],
        "letter": letters.answer(found, outcome or "") if outcome or found.answered_at else "",
    }


@compliance
def letter(request: HttpRequest, reader: Reader, number: int, name: str) -> HttpResponse:
    """A text to hand over: `received`, `longer` or `answer`."""
    found = request_or_404(number)
    is_told = {"received": True, "longer": found.extended_at is not None, "answer": found.answered_at is not None}
    if not is_told.get(name):
        raise Http404
    custody.note(reader.user, "request.read", found, reader.purpose, letter=name)
    answer = HttpResponse(LETTERS[name](found), content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="request-{found.pk}-{name}.txt"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
