"""The nodes of the log's tree, read in one go."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from transcripts.models import LogLeaf, LogNode
from transcripts.proof.merkle import Place, Range, cover

AT_ONCE = 500  # SQLite's limit of parameters is 999 in its oldest builds


def key_of(place: Place) -> int:
    level, position = place
    return position << 6 | level


def read(places: Iterable[Place]) -> dict[Place, bytes]:
    """The hashes of complete subtrees. What is not there is left out."""
    wanted = set(places)
    leaves = _found(LogLeaf, {position: (0, position) for level, position in wanted if level == 0})
    return leaves | _found(LogNode, {key_of(place): place for place in wanted if place[0]})


def _found(model: type[LogLeaf | LogNode], places: Mapping[int, Place]) -> dict[Place, bytes]:
    keys, found = sorted(places), {}
    for start in range(0, len(keys), AT_ONCE):
        rows = model._default_manager.filter(pk__in=keys[start : start + AT_ONCE]).values_list("pk", "hash")
        found.update({places[key]: bytes.fromhex(value) for key, value in rows})
    return found


def read_ranges(ranges: Iterable[Range]) -> dict[Place, bytes]:
    """All that `merkle.range_hash` asks for these ranges."""
    return read(place for each in set(ranges) for place in cover(*each))
