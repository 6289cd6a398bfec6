"""Handing a volume over: once, to who asked for it. A broken line is taken up again where it broke.

How far it came is a high-water mark in the row. One request at a time moves it, the newest: an older one that still
runs ends at its next piece. So what has left the desk leaves it a second time only where a line broke.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import timedelta

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from transcripts.actions.exporting.asking import NotPossible
from transcripts.actions.exporting.trail import trail
from transcripts.models import ExportPart
from transcripts.models.export import FINISHED

CHUNK = 1 << 20
LOST_ON_THE_WAY = 16 << 20  # sent and not arrived: what stands in buffers between the desk and a browser
AGAIN_WITHIN = timedelta(hours=24)


@transaction.atomic
def begin(part: ExportPart, by: User, start: int = 0) -> str:
    """A line on which the bytes from `start` on may go, for who asked for the export.

    Raises NotPossible: it is somebody else's, was fetched already, or its time is over.
    """
    if part.export.requested_by_id != by.pk:
        raise NotPossible(_("Only who asked for this export can fetch it."))
    if part.export.state not in FINISHED:
        raise NotPossible(_("This export is not finished, or its time is over."))
    line, now = secrets.token_urlsafe(16), timezone.now()
    if start == 0:
        taken = _unserved(part).update(line=line, begun_at=part.begun_at or now)
    else:
        taken = _broken(part, start).update(line=line)
    if not taken:
        raise NotPossible(_("This volume was fetched already. To have it again, ask for a new export."))
    trail("fetch", part.export, by, part=part.number, sha256=part.sha256, start=start)
    return line


def _stored(part: ExportPart) -> QuerySet[ExportPart]:
    return ExportPart.objects.filter(pk=part.pk, state=ExportPart.State.STORED)


def _unserved(part: ExportPart) -> QuerySet[ExportPart]:
    """Nothing of it has left so far, or so little that a page was only opened anew."""
    return _stored(part).filter(served__lte=CHUNK)


def _broken(part: ExportPart, start: int) -> QuerySet[ExportPart]:
    """Where its line broke: not before what can have been lost on the way, and not after what was ever sent."""
    soon = _stored(part).filter(begun_at__gt=timezone.now() - AGAIN_WITHIN)
    return soon.filter(served__gte=start, served__lte=start + LOST_ON_THE_WAY)


def chunks(part: ExportPart, line: str, start: int) -> Iterator[bytes]:
    """The bytes from `start` on. Each is counted before it leaves; the last ends the matter, another line this one."""
    with default_storage.open(part.place, "rb") as file:
        file.seek(start)
        position = start
        while chunk := file.read(CHUNK):
            position += len(chunk)
            if not _count(part, line, position):
                return
            yield chunk


def _count(part: ExportPart, line: str, position: int) -> bool:
    mine = _stored(part).filter(line=line)
    if position < part.size:
        return bool(mine.filter(served__lt=position).update(served=position)) or mine.exists()
    return bool(mine.update(served=position, state=ExportPart.State.FETCHED, fetched_at=timezone.now()))
