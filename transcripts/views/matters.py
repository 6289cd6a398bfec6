"""Matters, the searches that are kept under them, and reports on what they hit."""

from __future__ import annotations

import csv
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from transcripts.actions import custody, searching
from transcripts.actions import matters as acts
from transcripts.actions.finding import find
from transcripts.models import Matter, SavedSearch
from transcripts.query import Query
from transcripts.views.door import Reader, compliance, compliance_form
from transcripts.words import Unclear


class MatterForm(forms.Form):
    number = forms.CharField(
        max_length=40, label=gettext_lazy("Number"), help_text=gettext_lazy("As your files have it, such as 2026-014.")
    )
    name = forms.CharField(max_length=120, label=gettext_lazy("Name"))
    note = forms.CharField(
        max_length=2000, required=False, label=gettext_lazy("Note"), widget=forms.Textarea(attrs={"rows": 3})
    )

    def clean_number(self) -> str:
        number: str = self.cleaned_data["number"]
        if Matter.objects.filter(number=number).exists():
            raise forms.ValidationError(_("There is a matter of this number already."))
        return number


@compliance_form
def page(request: HttpRequest, reader: Reader) -> HttpResponse:
    """All matters, the open ones first; sent, the form opens a new one."""
    form = MatterForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            matter = acts.open_matter(reader.user, reader.purpose, given["number"], given["name"], given["note"])
            return redirect("transcripts:matter", matter.pk)
        except acts.NotPossible as reason:  # somebody was quicker
            form.add_error("number", str(reason))
    rows = Matter.objects.annotate(kept=Count("searches")).order_by("closed_at", "-pk")
    facts = {"tab": "matters", "form": form, "rows": sorted(rows, key=lambda each: each.closed_at is not None)}
    return render(request, "transcripts/matters.html", facts, status=422 if form.errors else 200)


@compliance
def matter(request: HttpRequest, reader: Reader, number: int) -> HttpResponse:
    """One matter: its searches with what they hit then, and now for who asks (`?now=1`)."""
    found = _matter(number)
    searches = list(found.searches.select_related("created_by"))
    is_now = "now" in request.GET
    rows = [(search, *_now(search, is_now)) for search in searches]
    facts = {"tab": "matters", "reader": reader, "matter": found, "rows": rows, "is_now": is_now}
    return render(request, "transcripts/matter.html", facts)


def _now(search: SavedSearch, is_now: bool) -> tuple[Any, str]:
    """What it finds now; or why it can't be run any more, after a change of what searches may hold."""
    if not is_now:
        return None, ""
    try:
        return find(Query.parse(search.query)).counts(), ""
    except Unclear as unclear:
        return None, str(unclear)


def _matter(number: int) -> Matter:
    found = Matter.objects.filter(pk=min(number, 2**63 - 1)).first()
    if found is None:
        raise Http404
    return found


def _search(number: int) -> SavedSearch:
    found = SavedSearch.objects.select_related("matter").filter(pk=min(number, 2**63 - 1)).first()
    if found is None:
        raise Http404
    return found


@compliance_form
def change(request: HttpRequest, reader: Reader, number: int) -> HttpResponse:
    """Close a matter, or open it again."""
    found = _matter(number)
    if request.method == "POST":
        deed = acts.reopen_matter if "reopen" in request.POST else acts.close_matter
        deed(reader.user, reader.purpose, found.pk)
    return redirect("transcripts:matter", found.pk)


@compliance_form
def keep(request: HttpRequest, reader: Reader, number: int) -> HttpResponse:
    """Keep a search of one's own under a matter."""
    asked = searching.asked_by(reader.user, min(number, 2**63 - 1))
    chosen, name = request.POST.get("matter", ""), " ".join(request.POST.get("name", "").split())[:120]
    if asked is None:
        raise Http404
    if not (chosen.isascii() and chosen.isdigit() and len(chosen) < 19 and name) or "\x00" in name:
        return redirect("transcripts:found", asked.pk)
    try:
        saved = acts.keep(reader.user, reader.purpose, asked, int(chosen), name)
    except acts.NotPossible as reason:
        messages.error(request, str(reason))
        return redirect("transcripts:found", asked.pk)
    messages.success(request, _("Kept as “%(name)s”, version %(n)s.") % {"name": saved.name, "n": saved.version})
    return redirect("transcripts:matter", saved.matter_id)


@compliance_form
def rerun(request: HttpRequest, reader: Reader, number: int) -> HttpResponse:
    """Ask a kept search again, as one's own."""
    saved = _search(number)
    if request.method != "POST":
        return redirect("transcripts:matter", saved.matter_id)
    try:
        return redirect("transcripts:found", searching.ask(reader.user, reader.purpose, saved.query).pk)
    except Unclear as unclear:
        messages.error(request, str(unclear))
        return redirect("transcripts:matter", saved.matter_id)


@compliance
def report(request: HttpRequest, reader: Reader, number: int) -> HttpResponse:
    """Which term hits how much, as a table; with `?form=csv` as a file (RFC 4180)."""
    saved = _search(number)
    lines = list(acts.report(Query.parse(saved.query)))
    is_file = request.GET.get("form") == "csv"
    custody.note(reader.user, "report", saved, reader.purpose, form="csv" if is_file else "page")
    if not is_file:
        facts = {"tab": "matters", "saved": saved, "matter": saved.matter, "lines": lines}
        return render(request, "transcripts/report.html", facts)
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="hits-{saved.pk}.csv"'
    rows = csv.writer(answer)
    rows.writerow(["term", "conversations", "texts", "only_by_this_term"])
    # The apostrophe keeps a table program from taking a search for a formula: -refund would be one.
    for line in lines:
        term = f"'{line.term}" if line.term[:1] in "=+-@" else line.term
        rows.writerow([term, line.counts.conversations, line.counts.texts, line.only])
    return answer
