"""Whether somebody has seen an entry, and whether they are still there to see it."""

from __future__ import annotations

from datetime import datetime, timedelta

from chatdesk.models import Conversation
from routing.models import Presence, State
from tickets.models import Correspondent, PickupBox

Side = Correspondent.Side
STILL_THERE = timedelta(seconds=75)  # an open page is heard of every minute


def seen_by(to: Correspondent) -> int:
    """Up to which entry they have read, in the chat or in the pick-up box."""
    read = to.participant.read_seq if to.participant else 0
    if to.side != Side.VISITOR:
        return read
    collected = PickupBox.objects.filter(conversation=to.conversation_id).values_list("collected_seq", flat=True)
    return max(read, *collected, 0)


def is_gone(to: Correspondent, now: datetime) -> bool:
    """Whether nothing will be read in the chat: it ended, its page is closed, or they never had one."""
    if to.side == Side.VISITOR:
        return _chat_is_over(to.conversation) or to.conversation.visitor.seen_at < now - STILL_THERE
    if to.participant is None:
        return True
    return not Presence.objects.filter(user=to.participant.user_id, lease_until__gt=now).exists()


def _chat_is_over(conversation: Conversation) -> bool:
    return conversation.closed_at is not None or conversation.request.state == State.CLOSED
