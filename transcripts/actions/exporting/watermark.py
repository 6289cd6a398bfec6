"""How far an outside archive has confirmed what it received: the handshake before anything is destroyed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from chatdesk.models import Conversation
from transcripts.models import Export, ExportItem, Profile, RedactionUse


def exported_through(group_id: int) -> datetime | None:
    """Everything of the group closed up to then is in a confirmed export, whole; None if there is no such moment.

    Asked by retention: while it is before a conversation's `closed_at`, that conversation is not destroyed where its
    group requires an export first.
    """
    latest: datetime | None = _acknowledged().aggregate(at=Max("snapshot_at"))["at"]
    closed = Conversation.objects.filter(group_id=group_id, closed_at__isnull=False)
    missing = closed.exclude(_confirmed()).order_by("closed_at").values_list("closed_at", flat=True).first()
    if missing is None or latest is None:
        return latest
    before: dict[str, datetime | None] = closed.filter(closed_at__lt=missing).aggregate(at=Max("closed_at"))
    return before["at"]


def not_exported(conversation_ids: Collection[int]) -> set[int]:
    """Those whose end no confirmed export holds yet: exact for each, also when one was reopened after its export."""
    rows = Conversation.objects.filter(pk__in=conversation_ids).exclude(_confirmed())
    return set(rows.values_list("pk", flat=True))


def _acknowledged() -> QuerySet[Export]:
    """Only what brings everything counts: no profile that leaves out or masks; see `_confirmed` for redactions."""
    return Export.objects.filter(acknowledged_at__isnull=False, profile=Profile.FULL)


def _confirmed() -> Q:
    covered = RedactionUse.objects.filter(
        export=OuterRef("export"), redaction__conversation_id=OuterRef("conversation_id")
    )
    done = ExportItem.objects.filter(~Exists(covered), state=ExportItem.State.DONE, export__in=_acknowledged())
    return Q(Exists(done.filter(conversation_id=OuterRef("pk"), closed_at=OuterRef("closed_at"))))
