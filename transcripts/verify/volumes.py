"""Whether all volumes of an export are here: each says its number and names the one before, the last that it is it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from itertools import pairwise
from typing import Any

from transcripts.verify.report import Fault, Report, Volume

LARGEST = 1 << 31


def volume_of(manifest: Mapping[str, Any], raw: bytes) -> Volume | None:
    """None for what is no volume of an export. `raw`: the manifest's bytes, whose signature was checked."""
    export, said = manifest.get("export"), manifest.get("volume")
    if not isinstance(export, str) or not isinstance(said, dict):
        return None
    number = said.get("number")
    if not isinstance(number, int) or not 0 < number < LARGEST:
        return None
    return Volume(export, number, said.get("is_last") is True, str(said.get("before", "")), sha256(raw).hexdigest())


def missing_volumes(reports: Iterable[tuple[str, Report]]) -> Iterator[tuple[str, Report]]:
    """For each export of which something is amiss between its volumes: its name, and what."""
    found: defaultdict[str, set[Volume]] = defaultdict(set)
    for _name, report in reports:
        if report.volume:
            found[report.volume.export].add(report.volume)
    for export, volumes in sorted(found.items()):
        faults = [Fault(what) for what in _amiss(sorted(volumes, key=lambda each: (each.number, each.manifest)))]
        if faults:
            yield f"export {export}", Report(kind="chatdesk.export", faults=faults)


def _amiss(volumes: list[Volume]) -> Iterator[str]:
    """`volumes`: in order, at least one."""
    last = 0
    for volume in volumes:
        if volume.number > last + 1:
            yield _between(last + 1, volume.number - 1)
        last = volume.number
    if not volumes[-1].is_last:
        yield f"every volume after {last} is missing"
    yield from _not_following(volumes)


def _between(first: int, last: int) -> str:
    return f"volume {first} is missing" if first == last else f"volumes {first} to {last} are missing"


def _not_following(volumes: list[Volume]) -> Iterator[str]:
    """Where two that should follow each other do not: an export that was made anew, or two of one number."""
    for earlier, later in pairwise(volumes):
        if earlier.number == later.number:
            yield f"there are two different volumes {later.number}"
        elif earlier.is_last:
            yield f"volume {later.number} comes after the last one, {earlier.number}"
        elif later.number == earlier.number + 1 and later.before != earlier.manifest:
            yield f"volume {later.number} does not follow the volume {earlier.number} that is here"
