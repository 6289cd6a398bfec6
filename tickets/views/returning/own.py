"""What visitors do with what is theirs: save it, and have it deleted."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from chatdesk import exporting
from chatdesk.actions.erasing import erase
from chatdesk.protocol import Refused
from tickets.views.returning.passes import pass_of


@never_cache
@require_safe
def export(request: HttpRequest, ref: str) -> HttpResponse:
    """The conversation to save, as `form` says: text, html or json; their own address is in it."""
    try:
        conversation = pass_of(request).conversation(ref)
    except Refused as refused:
        return render(request, "returning/closed.html", {"problem": refused.detail}, status=404)
    asked = request.GET.get("form", "")
    file = exporting.export(conversation, asked if asked in exporting.FORMS else "html", with_contact=True)
    response = HttpResponse(file.text, content_type=file.media_type)
    response["Content-Disposition"] = content_disposition_header(True, file.name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'; sandbox"
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, ref: str) -> HttpResponse:
    """Asked once, then done."""
    try:
        conversation = pass_of(request).conversation(ref)
    except Refused as refused:
        return render(request, "returning/closed.html", {"problem": refused.detail}, status=404)
    context = {"conversation": conversation}
    if request.method == "POST":
        try:
            erase(conversation)
        except Refused as refused:
            return render(request, "returning/delete.html", context | {"problem": refused.detail}, status=409)
        return HttpResponseRedirect(reverse("tickets:return") + "?deleted")
    return render(request, "returning/delete.html", context)
