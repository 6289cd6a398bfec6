"""One way in for whatever there is to check."""

from __future__ import annotations

from pathlib import Path

from transcripts.proof.bundle import LEAF, MANIFEST
from transcripts.proof.heads import read_head
from transcripts.verify.bundle import check_bundle
from transcripts.verify.copy import check_copy
from transcripts.verify.leaf import check_leaf
from transcripts.verify.report import Report, Unreadable
from transcripts.verify.sources import bundles
from transcripts.verify.trust import Trust
from transcripts.verify.volumes import missing_volumes

LARGEST_COPY = 1 << 28
ONE_OF_SEVERAL = "whether the other volumes are whole and none is missing is seen when all lie in one folder"
LOCKED = b"CHATDESK-LOCKED-"  # transcripts.proof.locked, of any version


def check(path: Path, trust: Trust) -> list[tuple[str, Report]]:
    """Every bundle or copy at the path, by name; for a folder of volumes, also what is missing between them.

    Raises Unreadable.
    """
    if is_locked(path):
        raise Unreadable(f"{path.name} is locked: it needs the key, and is opened by the desk that made it")
    if path.is_file() and path.suffix == ".json":
        if path.stat().st_size > LARGEST_COPY:
            raise Unreadable(f"{path.name} is too large for a copy of one conversation")
        return [(path.name, check_file(path.read_bytes(), trust))]
    found = [(name, check_bundle(source, trust)) for name, source in bundles(path)]
    if path.is_dir() and not (path / MANIFEST).is_file():
        return [*found, *missing_volumes(found)]
    for _name, report in found:
        if report.volume and not report.volume.is_alone:
            report.notes.append(ONE_OF_SEVERAL)
    return found


def is_locked(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(LOCKED)) == LOCKED
    except OSError:
        return False


def check_file(raw: bytes, trust: Trust) -> Report:
    """A visitor's copy, or the proof of one entry of the log. Raises Unreadable for anything else."""
    if b'"kind":"' + LEAF.encode() in raw:
        return check_leaf(raw, trust)
    return check_copy(raw, trust)


def trust_of(key: str, head: Path | None) -> Trust:
    """What the person knows. Raises Unreadable for a file that is no head."""
    try:
        return Trust(key, read_head(head.read_bytes()) if head else None)
    except (OSError, ValueError) as error:
        raise Unreadable(f"the head can't be read: {error}") from error
