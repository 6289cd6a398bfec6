"""What is out of sight for the desk and its visitors: put away until it is destroyed, or restricted at somebody's wish.

`Conversation.hidden_at` says that it is out of sight, for either reason; the rows say which.
"""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q
from django.utils import timezone

from chatdesk.models import Conversation
from transcripts.models import Disposition, RequestItem
from transcripts.retention.rules import WHOLE

State = Disposition.State
AWAY = (State.QUARANTINED, State.DESTROYING, State.PENDING)


def put_away() -> Q:
    """A Conversation that waits to be destroyed."""
    waiting = Disposition.objects.filter(state__in=AWAY, data=WHOLE, conversation__isnull=False)
    return Q(hidden_at__isnull=False, pk__in=waiting.values("conversation_id"))


def restricted() -> Q:
    """A Conversation that only compliance staff see (GDPR, Art. 18; or Art. 17(3), where it may not be erased yet)."""
    items = RequestItem.objects.filter(state=RequestItem.State.RESTRICTED, conversation__isnull=False)
    return Q(pk__in=items.values("conversation_id"))


def restricted_among(conversation_ids: Collection[int]) -> set[int]:
    rows = Conversation.objects.filter(restricted(), pk__in=conversation_ids)
    return set(rows.values_list("pk", flat=True))


def not_put_away() -> Q:
    """A Conversation that is there, for the desk or for compliance staff alone."""
    return Q(hidden_at=None) | (restricted() & ~put_away())


def hide(conversation_ids: Collection[int]) -> None:
    Conversation.objects.filter(pk__in=conversation_ids, hidden_at=None).update(hidden_at=timezone.now())


def show(conversation_ids: Collection[int]) -> None:
    """Those of them that nothing keeps out of sight any more. Inside the transaction that ended the reason."""
    rows = Conversation.objects.filter(pk__in=conversation_ids, hidden_at__isnull=False)
    rows.exclude(restricted()).exclude(put_away()).update(hidden_at=None)
