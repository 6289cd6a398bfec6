"""Where a conversation stands, and what was said in it, for the templates."""

from __future__ import annotations

from typing import Any

from chatdesk.entry_view import entry_event
from chatdesk.models import Conversation, Entry
from chatdesk.protocol import ButtonState, ConversationState, EntryPosted
from chatdesk.views.visitor.texts import CHOICES, HEAD, STATES
from chatdesk.views.visitor.waits import about, card_words

SHOWN_AT_ONCE = 500  # entries in the page itself


def entries_after(conversation: Conversation, seq: int) -> list[EntryPosted]:
    """The newest entries after `seq`, in order."""
    rows = Entry.objects.filter(conversation=conversation, seq__gt=seq).order_by("-seq")
    newest = rows.select_related("conversation", "participant__user", "file")[:SHOWN_AT_ONCE]
    return [entry_event(entry) for entry in reversed(newest)]


def standing(button: ButtonState | None, place: ConversationState | None) -> dict[str, Any]:
    """State, head and waiting card; `place` is None before the first message, and then `button` says who is there."""
    presence, words = _presence(button, place)
    return {
        "state": place.state if place else "new",
        "operator": place.operator if place else None,
        "presence": presence,
        "presence_words": words,
        "waiting": card_words(place) if place else "",
        "choices": place.choices if place else [],
        "question": question(place) if place else "",
    }


def question(place: ConversationState) -> object:
    """What stands over the choices."""
    if place.state == "message":
        return CHOICES["choice_message"]
    return CHOICES["choice_wait" if place.wait_range else "choice_nobody"]


def _presence(button: ButtonState | None, place: ConversationState | None) -> tuple[str, object]:
    """The dot and the words of the head: the conversation's own, else the button's."""
    if place is None:
        return (button.state, _button_words(button)) if button else ("offline", "")
    if place.operator:
        return "online", HEAD["on_hold" if place.on_hold else "with_you"]
    if place.state == "message":
        return "offline", HEAD["kept_short"]
    if place.state == "closed":
        return "offline", HEAD["ended"]
    if place.closed:
        return "masked", STATES["masked"]
    return ("offline", STATES["offline"]) if place.wait_seconds is None else ("busy", HEAD["in_queue"])


def _button_words(button: ButtonState) -> str:
    if button.state == "online" and button.wait_seconds:
        return HEAD["online_wait"] % {"time": about(button.wait_seconds)}
    if button.state == "busy" and button.waiting is not None:
        return HEAD["busy_place"] % {"n": button.waiting + 1}
    return str(STATES[button.state])
