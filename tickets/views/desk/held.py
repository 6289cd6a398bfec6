"""What waits for a person: the list of who may decide about it, and the originals behind it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.models import User
from accounts.permissions import opens
from chatdesk.protocol import Code, Refused
from chatdesk.views.desk.door import desk_form, desk_view, record_dialog
from tickets.actions.deciding import refuse, release
from tickets.actions.originals import original_of, readable
from tickets.models import Held
from tickets.permissions import may_read_originals
from tickets.querysets import held_for
from tickets.views.desk.changes import SHOWN
from tickets.views.desk.lists import frame

MOST = 100


@desk_view
def held(request: HttpRequest, user: User) -> HttpResponse:
    """What this person may decide about, the oldest first."""
    return render(request, "tickets/held.html", _context(user))


@desk_form
def decide(request: HttpRequest, user: User, number: int) -> HttpResponse:
    """`how`: release or refuse, with a `reason`."""
    try:
        (release if request.POST.get("how") == "release" else refuse)(user, number, request.POST.get("reason", ""))
    except Refused as refused:
        if refused.code not in SHOWN and not refused.code.startswith("file."):
            raise
        told = {"error": refused.detail, "number": number, "given": request.POST.get("reason", "")}
        return render(request, "tickets/held.html", _context(user) | told, status=409)
    return redirect("tickets:held")


@record_dialog
def original(request: HttpRequest, user: User, number: int) -> HttpResponse:
    """A mail as it came, for a `reason`: shown beside what became of it, or with `raw` as a file that nothing runs."""
    if request.method == "GET":
        return _asked(request, user, readable(user, number).pk)
    try:
        found = original_of(user, number, request.POST.get("reason", ""))
    except Refused as refused:
        if refused.code != Code.FORM:
            raise
        return _asked(request, user, number, refused.detail)
    if "raw" not in request.POST:
        context = {"original": found, "number": number, "given": request.POST.get("reason", "")}
        return render(request, "tickets/original.html", context | _around(user))
    answer = HttpResponse(found.raw, content_type="application/octet-stream")
    answer["Content-Disposition"] = f'attachment; filename="mail-{number}.eml"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _around(user: User) -> dict[str, Any]:
    """Compliance reads an original without a desk, and so without its lists."""
    return frame(user, "held") | {"is_at_desk": True} if opens(user, "dashboard") else {}


def _asked(request: HttpRequest, user: User, number: int, missing: str = "") -> HttpResponse:
    context = {"number": number, "missing": missing} | _around(user)
    return render(request, "tickets/original.html", context, status=400 if missing else 200)


def _context(user: User) -> dict[str, Any]:
    rows = list(held_for(user)[:MOST])
    return {"rows": [(row, _opens_original(user, row)) for row in rows]} | frame(user, "held")


def _opens_original(user: User, row: Held) -> bool:
    return row.incoming_id is not None and may_read_originals(user, row.conversation)
