"""Where conversations, queues and buttons stand, as people are told."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from django.db.models import Count
from msgspec.structs import replace

from chatdesk.buttonwords import ButtonWords, words_of
from chatdesk.entry_view import operator_author
from chatdesk.models import Button, Conversation, MailNotice
from chatdesk.protocol import ButtonState, ConversationState
from chatdesk.wait_range import wait_range
from chatdesk.waiting import choices
from routing.availability import group_states
from routing.models import Group, Request, State
from routing.opening import next_opening, openings
from routing.querysets import full_queues
from routing.waits import expected_wait, positions, queue_length, usual_wait

RANK = {"online": 0, "busy": 1, "offline": 2, "masked": 3}
ANSWERED = ("online", "busy")


def conversation_states(conversation_ids: Collection[int]) -> dict[int, ConversationState]:
    """The state of each conversation; a waiting one with its place and the wait that people lately had."""
    conversations = Conversation.objects.select_related(
        "request__operator", "request__group", "group", "choice", "mail_notice"
    )
    chosen = list(conversations.filter(pk__in=conversation_ids))
    waiting = {c.request.group_id for c in chosen if c.standing == "waiting"}
    places = dict(place for group_id in waiting for place in positions(group_id).items())
    waits = {group_id: expected_wait(group_id) for group_id in waiting}
    closed = openings({c.request.group for c in chosen if c.standing == "waiting"})
    left = {c.group for c in chosen if c.standing == "message"}
    there = {group for group, state in group_states(left).items() if state in ("online", "busy")} if left else set()
    return {c.pk: _state(c, places, waits, choices(c, c.group_id in there), closed) for c in chosen}


def _state(
    conversation: Conversation,
    places: dict[int, int],
    waits: dict[int, int | None],
    asked: list[str],
    closed: dict[int, datetime | None],
) -> ConversationState:
    request = conversation.request
    waiting = conversation.standing == "waiting"  # also while it is only offered to somebody
    is_closed = waiting and request.group_id in closed
    wait = waits.get(request.group_id) if waiting and not is_closed else None
    return ConversationState(
        conversation=conversation.ref,
        state=conversation.standing,
        position=places.get(request.pk, 1) if waiting else None,
        wait_seconds=wait,
        wait_range=wait_range(wait),
        closed=is_closed,
        opens_at=closed[request.group_id] if is_closed else None,
        choices=asked,
        by_mail=hasattr(conversation, "mail_notice") and conversation.mail_notice.state == MailNotice.State.WAITING,
        on_hold=conversation.is_on_hold,
        operator=operator_author(request.operator) if request.operator and conversation.standing == "active" else None,
        group=request.group.name,
    )


def waiting_counts() -> dict[str, int]:
    """How many wait in each group, by its short name; groups where nobody waits are left out."""
    waiting = Request.objects.filter(state=State.WAITING).values_list("group__slug")
    return dict(waiting.annotate(n=Count("pk")).order_by())


def offered_groups(button: Button) -> list[Group]:
    """The groups a visitor of this button can reach."""
    if button.group is not None:
        return [button.group]
    chosen = list(button.choices.filter(is_active=True))
    return chosen or list(Group.objects.filter(is_active=True))


def button_state(button: Button) -> ButtonState:
    """The button's state, with its own words about it in the active language."""
    return spoken(button_states([button])[button.slug], words_of(button))


def spoken(state: ButtonState, words: ButtonWords) -> ButtonState:
    """The state with what the admin wants said about it."""
    return replace(state, closed_text=words.for_state(state.state))


def button_states(buttons: Iterable[Button]) -> dict[str, ButtonState]:
    """Each button's state: the best of its groups', with every group's own; without the button's own words."""
    offered = {button.slug: offered_groups(button) for button in buttons}
    groups = {group.pk: group for choice in offered.values() for group in choice}
    states = group_states(list(groups.values()))
    full = full_queues(groups.values())
    return {slug: _button_state(slug, choice, states, full) for slug, choice in offered.items()}


def _button_state(slug: str, groups: list[Group], states: Mapping[int, str], full: set[int]) -> ButtonState:
    ranked = sorted(groups, key=lambda group: (RANK[states[group.pk]], group.pk in full))
    if not ranked:
        return ButtonState(button=slug, state="offline")
    best, state = ranked[0], states[ranked[0].pk]
    return ButtonState(
        button=slug,
        state=state,
        groups={group.slug: states[group.pk] for group in groups},
        wait_seconds=usual_wait(best.pk) if state in ANSWERED else None,
        # In a full queue nobody can wait: no place is promised there.
        waiting=queue_length(best.pk) if state == "busy" and best.pk not in full else None,
        opens_at=next_opening(groups) if state == "masked" else None,
    )
