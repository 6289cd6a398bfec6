from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from routing.assigner import settle
from routing.locks import deciding
from routing.models import Presence
from routing.querysets import groups_of


def give_none_after(user_id: int, moment: datetime | None) -> bool:
    """From this moment on the person is given no chat; None: no such moment. Whether that is news.

    The chats they hold stay theirs. If more is possible than before, waiting chats come at once.
    """
    same = Q(no_new_after=moment) if moment else Q(no_new_after=None)
    if Presence.objects.filter(same, user_id=user_id).exists():
        return False
    with deciding() as now:
        start = {"is_here": False, "lease_until": now}
        Presence.objects.update_or_create(
            user_id=user_id, defaults={"no_new_after": moment}, create_defaults={**start, "no_new_after": moment}
        )
        if moment is None or moment > now:
            settle(groups_of([user_id]), now)
        return True
