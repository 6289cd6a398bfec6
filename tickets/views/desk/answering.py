"""Answers to a visitor who is not there: they wait some seconds, in which they can be taken back."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from accounts.models import User
from chatdesk.models import Conversation
from chatdesk.permissions import conversation_for_operator
from chatdesk.protocol import Refused
from chatdesk.views.desk.door import desk_form, desk_view
from chatdesk.views.files.answers import STATUS
from tickets.actions import outbox
from tickets.actions.reaching import way_to
from tickets.lines import one_line
from tickets.models import MailSettings, PendingAnswer

LONGEST_CLIENT_ID = 64


@desk_view
def answers(request: HttpRequest, user: User, ref: str) -> HttpResponse:
    """Those that wait."""
    return render(request, "tickets/_answers.html", _waiting(user, conversation_for_operator(user, ref)))


@desk_form
def answer(request: HttpRequest, user: User, ref: str) -> HttpResponse:
    """Keep one: `client_id`, `body`. Answers JSON, as uploads do."""
    conversation_for_operator(user, ref, "answer")
    client_id = one_line(request.POST.get("client_id", ""))[:LONGEST_CLIENT_ID] or secrets.token_hex(16)
    try:
        kept = outbox.answer(user, ref, request.POST.get("body", ""), client_id)
    except Refused as refused:
        return _refused(refused)
    return JsonResponse({"kept": kept.pk, "due": kept.due_at})


@desk_form
def take_back(request: HttpRequest, user: User, ref: str, number: int) -> HttpResponse:
    """The text again, into the box, if it has not left."""
    conversation_for_operator(user, ref)
    try:
        return JsonResponse({"body": outbox.take_back(user, number)})
    except Refused as refused:
        return _refused(refused)


def render_composer(context: Mapping[str, Any]) -> str:
    """Above the composer: how an answer will reach the visitor, and what waits to leave."""
    user, conversation = context["user"], context["conversation"]
    way = way_to(conversation)
    facts = {"way": way, "undo": MailSettings.load().undo_seconds if way.is_away else 0, **_waiting(user, conversation)}
    return render_to_string("tickets/_composer.html", facts, context.get("request"))


def _waiting(user: User, conversation: Conversation) -> dict[str, Any]:
    rows = PendingAnswer.objects.filter(conversation=conversation).select_related("author").order_by("due_at", "pk")
    return {"conversation": conversation, "waiting": list(rows), "user": user}


def _refused(refused: Refused) -> JsonResponse:
    status = STATUS.get(refused.code, 400)
    return JsonResponse({"code": refused.code, "detail": refused.detail}, status=status)
