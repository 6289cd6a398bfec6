"""Rows and bytes in step: the row is there before its bytes, and goes after them."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.core.files.base import File as Content
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from chatdesk.actions.files.examination import Examined
from chatdesk.actions.files.vanishing import vanish
from chatdesk.models import Conversation, File
from chatdesk.signals import file_gone

logger = logging.getLogger(__name__)

UNFINISHED_AFTER = timedelta(hours=1)
SWEPT_AT_ONCE = 500


def place_of(key: str) -> str:
    """Where a file's bytes are in the default storage."""
    return f"files/{key[:2]}/{key}"


def opened(file: File) -> Content[bytes]:
    """A stored file's bytes, for reading. Raises FileNotFoundError, or the storage's own error."""
    return default_storage.open(place_of(file.key), "rb")


@contextmanager
def receiving(conversation: Conversation, found: Examined) -> Iterator[File]:
    """A row that says what is coming, committed; whatever fails inside, row and bytes are removed again."""
    with transaction.atomic(durable=True):
        file = File.objects.create(
            conversation=conversation,
            name=found.name,
            media_type=found.media_type,
            size=found.size,
            sha256=found.sha256,
            width=found.width,
            height=found.height,
        )
    try:
        yield file
    except BaseException:
        _try_to_discard(file)
        raise


def keep_bytes(file: File, content: Content[bytes]) -> None:
    """Store the bytes under the row's own key. Raises the storage's own error, and OSError if the place was taken."""
    place = place_of(file.key)
    kept = default_storage.save(place, content)
    if kept != place:
        default_storage.delete(kept)
        raise FileExistsError(place)


def mark_stored(file: File) -> bool:
    """From receiving to stored; false if the row was swept meanwhile."""
    receiving_row = File.objects.filter(pk=file.pk, state=File.State.RECEIVING)
    return bool(receiving_row.update(state=File.State.STORED))


def discard(file: File) -> bool:
    """Remove bytes and row of an upload that came to nothing; a stored file stays.

    The row is locked, so that no entry is written for it meanwhile, and goes last, so that the sweep finds what failed.
    """
    with transaction.atomic():
        row = File.objects.select_for_update().filter(pk=file.pk).first()
        if row is not None and row.state == File.State.STORED:
            return False
        default_storage.delete(place_of(file.key))
        if row is not None:
            row.delete()
    return True


def _try_to_discard(file: File) -> bool:
    try:
        return discard(file)
    except Exception:
        logger.exception("an unfinished upload could not be removed; the sweep will try again")
        return False


def sweep_erased() -> int:
    """Delete the bytes of files that were erased; of how many."""
    erasing = File.objects.filter(state=File.State.ERASING).order_by("pk")
    return sum(_try_to_erase(file) for file in erasing[:SWEPT_AT_ONCE])


def _try_to_erase(file: File) -> bool:
    try:
        vanish(place_of(file.key))
    except Exception:
        logger.exception("the bytes of file %s could not be deleted; the sweep will try again", file.pk)
        return False
    return _mark_erased(file)


@transaction.atomic
def _mark_erased(file: File) -> bool:
    gone = File.objects.filter(pk=file.pk, state=File.State.ERASING).update(state=File.State.ERASED)
    if gone:
        file_gone.send(None, file=file)
    return bool(gone)


def sweep_unfinished() -> int:
    """Remove uploads that began more than an hour ago and never finished; how many were removed."""
    old = timezone.now() - UNFINISHED_AFTER
    unfinished = File.objects.filter(state=File.State.RECEIVING, created_at__lt=old).order_by("pk")
    return sum(_try_to_discard(file) for file in unfinished[:SWEPT_AT_ONCE])
