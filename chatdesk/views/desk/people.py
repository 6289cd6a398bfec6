"""Who else of the desk is in a conversation, and what this person may do beside its owner."""

from __future__ import annotations

from typing import Any

from accounts.models import User
from chatdesk.actions.supervision import may_whisper
from chatdesk.hand_over_view import people_of, role_of
from chatdesk.models import Conversation, Participant
from chatdesk.permissions import Able
from routing.models import State

Role = Participant.Role


def people_context(user: User, conversation: Conversation, able: Able) -> dict[str, Any]:
    """The guests, who watches in the open, this person's own role, and what a supervisor may do here and now."""
    others = [one for one in people_of([conversation.pk])[conversation.pk].people if one.author.id != user.pk]
    role = role_of(user, conversation)
    supervises = able["monitor"] and conversation.request.state == State.ACTIVE and role != Role.HOST
    return {
        "guests": [one.author for one in others if one.role == Role.GUEST],
        "watchers": [one.author for one in others if one.role == Role.MONITOR],
        "role": role,
        "unseen": role == Role.MONITOR and _is_unseen(user, conversation),
        "supervises": supervises,
        "may_whisper": supervises and may_whisper(user),
    }


def _is_unseen(user: User, conversation: Conversation) -> bool:
    return Participant.objects.filter(conversation=conversation, user=user, is_silent=True).exists()
