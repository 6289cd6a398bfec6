"""The chat page, rendered."""

from __future__ import annotations

import secrets
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from chatdesk.entry_view import entry_event
from chatdesk.models import Conversation, Entry, FieldRule
from chatdesk.protocol import ButtonState, ConversationState, EntryPosted
from chatdesk.states import button_state, conversation_states, offered_groups
from chatdesk.views.visitor.asked import Asked
from chatdesk.views.visitor.colours import ink_on
from chatdesk.views.visitor.config import config, page_url
from chatdesk.views.visitor.texts import GROUP_STATES, HEAD, PROMISES, STATES
from chatdesk.views.visitor.waits import about, waiting_words

SHOWN_AT_ONCE = 500  # entries in the page itself
REFRESH_SECONDS = 10


def rendered(asked: Asked, *, problem: str = "", status: int = 200) -> HttpResponse:
    """The whole page. `problem`: why a form was refused; what was typed stands in it again."""
    conversation = asked.conversation
    state = button_state(asked.button)
    place = conversation_states([conversation.pk])[conversation.pk] if conversation else None
    context = {
        "button": asked.button,
        "own_colour": _own_colour(asked),
        "page_url": page_url(asked.button),
        "config": config(asked.request, asked.button, state, conversation),
        "entries": _entries(conversation) if conversation else [],
        "refresh": _refresh(asked, place),
        "client_id": secrets.token_hex(16),
        "problem": problem,
        "typed": asked.request.POST,
        "ending": "end" in asked.request.GET,
        **_standing(state, place),
        **_form(asked, state),
    }
    return render(asked.request, "chat/page.html", context, status=status)


def _standing(state: ButtonState, place: ConversationState | None) -> dict[str, Any]:
    operator = place.operator if place else None
    waiting = place is not None and place.state == "waiting"
    presence, words = _presence(state, place)
    return {
        "state": place.state if place else "new",
        "operator": operator,
        "presence": presence,
        "presence_words": words,
        "promise": PROMISES["promise_kept" if state.state == "offline" else "promise_here"],
        "waiting": waiting_words(place.position, place.wait_seconds) if place and waiting else "",
    }


def _presence(state: ButtonState, place: ConversationState | None) -> tuple[str, object]:
    """The dot and the words of the head: the conversation's own, else the button's."""
    if place is None:
        return state.state, state_words(state)
    if place.operator:
        return "online", HEAD["with_you"]
    if place.state == "closed":
        return "offline", HEAD["ended"]
    return ("offline", STATES["offline"]) if place.wait_seconds is None else ("busy", HEAD["in_queue"])


def state_words(state: ButtonState) -> str:
    if state.state == "online" and state.wait_seconds:
        return HEAD["online_wait"] % {"time": about(state.wait_seconds)}
    return str(STATES[state.state])


def _form(asked: Asked, state: ButtonState) -> dict[str, Any]:
    button = asked.button
    groups = offered_groups(button)
    choose = button.group is None and button.group_field != FieldRule.OFF and len(groups) > 1
    fields = [
        {"name": name, "type": kind, "label": label, "required": rule == FieldRule.REQUIRED, "complete": complete}
        for name, kind, label, rule, complete in (
            ("name", "text", _("Your name"), button.name_field, "name"),
            ("email", "email", _("Your e-mail address"), button.email_field, "email"),
            ("question", "text", button.question_label, button.question_field, "off"),
        )
        if rule != FieldRule.OFF
    ]
    return {
        "fields": [{**field, "value": asked.request.POST.get(str(field["name"]), "")} for field in fields],
        "group_required": button.group_field == FieldRule.REQUIRED,
        "groups": [
            {"slug": group.slug, "name": group.name, "state": own, "words": GROUP_STATES[own]}
            for group in groups
            if (own := state.groups[group.slug])
        ]
        if choose
        else [],
    }


def _entries(conversation: Conversation) -> list[EntryPosted]:
    rows = Entry.objects.filter(conversation=conversation).order_by("-seq")
    newest = rows.select_related("conversation", "participant__user", "file")[:SHOWN_AT_ONCE]
    return [entry_event(entry) for entry in reversed(newest)]


def _refresh(asked: Asked, place: ConversationState | None) -> int:
    """Seconds until a page without script looks for news; 0 where there is none to come, or the reader stopped it."""
    waits_for_news = place is not None and place.state != "closed" and "still" not in asked.request.GET
    return REFRESH_SECONDS if waits_for_news and asked.request.method != "POST" else 0


def _own_colour(asked: Asked) -> dict[str, str] | None:
    default = asked.button._meta.get_field("colour").default
    colour = asked.button.colour
    return None if colour.lower() == default else {"colour": colour, "ink": ink_on(colour)}


def forbidden(asked: Asked) -> HttpResponse:
    words = _("This form was sent from another site. Please send it again from here.")
    return rendered(asked, problem=words, status=403)
