"""Whom a chat can be offered to: a person, or whoever of a group is first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from chatdesk.models import Conversation, Participant
from chatdesk.permissions import may_be_asked
from chatdesk.protocol import Code, Refused
from chatdesk.sitelimits import site_settings
from routing.eligible import free_people, is_free
from routing.models import Group


@dataclass(frozen=True)
class Asked:
    """As a command names them: one of the two."""

    group: str | None = None
    operator: int | None = None


@dataclass(frozen=True)
class Target:
    """As they were found: one of the two."""

    group: Group | None
    person: User | None

    def refuse_unless_free(self, user: User, conversation: Conversation, *, warm: bool, now: datetime) -> None:
        """Raises Refused `state.conflict` when nobody of the target could accept, or all of it is there already."""
        there = out_of_question(user.pk, conversation, warm=warm)
        if self.group is not None:
            if not free_people(self.group.pk, now) - there:
                raise nobody()
        elif (
            self.person is None
            or self.person.pk in there
            or not may_be_asked(self.person)
            or not is_free(self.person.pk, conversation.request.group_id, now)
        ):
            raise nobody()

    def usual_seconds(self) -> int:
        """The time to accept, unless the asker says another."""
        return (self.group.accept_seconds if self.group else 0) or site_settings().accept_seconds


def target_of(asked: Asked) -> Target:
    """Raises Refused: `frame.invalid` unless one is named, `state.conflict` if there is none of that name."""
    if (asked.group is None) == (asked.operator is None):
        raise Refused(Code.INVALID, _("Name a group or a person."))
    people = User.objects.select_related("user_type").filter(is_active=True)
    found = Target(
        Group.objects.filter(slug=asked.group, is_active=True).first() if asked.group is not None else None,
        people.filter(pk=asked.operator).first() if asked.operator is not None else None,
    )
    if found.group is None and found.person is None:
        raise nobody()
    return found


def nobody() -> Refused:
    return Refused(Code.CONFLICT, _("Nobody there can take this conversation just now."))


def out_of_question(asker_id: int, conversation: Conversation, *, warm: bool) -> set[int | None]:
    """Who asks, and who is there already; of these a guest may well become the owner."""
    there = {conversation.request.operator_id} if warm else people_there(conversation)
    return {asker_id, *there}


def people_there(conversation: Conversation) -> set[int | None]:
    """Who holds the chat or is a guest in it."""
    guests = Participant.objects.filter(conversation=conversation, role=Participant.Role.GUEST)
    return {conversation.request.operator_id, *guests.values_list("user_id", flat=True)}
