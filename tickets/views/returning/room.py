"""One conversation, as its visitor finds it again: what was said, the documents, and a box to answer in."""

from __future__ import annotations

import secrets

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods
from msgspec.structs import replace

from chatdesk import pace
from chatdesk.entry_view import entry_event
from chatdesk.models import Conversation, Entry
from chatdesk.protocol import Code, EntryPosted, Refused
from chatdesk.sitelimits import site_settings
from chatdesk.views.files import count_bytes
from tickets.actions import pickup
from tickets.actions.outbox import is_on
from tickets.actions.tickets import resolve
from tickets.lines import one_line
from tickets.views.returning.passes import caller, pass_of

SHOWN = 500
CLIENT_ID_CHARS = 48
STATUS = {Code.RATE: 429, Code.FILE_TOO_LARGE: 413, Code.FILE_TYPE: 415}


# The check of Django's token reads the form, so it comes after the form is held to its limit: hence the two steps.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def room(request: HttpRequest, ref: str) -> HttpResponse:
    if request.method == "POST":
        count_bytes(request)
    return _room(request, ref)


@csrf_protect
def _room(request: HttpRequest, ref: str) -> HttpResponse:
    try:
        conversation = pass_of(request).conversation(ref)
    except Refused as refused:
        return render(request, "returning/closed.html", {"problem": refused.detail}, status=404)
    if request.method == "POST":
        return _posted(request, _where_it_went(conversation))
    pickup.collect(conversation, caller(request), again=True)
    return _shown(request, conversation)


def _where_it_went(conversation: Conversation) -> Conversation:
    """What was merged into another conversation of the same visitor goes on there."""
    place = resolve(conversation)
    return place if place.visitor_id == conversation.visitor_id else conversation


def _posted(request: HttpRequest, conversation: Conversation) -> HttpResponse:
    form = request.POST
    client_id = one_line(form.get("client_id", ""))[:CLIENT_ID_CHARS] or secrets.token_hex(16)
    try:
        pace.check(pace.visitor_posts, conversation.pk)
        pickup.answer(conversation, form.get("body", ""), client_id, request.FILES.getlist("file"))
    except Refused as refused:
        was_said = Entry.objects.filter(conversation=conversation, client_id=client_id).exists()
        return _shown(request, conversation, refused, typed="" if was_said else form.get("body", ""))
    return HttpResponseRedirect(reverse("tickets:return-room", args=[conversation.ref]) + "#end")


def _shown(
    request: HttpRequest, conversation: Conversation, refused: Refused | None = None, typed: str = ""
) -> HttpResponse:
    """`typed`: words that were not said yet. What was said before a file was refused is not to be said twice."""
    limits = site_settings()
    context = {
        "conversation": conversation,
        "goes_on": _where_it_went(conversation),
        "button": conversation.button,
        "entries": _entries(conversation),
        "client_id": secrets.token_hex(16),
        "typed": typed,
        "problem": refused.detail if refused else "",
        "file_mb": limits.file_limit_mb,
        "message_chars": limits.message_limit,
        "policy": limits.policy_text,
        "can_mail": is_on() and pickup.visitor_by_mail(conversation) is not None,
    }
    status = STATUS.get(refused.code, 422) if refused else 200
    return render(request, "returning/room.html", context, status=status)


def _entries(conversation: Conversation) -> list[EntryPosted]:
    """The newest, in order; their files by a door that knows the pass."""
    rows = Entry.objects.filter(conversation=conversation).order_by("-seq")
    newest = rows.select_related("conversation", "participant__user", "file")[:SHOWN]
    return [_event(entry) for entry in reversed(newest)]


def _event(entry: Entry) -> EntryPosted:
    event = entry_event(entry)
    if entry.file is None or event.file is None:
        return event
    url = reverse("tickets:return-file", args=[entry.file.key])
    return replace(event, file=replace(event.file, url=url))
