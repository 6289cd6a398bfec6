"""The pick-up box beside a conversation at the desk: how it stands, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from accounts.models import User
from chatdesk.models import Conversation
from chatdesk.permissions import conversation_for_operator, deeds
from chatdesk.protocol import Code, Refused
from chatdesk.views.desk.door import desk_form
from tickets.actions import pickup
from tickets.actions.outbox import is_on
from tickets.actions.pickup.standing import has_left, reached
from tickets.models import PickupBox, PickupOpening

SHOWN_OPENINGS = 20
SHOWN = (Code.CONFLICT, Code.FORM, Code.INVALID)


def render_side(context: Mapping[str, Any]) -> SafeString:
    """For the slot beside the conversation."""
    facts = panel_context(context["user"], context["conversation"])
    return mark_safe(render_to_string("returning/_side.html", facts, context.get("request")))  # noqa: S308


def render_marks(user: User, conversation: Conversation, numbers: Sequence[int]) -> dict[int, SafeString]:
    """For the slot below entries: waiting, collected, expired."""
    found = reached(conversation, numbers)
    return {
        seq: mark_safe(render_to_string("returning/_mark.html", {"reached": each}))  # noqa: S308
        for seq, each in found.items()
    }


def render_script(context: Mapping[str, Any]) -> SafeString:
    """What copies, once for the page."""
    return mark_safe(render_to_string("returning/_copying.html"))  # noqa: S308


@desk_form
def box(request: HttpRequest, user: User, ref: str) -> HttpResponse:
    """`action`: make, send, revoke, ask_code, ask_no_code or reopen. The panel after it."""
    conversation = conversation_for_operator(user, ref, "answer")
    steps: dict[str, Callable[[], object]] = {
        "make": lambda: pickup.renew_link(user, ref),
        "send": lambda: pickup.send_link(user, ref),
        "revoke": lambda: pickup.revoke_link(user, ref),
        "ask_code": lambda: pickup.ask_code(user, ref, asks=True),
        "ask_no_code": lambda: pickup.ask_code(user, ref, asks=False),
        "reopen": lambda: pickup.take_up_again(user, ref),
    }
    action = request.POST.get("action", "")
    problem = ""
    try:
        steps.get(action, _unknown)()
    except Refused as refused:
        if refused.code not in SHOWN:
            raise
        problem = refused.detail
    facts = panel_context(user, conversation) | {"problem": problem, "done": "" if problem else _said(action)}
    response = render(request, "returning/_side.html", facts)
    if action == "reopen" and not problem:
        response["HX-Refresh"] = "true"
    return response


def panel_context(user: User, conversation: Conversation) -> dict[str, Any]:
    """What returning/_side.html needs. A look makes no box."""
    row = PickupBox.objects.filter(conversation=conversation).first()
    able = deeds(user, conversation, "answer", "contact")
    reachable = bool(conversation.email) or pickup.visitor_by_mail(conversation) is not None
    return {
        "conversation": conversation,
        "box": pickup.look_at(row) if row else None,
        "may_answer": able["answer"],
        "may_send": able["answer"] and reachable and is_on(),
        "has_left": has_left(conversation, timezone.now()),
        "reachable": reachable,
        "openings": _openings(row) if row and able["contact"] else [],
    }


def _openings(row: PickupBox) -> list[PickupOpening]:
    rows = PickupOpening.objects.filter(box=row).select_related("file").order_by("-pk")
    return list(rows[:SHOWN_OPENINGS])


def _said(action: str) -> str:
    return {"send": _("The link is on its way by mail."), "revoke": _("The link opens nothing any more.")}.get(
        action, ""
    )


def _unknown() -> None:
    raise Refused(Code.INVALID, _("There is no such step."))
