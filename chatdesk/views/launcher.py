"""What the launcher on a host page is told about its button, as one small JSON object."""

from __future__ import annotations

import math
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.templatetags.static import static
from django.utils import timezone
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

from chatdesk.buttonwords import ButtonWords
from chatdesk.models import Button, WhenClosed
from chatdesk.page_invitations import PageInvitation, page_invitations
from chatdesk.protocol import ButtonState
from chatdesk.states import offered_groups
from chatdesk.views.visitor.colours import ink_on
from chatdesk.views.visitor.texts import HEAD, STATES
from routing.opening import next_change

FAR = 24 * 3600  # seconds; a change of hours beyond is heard of when the page is looked at again
NOBODY = ("masked", "offline")


def launcher_facts(button: Button, now: ButtonState, words: ButtonWords) -> dict[str, Any]:
    """How the button looks and what it says; `look` is how it is drawn."""
    facts: dict[str, Any] = {
        "button": button.slug,
        "state": "hidden" if _hidden(button, now) else now.state,
        "look": "offline" if _as_usual(button, now) else now.state,
        "words": _words(button, now),
        "label": words.label,
        "close": _("Close chat"),
        "colour": button.colour,
        "ink": ink_on(button.colour),
        "position": button.position,
        "dir": "rtl" if get_language_bidi() else "ltr",
        "lang": get_language(),
    }
    return {**facts, "opens_at": now.opens_at} if now.opens_at else facts


def launcher_plans(button: Button, now: ButtonState) -> dict[str, Any]:
    """What it is to do by itself; `ask_in`: seconds until opening hours change the state."""
    groups = offered_groups(button)
    return {**_ask_in(next_change(groups)), **_invite(page_invitations(button, now, groups))}


def _hidden(button: Button, now: ButtonState) -> bool:
    return button.when_closed == WhenClosed.HIDE and now.state in NOBODY


def _as_usual(button: Button, now: ButtonState) -> bool:
    return now.state == "masked" and button.when_closed == WhenClosed.MESSAGE


def _words(button: Button, now: ButtonState) -> str:
    """`%s` is for the script, which knows the visitor's zone."""
    if now.state == "busy" and now.waiting is not None:
        return HEAD["busy_place"] % {"n": now.waiting + 1}
    if now.state != "masked":
        return str(STATES[now.state])
    if _as_usual(button, now):
        return _("Leave a message; we open %s, your time") if now.opens_at else _("Leave a message")
    return _("Closed, opens %s, your time") if now.opens_at else str(STATES["masked"])


def _ask_in(change: datetime | None) -> dict[str, int]:
    if change is None:
        return {}
    seconds = max(1, math.ceil((change - timezone.now()).total_seconds()))
    return {"ask_in": seconds} if seconds < FAR else {}


def _invite(rules: list[PageInvitation]) -> dict[str, Any]:
    if not rules:
        return {}
    told = {"words": {"title": _("Invitation to chat"), "yes": _("Start a chat"), "no": _("No, thank you")}}
    return {"invite": {"script": static("widget/invitation.js"), "rules": [asdict(rule) for rule in rules], **told}}
