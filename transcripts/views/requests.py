"""Requests of people about their own data: the list by the day they are due."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from transcripts.models import SubjectRequest
from transcripts.views.door import Reader, compliance

SHOWN = 50


@compliance
def page(request: HttpRequest, reader: Reader) -> HttpResponse:
    rows = SubjectRequest.objects.select_related("taken_by")
    answered = rows.exclude(answered_at=None).order_by("-answered_at")
    facts = {"tab": "requests", "rows": rows.filter(answered_at=None), "answered": answered[:SHOWN]}
    return render(request, "transcripts/requests/page.html", facts)
