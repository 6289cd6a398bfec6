"""A document, to who opened its conversation."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from chatdesk.models import File
from chatdesk.views.files import handed_out, nothing
from tickets.actions import pickup
from tickets.views.returning.passes import caller, pass_of


@require_safe
def file(request: HttpRequest, key: str) -> HttpResponseBase:
    held = pass_of(request)
    found = File.objects.filter(key=key, state=File.State.STORED, conversation__in=held.conversations).first()
    if found is None:
        return nothing()
    if request.method == "GET":
        pickup.saved(found, caller(request))
    return handed_out(request, found)
