"""Who read what: the compliance desk's own trail, from the audit log, which nobody can change."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.audit_words import in_words
from accounts.models import AuditEntry, User
from transcripts.actions.custody import PREFIX
from transcripts.models import AskedSearch, Purpose
from transcripts.views.door import Reader, compliance

PAGE = 100


@compliance
def page(request: HttpRequest, reader: Reader) -> HttpResponse:
    """The newest first; by person, action or matter, and before a number."""
    rows = AuditEntry.objects.filter(action__startswith=PREFIX)
    person, matter, before = (_number(request.GET.get(name, "")) for name in ("person", "matter", "before"))
    if person:
        rows = rows.filter(actor_id=person)
    if matter:
        purposes = Purpose.objects.filter(matter=matter).values_list("pk", flat=True)
        rows = rows.filter(after__purpose__in=list(purposes))
    if before:
        rows = rows.filter(pk__lt=before)
    shown = list(rows.order_by("-pk")[: PAGE + 1])
    people = User.objects.filter(pk__in=AuditEntry.objects.filter(action__startswith=PREFIX).values("actor_id"))
    facts = {"tab": "readings", "rows": _told(shown[:PAGE]), "people": people, "person": person}
    facts |= {"more": shown[PAGE - 1].pk if len(shown) > PAGE else None}
    return render(request, "transcripts/readings.html", facts)


def _told(rows: list[AuditEntry]) -> list[tuple[AuditEntry, str, str]]:
    """Each with its action in words, and the line of a search, which stands in its own row: it can be forgotten."""
    label = AskedSearch._meta.label_lower
    numbers = [int(row.object_id) for row in rows if row.object_type == label and row.object_id.isdigit()]
    lines = dict(AskedSearch.objects.filter(pk__in=numbers).values_list("pk", "query"))
    return [(row, in_words(row.action), _line(row, lines) if row.object_type == label else "") for row in rows]


def _line(row: AuditEntry, lines: dict[int, str]) -> str:
    return lines.get(int(row.object_id), "") if row.object_id.isdigit() else ""


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
