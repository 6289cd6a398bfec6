"""One pass of the assigner, decided in memory: the same choices as `pick`, at a flat cost for each."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from routing.pick import Candidate, Rank, rank


class Board:
    """Who is available in which group, and how many places they have left as chats are given out.

    A person stands in the heap of each of their groups. Giving them a chat changes their rank in all of these: the new
    rank is pushed, the old one is dropped when it comes up. So a choice costs the logarithm of the people, not their
    number.
    """

    def __init__(self, members: Mapping[int, Sequence[Candidate]], now: datetime) -> None:
        self._now = now
        self._members = {(group, one.user_id): one for group, all_of_it in members.items() for one in all_of_it}
        self._groups_of: defaultdict[int, list[int]] = defaultdict(list)
        self._heaps: dict[int, list[Rank]] = defaultdict(list)
        self._people = {group: len(all_of_it) for group, all_of_it in members.items()}
        for (group, user), one in self._members.items():
            self._groups_of[user].append(group)
            if one.has_place:
                self._heaps[group].append(rank(one))
        for heap in self._heaps.values():
            heapq.heapify(heap)

    def open_groups(self) -> list[int]:
        """The groups in which somebody has a free place."""
        return [group for group in self._heaps if self._next(group)]

    def free_places(self) -> int:
        """At most so many chats can still be given."""
        room: defaultdict[int, int] = defaultdict(int)
        for one in self._members.values():
            room[one.user_id] = max(room[one.user_id], one.limit - one.active)
        return sum(room.values())

    def give(self, group: int, given_by: int | None = None) -> int | None:
        """The person who gets the next chat of the group, now counted as theirs; None when it has to wait.

        Who gave the chat away gets it back only if nobody else of the group is here and available: while somebody is,
        full or not, it waits for them.
        """
        chosen = self._next(group)
        if chosen and chosen == given_by:
            chosen = self._next_but(group, chosen) if self._people[group] > 1 else chosen
        if chosen:
            self._count(chosen)
        return chosen

    def _next(self, group: int) -> int | None:
        heap = self._heaps.get(group, [])
        while heap:
            one = self._members[group, heap[0][-1]]
            if one.has_place and heap[0] == rank(one):
                return one.user_id
            heapq.heappop(heap)
        return None

    def _next_but(self, group: int, user: int) -> int | None:
        aside = heapq.heappop(self._heaps[group])
        chosen = self._next(group)
        heapq.heappush(self._heaps[group], aside)
        return chosen

    def _count(self, user: int) -> None:
        for group in self._groups_of[user]:
            one = self._members[group, user]
            self._members[group, user] = one = replace(one, active=one.active + 1, idle_since=self._now)
            if one.has_place:
                heapq.heappush(self._heaps[group], rank(one))
