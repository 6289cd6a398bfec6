"""Who could be asked to take one more chat just now."""

from __future__ import annotations

from datetime import datetime

from routing.querysets import available, candidates, held, limit_of


def free_people(group_id: int, now: datetime) -> set[int]:
    """The people of a group who are here, available, and have a free place."""
    return {one.user_id for one in candidates([group_id], now).get(group_id, []) if one.has_place}


def is_free(user_id: int, group_id: int, now: datetime) -> bool:
    """Whether this person is here, available, and has a free place for a chat of the group."""
    return available(now).filter(user_id=user_id).exists() and has_place(user_id, group_id, otherwise=False)


def has_place(user_id: int, group_id: int, *, otherwise: bool) -> bool:
    """Whether this person's limit lets them hold one more. `otherwise` is the answer for people of no group."""
    limit = limit_of(user_id, group_id)
    return otherwise if limit is None else held([user_id])[user_id] < limit
