"""What the chat page shows of the pick-up box: link, words, a picture for a telephone, and a way to be told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from accounts.qr import qr_svg
from chatdesk.models import Button, Conversation, FieldRule
from tickets.actions import pickup
from tickets.actions.outbox import is_on

NOTHING = mark_safe("")


def kept(context: Mapping[str, Any]) -> SafeString:
    """Below the log, folded while somebody may come; open once it is a message, or over."""
    if _is_preview(context):
        return NOTHING
    return _rendered("returning/_kept.html", context, "kept")


def ending(context: Mapping[str, Any]) -> SafeString:
    """In the question before the end."""
    if _is_preview(context):
        return NOTHING
    return _rendered("returning/_ending.html", context, "ending")


def offline(context: Mapping[str, Any]) -> SafeString:
    """While nobody is there: an address for the answer, where the button's own form asks for none."""
    button = context.get("button")
    if not isinstance(button, Button) or button.email_field != FieldRule.OFF or not is_on():
        return NOTHING
    return mark_safe(render_to_string("returning/_offline.html", {"typed": context.get("typed")}))  # noqa: S308


def box_context(conversation: Conversation, name: str) -> dict[str, Any]:
    """What returning/_box.html needs. `name` keeps two boxes of a page apart."""
    box = pickup.living_box(conversation) if _may_renew(conversation) else pickup.box_of(conversation)
    return {
        "box": box,
        "ref": conversation.ref,
        "qr": qr_svg(box.link) if box.is_open else "",
        "name": name,
        "typed_at": settings.SITE_URL.partition("://")[2] + reverse("tickets:return"),
        "action": _address(conversation.button),
        "asks_address": is_on() and pickup.visitor_by_mail(conversation) is None and not conversation.email,
        "has_address": bool(conversation.email) or pickup.visitor_by_mail(conversation) is not None,
    }


def _may_renew(conversation: Conversation) -> bool:
    """What somebody at the desk withdrew stays withdrawn; what expired is made anew for who is here."""
    return pickup.box_of(conversation).state != pickup.Standing.REVOKED


def _rendered(template: str, context: Mapping[str, Any], name: str) -> SafeString:
    button, ref = context["button"], context["config"]["conversation"]
    conversation = Conversation.objects.select_related("button").filter(ref=ref).first() if ref else None
    shown = box_context(conversation, name) if conversation and _is_wanted(context, name) else {}
    facts = {"part": _address(button), "is_open": context.get("state") in ("message", "closed"), **shown}
    return mark_safe(render_to_string(template, facts | {"name": name}))  # noqa: S308 - a template of ours


def _is_wanted(context: Mapping[str, Any], name: str) -> bool:
    """Only where it is seen: a question that was not asked yet makes no box."""
    if name == "ending":
        return bool(context.get("ending"))
    return context.get("state") in ("waiting", "message", "closed")


def _is_preview(context: Mapping[str, Any]) -> bool:
    return bool(context["config"]["still"])


def _address(button: Button) -> str:
    return reverse("tickets:return-here", args=[button.slug])
