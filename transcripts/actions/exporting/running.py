"""The job itself: volume after volume, each whole or not there. A worker that dies is followed by the next one."""

from __future__ import annotations

import logging
import shutil
import time
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from transcripts.actions.exporting.bundling import Bundled, bundle
from transcripts.actions.exporting.choosing import chosen
from transcripts.actions.exporting.keeping import Made, Outdated, keep
from transcripts.actions.exporting.leasing import Stopped, claim, release, renew
from transcripts.actions.exporting.packing import pack
from transcripts.actions.exporting.pseudonyms import secret_of
from transcripts.actions.exporting.selecting import select
from transcripts.actions.exporting.volumes import Done, Tick, VolumeWriter
from transcripts.models import Export, ExportState

SECONDS_BETWEEN_SIGNS = 2.0
AFTER_WISH = {"pause": ExportState.PAUSED, "cancel": ExportState.CANCELLED}

log = logging.getLogger(__name__)


def run_due() -> int:
    """Fix the sets of new exports, and run those that may run; how many were touched. Safe to call at any time."""
    fresh = Export.objects.filter(state=ExportState.SELECTING, in_foreground=False).order_by("requested_at")
    selected = sum(_select(export) for export in fresh)
    lost = Q(state=ExportState.RUNNING, lease_until__lt=timezone.now())
    abandoned = Export.objects.filter(lost, in_foreground=True)
    abandoned.update(state=ExportState.FAILED, failure="the command ended before the export did")
    due = Export.objects.filter(Q(state=ExportState.QUEUED) | lost, in_foreground=False)
    waiting = list(due.order_by("requested_at").values_list("pk", flat=True))
    return selected + sum(run(Export.objects.get(pk=pk)) for pk in waiting)


def _select(export: Export) -> bool:
    """A search that can't be read or run ends this export alone."""
    try:
        return select(export, chosen(export.query, export.profile))
    except Exception as error:
        log.exception("the set of export %s could not be fixed", export.pk)
        failed = Export.objects.filter(pk=export.pk, state=ExportState.SELECTING)
        return bool(failed.update(state=ExportState.FAILED, failure=type(error).__name__))


def run(export: Export) -> bool:
    """Write what is left of it; false if another worker has it. It ends done, paused, cancelled or with an error."""
    lease = claim(export)
    if not lease:
        return False
    try:
        while goes_on(export):
            _volume(export, lease)
    except Stopped as stopped:
        if stopped.wish in AFTER_WISH:
            release(export, lease, AFTER_WISH[stopped.wish])
    except Exception as error:
        log.exception("export %s stopped", export.pk)
        release(export, lease, ExportState.FAILED, failure=type(error).__name__)
    finally:
        shutil.rmtree(folder_of(export) / lease, ignore_errors=True)
    return True


def goes_on(export: Export) -> bool:
    """An export of nothing has one volume, which says so."""
    export.refresh_from_db()
    return export.finished_at is None


def folder_of(export: Export) -> Path:
    """Where its unfinished volumes are made, on this machine alone; each worker has a folder of its own there."""
    return Path(settings.VAR) / "exporting" / export.ref


def _volume(export: Export, lease: str) -> None:
    number = export.parts.count() + 1
    folder = folder_of(export) / lease / f"VOL{number:03d}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    done, bundled = write(export, number, folder, ticker(export, lease))
    packed = pack(folder, f"exports/{export.ref}/{folder.name}.zip")
    renew(export, lease, done.last)
    with suppress(Outdated):
        keep(export, lease, Made(number, done, bundled, packed))


def write(export: Export, number: int, folder: Path, tick: Tick) -> tuple[Done, Bundled]:
    """One volume into an empty folder, as a bundle that can be checked."""
    writer = VolumeWriter(export, number, folder, secret_of(export))
    done = writer.write(tick)
    return done, bundle(export, number, writer)


def ticker(export: Export, lease: str) -> Tick:
    """Renews the lease every two seconds of work, so that what somebody wishes is heard and nobody takes over."""
    last = 0.0

    def tick(position: int) -> None:
        nonlocal last
        if time.monotonic() - last >= SECONDS_BETWEEN_SIGNS:
            renew(export, lease, position)
            last = time.monotonic()

    return tick
