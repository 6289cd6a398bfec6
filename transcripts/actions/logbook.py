"""The site's log: what was closed, deleted, held, exported and destroyed, in one order that can't be changed unseen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from transcripts.actions import lognodes
from transcripts.models import LogLeaf, LogNode, LogState
from transcripts.proof import merkle
from transcripts.proof.canonical import Json, canonical

KINDS = frozenset(
    {
        "conversation.closed",
        "conversation.reopened",
        "conversation.erased",
        "conversation.destroyed",
        "disposition.approved",
        "export.finished",
        "hold.changed",
        "hold.created",
        "hold.released",
        "policy.changed",
        "redaction.made",
        "redaction.withdrawn",
        "request.answered",
    }
)
THE_ONE = 1


@dataclass(frozen=True)
class Happening:
    """Something for the log. `body`: numbers, references, hashes, counts; never content or names."""

    kind: str
    body: Mapping[str, Json]
    actor: int | None = None  # the number of the person who did it
    at: datetime = field(default_factory=timezone.now)


def append(kind: str, body: Mapping[str, Json], *, actor: User | None = None) -> LogLeaf:
    """Write it to the log, inside the caller's transaction and as its last step: it locks one row that all share.

    Raises ValueError for a kind that is not in KINDS, or a body that is no canonical JSON.
    """
    return append_all([Happening(kind, body, actor.pk if actor else None)])[0]


@transaction.atomic
def append_all(happenings: Sequence[Happening]) -> list[LogLeaf]:
    """The same for many at once, in their order."""
    first = _take(len(happenings))
    leaves = [_leaf(first + place, each) for place, each in enumerate(happenings)]
    hashes = [bytes.fromhex(leaf.hash) for leaf in leaves]
    known = lognodes.read(merkle.cover(0, first))
    made = merkle.grown(first, hashes, lambda level, position: known[level, position])
    LogLeaf.objects.bulk_create(leaves, batch_size=500)
    nodes = [LogNode(key=lognodes.key_of(place), hash=value.hex()) for place, value in made.items() if place[0]]
    LogNode.objects.bulk_create(nodes, batch_size=500)
    return leaves


def _take(count: int) -> int:
    """The next free place, with `count` places taken. The row stays locked until the transaction ends."""
    lock(count)
    return size() - count


def lock(count: int = 0) -> None:
    """Nobody else writes to the log until the transaction ends; the log grows by `count`."""
    one = LogState.objects.filter(pk=THE_ONE)
    if not one.update(size=F("size") + count):
        LogState.objects.get_or_create(pk=THE_ONE)
        one.update(size=F("size") + count)


def _leaf(index: int, happening: Happening) -> LogLeaf:
    if happening.kind not in KINDS:
        raise ValueError(f"the log knows no {happening.kind}")
    at = happening.at.astimezone(UTC)
    facts: dict[str, Json] = {
        "at": at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "body": dict(happening.body),
        "index": index,
        "kind": happening.kind,
        "v": 1,
    }
    if happening.actor is not None:
        facts["actor"] = {"user": happening.actor}
    data = canonical(facts)
    return LogLeaf(
        index=index,
        kind=happening.kind,
        at=at,
        about=str(happening.body.get("conversation", "")),
        data=data.decode(),
        hash=merkle.leaf_hash(data).hex(),
    )


def size() -> int:
    """How many leaves the log has."""
    return LogState.objects.filter(pk=THE_ONE).values_list("size", flat=True).first() or 0
