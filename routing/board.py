"""One pass of the assigner, decided in memory: the same choices as `pick`, at a flat cost for each."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from routing.pick import ANY, NOBODY, USUAL, Candidate, Rank, Rules, Wish, is_free, rank

ONE_LATER = timedelta(microseconds=1)  # so that people who are given chats in one pass keep their turns
Heap = tuple[int, str]


class Board:
    """Who is available in which group, and how many places they have left as chats are given out.

    A person stands in the heap of each of their groups, and where languages matter in one for each language as well.
    Giving them a chat changes their rank in all of these: the new rank is pushed, the old one is dropped when it comes
    up. So a choice costs the logarithm of the people, not their number.
    """

    def __init__(
        self, members: Mapping[int, Sequence[Candidate]], now: datetime, rules: Mapping[int, Rules] | None = None
    ) -> None:
        self._now = self._given_at = now
        self._rules = {group: (rules or {}).get(group, USUAL) for group in members}
        self._room = {group: self._rules[group].room for group in members}
        self._members = {(group, one.user_id): one for group, all_of_it in members.items() for one in all_of_it}
        self._groups_of: defaultdict[int, list[int]] = defaultdict(list)
        self._heaps: defaultdict[Heap, list[Rank]] = defaultdict(list)
        self._people = {group: len(all_of_it) for group, all_of_it in members.items()}
        for (group, user), one in self._members.items():
            self._groups_of[user].append(group)
            self._stand(group, one)

    def open_groups(self) -> list[int]:
        """The groups that may hold more and in which somebody is free."""
        return [group for group in self._people if self._has_room(group) and self._next((group, ""))]

    def free_places(self) -> int:
        """At most so many chats can still be given."""
        room: defaultdict[int, int] = defaultdict(int)
        for one in self._members.values():
            room[one.user_id] = max(room[one.user_id], one.limit - one.active)
        return sum(room.values())

    def give(self, group: int, wish: Wish = ANY) -> int | None:
        """The person who gets the next chat of the group, now counted as theirs; None when it has to wait."""
        if group not in self._people or not self._has_room(group):
            return None
        chosen = self._choose(group, wish)
        if chosen:
            self._count(group, chosen)
        return chosen

    def _has_room(self, group: int) -> bool:
        room = self._room[group]
        return room is None or room > 0

    def _choose(self, group: int, wish: Wish) -> int | None:
        alone = self._people[group] == 1
        barred = NOBODY if wish.given_by is None or alone else frozenset({wish.given_by})
        for out in (barred | wish.passed_by, barred) if wish.passed_by else (barred,):
            for heap in self._heaps_for(group, wish.language):
                if chosen := self._next(heap, out):
                    return chosen
        return None

    def _heaps_for(self, group: int, language: str) -> list[Heap]:
        wanted = language and self._rules[group].same_language_first
        return [(group, language), (group, "")] if wanted else [(group, "")]

    def _next(self, key: Heap, out: frozenset[int] = NOBODY) -> int | None:
        """The first who is free and not `out`."""
        heap, aside, chosen = self._heaps.get(key, []), [], None
        while heap and chosen is None:
            one = self._members[key[0], heap[0][-1]]
            rules = self._rules[key[0]]
            if heap[0] != rank(one, rules) or not is_free(one, rules, self._now):
                heapq.heappop(heap)
            elif one.user_id in out:
                aside.append(heapq.heappop(heap))
            else:
                chosen = one.user_id
        for waiting in aside:
            heapq.heappush(heap, waiting)
        return chosen

    def _count(self, group: int, user: int) -> None:
        room = self._room[group]
        self._room[group] = None if room is None else room - 1
        for each in self._groups_of[user]:
            one = self._members[each, user]
            one = replace(one, active=one.active + 1, idle_since=self._now, given_at=self._given_at)
            self._members[each, user] = one
            self._stand(each, one)
        self._given_at += ONE_LATER

    def _stand(self, group: int, one: Candidate) -> None:
        if is_free(one, self._rules[group], self._now):
            for heap in self._places(group, one):
                heapq.heappush(self._heaps[heap], rank(one, self._rules[group]))

    def _places(self, group: int, one: Candidate) -> Iterator[Heap]:
        yield (group, "")
        if self._rules[group].same_language_first:
            yield from ((group, language) for language in one.languages)
