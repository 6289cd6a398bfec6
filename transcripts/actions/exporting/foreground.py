"""An export by the command, into a folder or a ZIP of the caller's, while they watch."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from transcripts.actions.exporting.asking import NotPossible, Wanted, ask
from transcripts.actions.exporting.choosing import chosen
from transcripts.actions.exporting.keeping import Made, Outdated, keep
from transcripts.actions.exporting.leasing import claim, release, renew
from transcripts.actions.exporting.packing import Packed, zip_folder
from transcripts.actions.exporting.running import goes_on, ticker, write
from transcripts.actions.exporting.selecting import select
from transcripts.models import Export, ExportState

Progress = Callable[[Export, int], None]  # is told the export and the position it has come to


def export_here(wanted: Wanted, out: Path, progress: Progress, *, in_volumes: bool = False) -> Export:
    """Write it to `out`: a bundle there, or a ZIP if it is called so; `in_volumes`: a folder of bundles VOL001 ...

    Raises NotPossible if something is there already or the search can't be read, and OSError from the disk.
    """
    if out.exists() and (out.is_file() or any(out.iterdir())):
        raise NotPossible(f"{out}: there is something already.")
    found = chosen(wanted.query, wanted.profile)
    export = ask(wanted, None)
    Export.objects.filter(pk=export.pk).update(in_foreground=True)
    select(export, found)
    lease = claim(export)
    try:
        while goes_on(export):
            _volume(export, lease, out, progress, in_volumes)
    except BaseException as error:
        release(export, lease, ExportState.FAILED, failure=type(error).__name__)
        raise
    return export


def _volume(export: Export, lease: str, out: Path, progress: Progress, in_volumes: bool) -> None:
    number = export.parts.count() + 1
    folder, archive = _places(out, number, in_volumes)
    folder.mkdir(parents=True, exist_ok=True)
    sign = ticker(export, lease)

    def tick(position: int) -> None:
        sign(position)
        progress(export, position)

    done, bundled = write(export, number, folder, tick)
    progress(export, done.last)
    renew(export, lease, done.last)
    try:
        keep(export, lease, Made(number, done, bundled, _packed(folder, archive)))
    except Outdated:
        shutil.rmtree(folder, ignore_errors=True)


def _places(out: Path, number: int, in_volumes: bool) -> tuple[Path, Path | None]:
    """The folder to write in, and the ZIP to make of it, if one is wanted."""
    if in_volumes:
        return out / f"VOL{number:03d}", None
    return (out.with_suffix(".unfinished"), out) if out.suffix == ".zip" else (out, None)


def _packed(folder: Path, archive: Path | None) -> Packed:
    if archive is None:
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        return Packed("", size, "")
    size, sha256 = zip_folder(folder, archive)
    shutil.rmtree(folder)
    return Packed("", size, sha256)
