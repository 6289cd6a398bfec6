"""Legal holds: those in force, placing one, widening it, and the way to its release."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chatdesk.protocol import Refused
from transcripts.actions import custody, holding, searching
from transcripts.models import LegalHold, Matter
from transcripts.query import Query
from transcripts.views.door import Reader, compliance, compliance_form
from transcripts.words import Unclear

SHOWN = 50
LETTERS = 20_000


class ScopesField(forms.CharField):
    """Searches, one a line, as a list of them."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            max_length=LETTERS,
            label=gettext_lazy("What it holds"),
            help_text=gettext_lazy(
                "A search on each line; what any of them finds is held, now and later. Such as: "
                'visitor:vera@example.org from:2026-01-01, or group:sales "torn jacket", or ref: and a conversation.'
            ),
            widget=forms.Textarea(attrs={"rows": 4, "dir": "auto", "spellcheck": "false"}),
            **options,
        )

    def clean(self, value: Any) -> list[str]:
        text = super().clean(value)
        try:
            return holding.scopes_of(text)
        except Unclear as unclear:
            raise forms.ValidationError(str(unclear)) from None


class HoldForm(forms.Form):
    matter = forms.ModelChoiceField(
        queryset=Matter.objects.filter(closed_at=None), label=gettext_lazy("Matter"), empty_label=None
    )
    name = forms.CharField(max_length=120, label=gettext_lazy("Name"))
    scopes = ScopesField()
    reason = forms.CharField(max_length=300, label=gettext_lazy("Why it has to be kept"))


class WidenForm(forms.Form):
    scopes = ScopesField()


@compliance
def page(request: HttpRequest, reader: Reader) -> HttpResponse:
    rows = LegalHold.objects.select_related("matter", "created_by").annotate(held=Count("matches"))
    in_force = [row for row in rows if row.released_at is None]
    released = [row for row in rows if row.released_at]
    has_matter = Matter.objects.filter(closed_at=None).exists()
    facts = {"tab": "holds", "in_force": in_force, "released": released, "has_matter": has_matter}
    return render(request, "transcripts/holds/page.html", facts)


@compliance_form
def place(request: HttpRequest, reader: Reader) -> HttpResponse:
    """A new hold: counted first (`count`), then placed. `?search=` (one's own) and `?matter=` fill it in."""
    form = HoldForm(request.POST or None, initial=_first(request, reader))
    counted: list[tuple[Query, int]] = []
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if "count" in request.POST:
            counted = holding.preview(given["scopes"])
            custody.note(reader.user, "hold.count", given["matter"], reader.purpose, searches=len(counted))
        else:
            placed = _placed(reader, form)
            if placed is not None:
                messages.success(request, _("The hold is in force."))
                return redirect("transcripts:hold", placed.pk)
    facts = {"tab": "holds", "form": form, "counted": counted}
    return render(request, "transcripts/holds/place.html", facts, status=422 if form.errors else 200)


def _first(request: HttpRequest, reader: Reader) -> dict[str, Any]:
    number, matter = request.GET.get("search", ""), request.GET.get("matter", "")
    is_number = number.isascii() and number.isdigit() and len(number) < 19
    asked = searching.asked_by(reader.user, int(number)) if is_number else None
    return {"scopes": asked.query if asked else "", "matter": matter}


def _placed(reader: Reader, form: HoldForm) -> LegalHold | None:
    given = form.cleaned_data
    try:
        what = {name: given[name] for name in ("name", "scopes", "reason")}
        return holding.place(reader.user, reader.purpose, given["matter"].pk, **what)
    except Refused as refused:
        form.add_error(None, refused.detail)
        return None


@compliance_form
def hold(request: HttpRequest, reader: Reader, number: int) -> HttpResponse:
    """One hold, what it found, and the form that widens it."""
    found = _hold(number)
    form = WidenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            holding.widen(reader.user, reader.purpose, found.pk, form.cleaned_data["scopes"])
        except Refused as refused:
            form.add_error(None, refused.detail)
        else:
            messages.success(request, _("The hold is wider now."))
            return redirect("transcripts:hold", found.pk)
    matches = found.matches.select_related("conversation__group").order_by("-conversation")
    facts = {
        "tab": "holds",
        "hold": found,
        "form": form,
        "count": matches.count(),
        "matches": matches[:SHOWN],
        "release": holding.waiting_release(found),
    }
    return render(request, "transcripts/holds/hold.html", facts, status=422 if form.errors else 200)


@compliance_form
def release(request: HttpRequest, reader: Reader, number: int) -> HttpResponse:
    """Ask for the release of a hold; somebody else decides on the page of retention."""
    found = _hold(number)
    if request.method == "POST":
        try:
            holding.ask_release(reader.user, reader.purpose, found.pk, request.POST.get("reason", ""))
            messages.success(request, _("Asked for. Somebody else has to agree, and then a day passes."))
        except Refused as refused:
            messages.error(request, refused.detail)
    return redirect("transcripts:hold", found.pk)


def _hold(number: int) -> LegalHold:
    found = LegalHold.objects.select_related("matter", "created_by").filter(pk=min(number, 2**63 - 1)).first()
    if found is None:
        raise Http404
    return found
