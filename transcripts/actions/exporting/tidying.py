"""What is no longer needed goes: volumes after their time, and those of exports that were stopped."""

from __future__ import annotations

import logging

from django.core.files.storage import default_storage
from django.db.models import Q
from django.utils import timezone

from transcripts.models import Export, ExportPart, ExportState

log = logging.getLogger(__name__)

AT_ONCE = 200
STOPPED = (ExportState.CANCELLED, ExportState.REFUSED)


def tidy() -> int:
    """Remove what is due from the storage, a volume at a time; how many. What fails is tried again."""
    over = Q(export__expires_at__lt=timezone.now()) | Q(export__state__in=STOPPED)
    due = ExportPart.objects.filter(over).exclude(state=ExportPart.State.REMOVED).exclude(place="").order_by("pk")
    removed = sum(_remove(part) for part in due[:AT_ONCE])
    expired = Export.objects.filter(state__in=(ExportState.DONE, ExportState.WARNED), expires_at__lt=timezone.now())
    expired.update(state=ExportState.EXPIRED)
    return removed


def _remove(part: ExportPart) -> bool:
    try:
        default_storage.delete(part.place)
    except Exception:
        log.exception("volume %s of export %s could not be removed", part.number, part.export_id)
        return False
    return bool(ExportPart.objects.filter(pk=part.pk).update(state=ExportPart.State.REMOVED))
