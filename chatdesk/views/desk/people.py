"""Who else of the desk is in a conversation, and what this person may do beside its owner."""

from __future__ import annotations

from typing import Any

from accounts.models import User
from chatdesk.actions.supervision import may_whisper
from chatdesk.hand_over_view import is_unseen
from chatdesk.models import Conversation, Participant
from chatdesk.permissions import Able, may_be_asked
from routing.models import State

Role = Participant.Role


def people_context(user: User, conversation: Conversation, able: Able) -> dict[str, Any]:
    """The guests, who watches in the open, this person's own role, and what a supervisor may do here and now."""
    beside = conversation.participants.filter(role__in=(Role.GUEST, Role.MONITOR)).select_related("user")
    parts = list(beside.order_by("pk")) if conversation.request.state == State.ACTIVE else []
    mine = next((part for part in parts if part.user_id == user.pk), None)
    others = [part for part in parts if part is not mine and not is_unseen(part)]
    supervises = able["monitor"] and conversation.request.state == State.ACTIVE
    supervises = supervises and conversation.request.operator_id != user.pk
    return {
        "guests": [part.user for part in others if part.role == Role.GUEST],
        "watchers": [part.user for part in others if part.role == Role.MONITOR],
        "role": mine.role if mine else "",
        "unseen": mine is not None and is_unseen(mine),
        "supervises": supervises,
        "may_step_in": supervises and may_be_asked(user),
        "may_whisper": supervises and may_whisper(user),
    }
