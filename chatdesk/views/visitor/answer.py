"""The chat page, rendered."""

from __future__ import annotations

import secrets
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from chatdesk.links import page_url
from chatdesk.models import Button, FieldRule
from chatdesk.sitelimits import site_settings
from chatdesk.states import conversation_states
from chatdesk.views.visitor.asked import Asked
from chatdesk.views.visitor.closed import closed_card
from chatdesk.views.visitor.colours import drawn_in, ink_on
from chatdesk.views.visitor.config import config
from chatdesk.views.visitor.standing import entries_after, standing
from chatdesk.views.visitor.texts import GROUP_STATES, PROMISED, PROMISES


def rendered(asked: Asked, *, problem: str = "", status: int = 200) -> HttpResponse:
    """The whole page. `problem`: why a form was refused; what was typed stands in it again."""
    conversation = asked.conversation
    state = asked.state
    place = conversation_states([conversation.pk])[conversation.pk] if conversation else None
    context = {
        "button": asked.button,
        "words": asked.words,
        "logo": asked.logo,
        "own_colour": _own_colour(asked.button),
        "page_url": page_url(asked.button),
        "config": config(asked),
        "entries": entries_after(conversation, 0) if conversation else [],
        "client_id": secrets.token_hex(16),
        "problem": problem,
        "typed": asked.typed,
        "scheme": asked.scheme,
        "tokens": drawn_in(asked.scheme),
        "ending": "end" in asked.request.GET,
        "asks_address": _asks_address(asked),
        "promise": PROMISES[PROMISED[state.state]],
        "closed": closed_card(state),
        "policy": site_settings().policy_text,
        **standing(state, place),
        **_form(asked),
    }
    return render(asked.request, "chat/page.html", context, status=status)


def _asks_address(asked: Asked) -> bool:
    """Without script, the address has a step of its own: `?mail`, or a form with one that was refused."""
    return "mail" in asked.request.GET or asked.request.POST.get("choice") == "mail"


def forbidden(asked: Asked) -> HttpResponse:
    words = _("This form was sent from another site. Please send it again from here.")
    return rendered(asked, problem=words, status=403)


def _form(asked: Asked) -> dict[str, Any]:
    """The pre-chat form, with what was typed into it."""
    button = asked.button
    known = (
        ("name", "text", _("Your name"), button.name_field, "name"),
        ("email", "email", _("Your e-mail address"), button.email_field, "email"),
        ("question", "text", asked.words.question_label, button.question_field, "off"),
    )
    fields = [
        {
            "name": name,
            "type": kind,
            "label": label,
            "required": rule == FieldRule.REQUIRED,
            "complete": complete,
            "value": asked.typed.get(name, ""),
        }
        for name, kind, label, rule, complete in known
        if rule != FieldRule.OFF
    ]
    required = button.group_field == FieldRule.REQUIRED
    return {"fields": fields, "group_required": required, "groups": _choices(asked)}


def _choices(asked: Asked) -> list[dict[str, Any]]:
    """The groups to choose from; none where there is no choice."""
    button, groups = asked.button, asked.groups
    if button.group is not None or button.group_field == FieldRule.OFF or len(groups) < 2:
        return []
    states = [(group, asked.state.groups[group.slug]) for group in groups]
    return [{"slug": g.slug, "name": g.name, "state": own, "words": GROUP_STATES[own]} for g, own in states]


def _own_colour(button: Button) -> dict[str, str] | None:
    default = button._meta.get_field("colour").default
    return None if button.colour.lower() == default else {"colour": button.colour, "ink": ink_on(button.colour)}
