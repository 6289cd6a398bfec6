"""The search: one line with words and filters, the newest conversations first."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from transcripts.views.door import Reader, compliance


@compliance
def page(request: HttpRequest, reader: Reader) -> HttpResponse:
    return render(request, "transcripts/search.html", {"tab": "search"})
