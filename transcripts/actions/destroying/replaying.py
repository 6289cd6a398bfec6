"""After a restore from an old backup: what was destroyed since is destroyed again, by its tombstones in the storage.

The log of the site went back with the database; that is for its signed heads to show. Holds count here as well: one
that the restored database has keeps its conversation, and it is said.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.dateparse import parse_datetime

from accounts.audit import record
from chatdesk.models import Conversation, SiteSettings
from chatdesk.models.site import new_epoch
from transcripts import holds
from transcripts.actions import logbook
from transcripts.actions.destroying import places, tombstones
from transcripts.actions.destroying.ending import forget_pages
from transcripts.actions.destroying.rows import delete_rows
from transcripts.actions.locking.keys import shred
from transcripts.models import Tombstone
from transcripts.signals import conversation_destroying


@dataclass
class Replayed:
    """References: destroyed again; tombstones that were only written down again; kept, because a hold is on them."""

    destroyed: list[str] = field(default_factory=list)
    remembered: list[str] = field(default_factory=list)
    held: list[str] = field(default_factory=list)


def replay(now: datetime) -> Replayed:
    """All of it, each conversation in a transaction of its own; again, it does nothing more. The epoch changes."""
    done = Replayed()
    known = set(Tombstone.objects.values_list("ref", flat=True))
    for name in tombstones.stored():
        if tombstones.ref_of(name) not in known:
            _replay(tombstones.read(name), now, done)
    SiteSettings.objects.filter(pk=SiteSettings.load().pk).update(epoch=new_epoch())
    counts = {"destroyed": len(done.destroyed), "remembered": len(done.remembered), "held": len(done.held)}
    record("retention.replay", after=counts)
    if done.destroyed:
        forget_pages()
    return done


@transaction.atomic
def _replay(stone: dict[str, Any], now: datetime, done: Replayed) -> None:
    ref = stone["facts"]["conversation"]
    found = Conversation.objects.filter(ref=ref).select_for_update(of=("self",)).first()
    if found is not None and holds.held([found.pk]):
        done.held.append(ref)
        return
    if found is not None:
        places.empty(found)
        shred(found.pk)
        conversation_destroying.send(None, conversation=found)
        delete_rows(found)
    facts = stone["facts"] | {"replayed": tombstones.stamp(now)}
    leaf = logbook.append("conversation.destroyed", facts)
    Tombstone.objects.create(
        ref=ref,
        group_slug=stone["group"],
        destroyed_at=parse_datetime(stone["destroyed"]) or now,
        facts=facts,
        leaf=leaf.index,
        stored_at=now,
    )
    (done.destroyed if found is not None else done.remembered).append(ref)
