"""Tells people what changed around their conversations: states, places in the queue, buttons, colleagues.

Changes are gathered for a moment and looked up together, so that a storm of them costs one round of queries.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import override

from chatdesk.buttonwords import words_of
from chatdesk.dbthreads import in_thread
from chatdesk.entry_view import operator_author
from chatdesk.hand_over_view import ToldInvitation, people_of, tell_invitations
from chatdesk.models import Button, Conversation, Entry, Kind
from chatdesk.protocol import (
    ButtonState,
    ConversationOffered,
    ConversationPeople,
    ConversationState,
    PresenceChanged,
    QueueChanged,
    frame,
)
from chatdesk.states import button_states, conversation_states, spoken, waiting_counts
from routing.availability import GroupState, group_states
from routing.models import Group, Presence

if TYPE_CHECKING:
    from chatdesk.realtime.hub import Hub

GATHER = 0.05  # seconds
Shown = tuple[str, str]  # a button's short name, and the language its page is in

log = logging.getLogger(__name__)


@dataclass
class Wanted:
    conversations: set[int] = field(default_factory=set)
    buttons: set[Shown] = field(default_factory=set)
    offers: set[int] = field(default_factory=set)
    people: set[int] = field(default_factory=set)
    rooms: set[int] = field(default_factory=set)
    invitations: set[int] = field(default_factory=set)
    queue: bool = False
    turn: bool = False


@dataclass
class Found:
    conversations: dict[int, ConversationState]
    buttons: dict[Shown, ButtonState]
    offers: list[ConversationOffered]
    people: list[PresenceChanged]
    waiting: dict[str, int]
    groups: dict[int, GroupState]
    rooms: dict[int, ConversationPeople]
    invitations: list[ToldInvitation]


def look_up(wanted: Wanted) -> Found:
    return Found(
        conversation_states(wanted.conversations) if wanted.conversations else {},
        told_buttons(wanted.buttons) if wanted.buttons else {},
        [offer(c) for c in Conversation.objects.select_related("group").filter(pk__in=wanted.offers)],
        [colleague(p) for p in Presence.objects.select_related("user").filter(pk__in=wanted.people)],
        waiting_counts() if wanted.queue or wanted.turn else {},
        group_states(list(Group.objects.filter(is_active=True))) if wanted.turn else {},
        people_of(wanted.rooms) if wanted.rooms else {},
        tell_invitations(wanted.invitations) if wanted.invitations else [],
    )


def told_buttons(shown: set[Shown]) -> dict[Shown, ButtonState]:
    """Looked up once for each button, then said in each language that is listened to."""
    chosen = Button.objects.select_related("group").prefetch_related("texts")
    buttons = {button.slug: button for button in chosen.filter(slug__in={slug for slug, _language in shown})}
    states = button_states(buttons.values())
    return {
        (slug, language): spoken(states[slug], words_of(buttons[slug], language))
        for slug, language in shown
        if slug in states
    }


def offer(conversation: Conversation) -> ConversationOffered:
    first = Entry.objects.filter(conversation=conversation, kind=Kind.MESSAGE).order_by("seq").first()
    return ConversationOffered(
        conversation=conversation.ref,
        group=conversation.group.slug,
        label=conversation.label,
        snippet=first.body[:140] if first else "",
    )


def colleague(presence: Presence) -> PresenceChanged:
    return PresenceChanged(operator=operator_author(presence.user), status=presence.shown_status())


class Refresher:
    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._wanted = Wanted()
        self._groups: dict[int, GroupState] = {}
        self._task: asyncio.Task[None] | None = None

    def want_conversation(self, conversation_id: int) -> None:
        self._wanted.conversations.add(conversation_id)
        self._soon()

    def want_queue(self) -> None:
        """A queue, or who answers it, changed: places, waits and buttons may have moved."""
        self._wanted.queue = True
        self._want_standings()

    def want_turn(self) -> None:
        """The minute turned: hours and log-in windows begin and end then, and nobody says so."""
        self._wanted.turn = True
        self._want_standings()

    def _want_standings(self) -> None:
        self._wanted.conversations.update(key for key, room in self._hub.rooms.items() if room.waiting)
        self._wanted.buttons.update(listener.shown for listener in self._hub.lobby)
        self._soon()

    def want_offer(self, conversation_id: int) -> None:
        self._wanted.offers.add(conversation_id)
        self._soon()

    def want_presence(self, user_id: int) -> None:
        self._wanted.people.add(user_id)
        self._soon()

    def want_room(self, conversation_id: int) -> None:
        """Somebody of the desk came in: they are told where it stands and who is there."""
        self.want_conversation(conversation_id)
        self.want_people(conversation_id)

    def want_people(self, conversation_id: int) -> None:
        self._wanted.rooms.add(conversation_id)
        self._soon()

    def want_invitation(self, invitation_id: int) -> None:
        self._wanted.invitations.add(invitation_id)
        self._soon()

    def want_everything(self) -> None:
        self._wanted.conversations.update(self._hub.rooms)
        self._wanted.rooms.update(self._hub.rooms)
        self.want_queue()

    def _soon(self) -> None:
        if self._task is None or self._task.done():
            with override(settings.LANGUAGE_CODE):  # not that of whoever happened to wake it
                self._task = asyncio.get_running_loop().create_task(self._run())

    async def _run(self) -> None:
        while self._wanted != Wanted():
            await asyncio.sleep(GATHER)
            wanted, self._wanted = self._wanted, Wanted()
            try:
                self._tell(await in_thread(look_up, wanted), queue=wanted.queue)
            except Exception:
                log.exception("A change could not be told; the next one or the heartbeat will.")
                self._groups = {}  # and the next turn tells the desk, whatever it is

    def _tell(self, found: Found, *, queue: bool) -> None:
        for conversation_id, state in found.conversations.items():
            self._tell_room(conversation_id, state)
        self._tell_lobby(found.buttons)
        for offered in found.offers:
            self._push_all(frame(offered), group=offered.group)
        for change in found.people:
            self._push_all(frame(change))
        self._tell_desk(found)
        if self._turned(found.groups) or queue:
            self._push_all(frame(QueueChanged(waiting=found.waiting)))

    def _turned(self, groups: dict[int, GroupState]) -> bool:
        """Whether time alone changed something since the last turn: every desk asks for its lists anew then."""
        if not groups or groups == self._groups:
            return False
        self._groups = groups
        return True

    def _tell_desk(self, found: Found) -> None:
        """What no visitor hears."""
        for conversation_id, people in found.rooms.items():
            if conversation_id in self._hub.rooms:
                self._hub.rooms[conversation_id].show_people(frame(people))
        for told in found.invitations:
            for operator in [one for user_id in told.user_ids for one in self._hub.operators.get(user_id, ())]:
                operator.push(told.text)

    def _tell_lobby(self, states: dict[Shown, ButtonState]) -> None:
        for listener in self._hub.lobby:
            state = states.get(listener.shown)
            if state is not None and frame(state) != listener.last_button_state:
                listener.last_button_state = frame(state)
                listener.push(listener.last_button_state)

    def _push_all(self, text: str, group: str | None = None) -> None:
        for operator in self._hub.all_operators():
            if group is None or operator.group_slugs is None or group in operator.group_slugs:
                operator.push(text)

    def _tell_room(self, conversation_id: int, state: ConversationState) -> None:
        room = self._hub.rooms.get(conversation_id)
        if room is not None:
            room.waiting = state.state in ("waiting", "message")
            room.show_state(frame(state))
