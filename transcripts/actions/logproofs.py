"""How entries of the log, and conversations through them, lead to a signed head."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence

from django.db import connection

from transcripts.actions import heads, lognodes
from transcripts.models import LogLeaf
from transcripts.oneof import one_of
from transcripts.proof import merkle
from transcripts.proof.bundle import Proof, leaf_file
from transcripts.proof.heads import Head

CLOSED = "conversation.closed"
CLOSINGS = """
SELECT "index", about, data FROM transcripts_logleaf
WHERE {chosen} AND about <> '' AND kind = %s AND "index" < %s ORDER BY "index"
"""


def leaf_of(conversation: str) -> LogLeaf | None:
    """The newest closing of the conversation of this reference; None while it was never closed."""
    return LogLeaf.objects.filter(kind=CLOSED, about=conversation).order_by("-index").first()


def paths(indexes: Iterable[int], size: int) -> dict[int, list[str]]:
    """For each leaf its way to the root of `size` leaves, as hex, read with few queries however many they are."""
    ranges = {index: merkle.siblings(index, size) for index in indexes}
    pieces = {piece for way in ranges.values() for piece in way}  # neighbours share most of their way
    known = lognodes.read_ranges(pieces)
    hashes = {piece: merkle.range_hash(piece, lambda *place: known[place]).hex() for piece in pieces}
    return {index: [hashes[piece] for piece in way] for index, way in ranges.items()}


def conversation_proofs(ends: Sequence[tuple[str, int, str]], head: Head) -> list[Proof]:
    """A proof for each (reference, number of its last record, hash of that record), in their order.

    The closing that counts is the newest one within those records and within the head. Give at most some thousand.
    """
    counts = {conversation: count for conversation, count, _ in ends}
    leaves: dict[str, tuple[int, str]] = {}
    for index, about, data in _closings(list(counts), head.size):
        if json.loads(data)["body"]["count"] <= counts[about]:
            leaves[about] = (index, data)
    ways = paths([index for index, _ in leaves.values()], head.size)
    return [_proof(end, leaves.get(end[0]), ways) for end in ends]


def _closings(conversations: Sequence[str], size: int) -> list[tuple[int, str, str]]:
    """Index, reference, data: the oldest first."""
    chosen, wanted = one_of("about", conversations)
    with connection.cursor() as cursor:
        cursor.execute(CLOSINGS.format(chosen=chosen), [wanted, CLOSED, size])
        return list(cursor.fetchall())


def _proof(end: tuple[str, int, str], leaf: tuple[int, str] | None, ways: Mapping[int, list[str]]) -> Proof:
    return Proof(*end, leaf=leaf[1], index=leaf[0], path=ways[leaf[0]]) if leaf else Proof(*end)


def proof_of(leaf: LogLeaf) -> bytes:
    """A file that proves this one entry, and can be checked as a bundle can. Raises heads.LogBroken."""
    seal = heads.seal()
    return leaf_file(leaf.data, leaf.index, paths([leaf.index], seal.head.head.size)[leaf.index], seal)
