"""What visitors do with what is theirs: save it, and have it deleted."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from chatdesk import exporting, pace
from chatdesk.actions.erasing import erase
from chatdesk.models import Conversation
from chatdesk.protocol import Code, Refused
from tickets.views.returning import tries
from tickets.views.returning.passes import pass_of
from transcripts.actions import copies
from transcripts.models import Form


@never_cache
@require_safe
def export(request: HttpRequest, ref: str) -> HttpResponse:
    """The conversation to save, as `form` says: pdf, html, text, json, or bundle; their own address is in it."""
    try:
        conversation = pass_of(request).conversation(ref)
        pace.check(tries.copies, conversation.pk)
        file = _file(conversation, request.GET.get("form", ""))
    except Refused as refused:
        status = 429 if refused.code == Code.RATE else 404
        return render(request, "returning/closed.html", {"problem": refused.detail}, status=status)
    response = HttpResponse(file.data, content_type=file.media_type)
    response["Content-Disposition"] = content_disposition_header(True, file.name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'; sandbox"
    return response


def _file(conversation: Conversation, form: str) -> copies.Copy:
    """What is unknown is HTML. JSON is what both sides could read, as plain facts; the bundle is what proves it."""
    if form == "json":
        plain = exporting.export(conversation, form, with_contact=True)
        return copies.Copy(plain.name, plain.media_type, plain.text.encode())
    return copies.make(conversation, form if form in Form.values else Form.HTML)


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
