"""For everybody: is this copy, or this check code, from here? What is sent is looked at in memory and kept nowhere."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.addresses import client_address, subscriber
from chatdesk import pace
from chatdesk.buckets import Buckets
from chatdesk.protocol import Refused
from transcripts.actions import checkcodes, signing
from transcripts.verify.check import check_file
from transcripts.verify.report import Report, Unreadable
from transcripts.verify.trust import Trust

MOST_BYTES = 2_500_000
tries = Buckets(30, 60)  # by network


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    facts: dict[str, Any] = {"code": request.GET.get("code", "")[:60]}
    try:
        if request.method == "POST":
            pace.check(tries, subscriber(client_address(request)))
            facts |= _checked(request)
        elif facts["code"]:
            pace.check(tries, subscriber(client_address(request)))
            facts |= _of_code(facts["code"])
    except Refused as refused:
        facts["problem"] = refused.detail
    return render(request, "transcripts/verify.html", facts)


def _checked(request: HttpRequest) -> dict[str, Any]:
    sent = request.FILES.get("copy")
    if sent is None or sent.size is None:
        return _of_code(request.POST.get("code", "")[:60])
    if sent.size > MOST_BYTES:
        return {"problem": _("This file is too large. Your copy is a file of at most 2.5 MB.")}
    try:
        report = check_file(sent.read(), Trust())
    except Unreadable:
        return {"problem": _("This is no copy of a conversation from here. It is the file that ends in .json.")}
    return {"report": report, "is_ours": _is_ours(report)}


def _is_ours(report: Report) -> bool:
    """Whether the key that signed it is one of this desk's."""
    return any(each.key == report.key for each in signing.public_keys())


def _of_code(typed: str) -> dict[str, Any]:
    leaf = checkcodes.find(typed)
    if leaf is None:
        return {"code": typed, "problem": _("Nothing is found with this code. Please check that it is complete.")}
    said = json.loads(leaf.data)
    return {"code": typed, "closed_at": datetime.fromisoformat(said["at"]), "count": said["body"]["count"]}
