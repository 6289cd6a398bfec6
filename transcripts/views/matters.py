"""Matters, and the searches that are kept under them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from transcripts.models import Matter
from transcripts.views.door import Reader, compliance


@compliance
def page(request: HttpRequest, reader: Reader) -> HttpResponse:
    return render(request, "transcripts/matters.html", {"tab": "matters", "matters": Matter.objects.all()})
