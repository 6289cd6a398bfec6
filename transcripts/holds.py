"""Who forbids that a conversation is destroyed: a registry that legal holds fill, asked under the lock."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence

Source = Callable[[Collection[int]], Mapping[int, Sequence[str]]]  # conversation ids -> names of the holds, by id

_sources: list[Source] = []


def add_source(source: Source) -> None:
    """From now on `source` is asked too. It reads the database in the caller's transaction, and caches nothing."""
    if source not in _sources:
        _sources.append(source)


def held(conversation_ids: Collection[int]) -> dict[int, list[str]]:
    """The holds on these conversations, by id, as their names; who is not in it is held by nothing.

    An error of a source is raised on: what can't be asked must not count as free.
    """
    found: dict[int, list[str]] = defaultdict(list)
    for source in _sources:
        for conversation_id, names in source(conversation_ids).items():
            if names:
                found[conversation_id].extend(names)
    return dict(found)
