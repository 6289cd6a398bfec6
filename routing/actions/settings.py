from __future__ import annotations

from collections.abc import Collection

from routing.assigner import settle
from routing.locks import deciding
from routing.models import Request


def reconsider(group_ids: Collection[int]) -> list[Request]:
    """The settings of these groups changed: hand out by the new ones, and let buttons and queues be told anew."""
    with deciding() as now:
        return settle(group_ids, now, changed=group_ids)
