"""The nodes of the log's tree, read in one go."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db import connection

from transcripts.models import LogLeaf, LogNode
from transcripts.oneof import one_of
from transcripts.proof.merkle import Place, Range, cover


def key_of(place: Place) -> int:
    level, position = place
    return position << 6 | level


def read(places: Iterable[Place]) -> dict[Place, bytes]:
    """The hashes of complete subtrees. What is not there is left out."""
    wanted = set(places)
    leaves = _found(LogLeaf, {position: (0, position) for level, position in wanted if level == 0})
    return leaves | _found(LogNode, {key_of(place): place for place in wanted if place[0]})


def _found(model: type[LogLeaf | LogNode], places: Mapping[int, Place]) -> dict[Place, bytes]:
    if not places:
        return {}
    table, key = model._meta.db_table, f'"{model._meta.pk.name}"'
    chosen, wanted = one_of(key, sorted(places))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {key}, hash FROM {table} WHERE {chosen}", [wanted])  # noqa: S608 - names of our own
        return {places[found]: bytes.fromhex(value) for found, value in cursor.fetchall()}


def read_ranges(ranges: Iterable[Range]) -> dict[Place, bytes]:
    """All that `merkle.range_hash` asks for these ranges."""
    return read(place for each in set(ranges) for place in cover(*each))
