"""What makes a volume a bundle that can be checked anywhere: proofs, a manifest of everything, a signature."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from itertools import islice
from typing import Any, NamedTuple

from transcripts.actions import heads
from transcripts.actions.exporting.asking import LINES
from transcripts.actions.exporting.volumes import Done, VolumeWriter
from transcripts.actions.logproofs import conversation_proofs
from transcripts.actions.redacting import using
from transcripts.models import Export, ExportItem
from transcripts.proof.bundle import PROOFS, Seal, finish, proof_line
from transcripts.proof.canonical import Json, canonical, text

BATCH = 1000
COUNTS = "conversations.jsonl"
WARNINGS = "warnings.jsonl"
REDACTIONS = "redactions.csv"
KIND = "chatdesk.export"


class End(NamedTuple):
    """Where a conversation ends in an export: its last record's number and hash."""

    position: int
    ref: str
    last: int
    head: str


@dataclass(frozen=True)
class Bundled:
    """The manifest's SHA-256 in hex, and the Bates numbers that the volume used, if any."""

    manifest_sha256: str
    bates_first: str = ""
    bates_last: str = ""


def bundle(export: Export, number: int, writer: VolumeWriter) -> Bundled:
    """Write the volume's last files. Each volume names the manifest of the one before, so that none can be left out."""
    seal = heads.seal()
    done = writer.done
    if LINES in export.formats:
        writer.volume.write(PROOFS, _proofs(export, done, seal))
    writer.volume.write(COUNTS, _together(_counts(export, done)))
    if done.warnings or done.skipped:
        writer.volume.write(WARNINGS, _warnings(done))
    if done.covered:
        writer.volume.write(REDACTIONS, using.table(using.rows_of(done.covered)))
    bates = _bates(export, done)
    manifest = finish(writer.volume, _facts(export, number, done, bates), seal)
    return Bundled(hashlib.sha256(manifest).hexdigest(), *bates)


def _facts(export: Export, number: int, done: Done, bates: Sequence[str]) -> dict[str, Any]:
    before = export.parts.filter(number=number - 1).values_list("manifest_sha256", flat=True).first()
    return {
        "kind": KIND,
        "export": export.ref,
        "asked": {"at": _moment(export.requested_at), "by": export.requested_by_id, "purpose": export.reason},
        "approved": {"at": _moment(export.decided_at), "by": export.decided_by_id},
        "as_of": _moment(export.snapshot_at),
        "query": using.told_query(export),
        "profile": export.profile,
        "formats": list(export.formats),
        "only_new": export.only_new,
        "stream": export.stream,
        "volume": {"number": number, "is_last": done.last >= export.conversations, "before": before or ""},
        "positions": {"first": done.first, "last": done.last, "of": export.conversations},
        "records": done.records,
        "counts": done.counts,
        "bates": list(bates),
        "redactions": {"with": export.with_redactions, **_redacted(done)},
        "warnings": len(done.warnings),
        "skipped": len(done.skipped),
        "software": {"name": "chatdesk", "version": _version()},
    }


def _redacted(done: Done) -> dict[str, Json]:
    """How many values were covered, and how often for which reason."""
    values = {(ref, use.number, use.field) for ref, use in done.covered}
    return {"reasons": dict(Counter(use.reason for _ref, use in done.covered)), "values": len(values)}


def _bates(export: Export, done: Done) -> tuple[str, str]:
    if done.next_bates == export.bates_next:
        return "", ""
    return _bates_number(export, export.bates_next), _bates_number(export, done.next_bates - 1)


def _bates_number(export: Export, number: int) -> str:
    return f"{export.bates_prefix or 'CHAT'}{number:08d}"


def _counts(export: Export, done: Done) -> Iterator[bytes]:
    """One line for each conversation: how many records, the first and the last, or why it is not here."""
    for position, ref, last, _head in _ends(export, done):
        facts = f'{{"conversation":{text(ref)}'
        if reason := done.skipped.get(position):
            yield f'{facts},"position":{position},"records":0,"skipped":{text(reason)}}}\n'.encode()
        else:
            yield f'{facts},"first":1,"last":{last},"position":{position},"records":{last}}}\n'.encode()


def _together(lines: Iterator[bytes]) -> Iterator[bytes]:
    while some := b"".join(islice(lines, BATCH)):
        yield some


def _ends(export: Export, done: Done) -> Iterator[End]:
    rows = ExportItem.objects.filter(export=export, position__gte=done.first, position__lte=done.last)
    ends = rows.order_by("position").values_list("position", "ref", "last", "head")
    return (End(*row) for row in ends.iterator(BATCH))


def _warnings(done: Done) -> Iterator[bytes]:
    for name, each in done.warnings:
        facts: dict[str, Json] = {
            "conversation": each.ref,
            "record": each.number,
            "what": each.code,
            "detail": each.detail,
        }
        hashes: dict[str, Json] = {"expected": each.expected, "found": each.found, "format": name}
        yield canonical({**facts, **hashes}) + b"\n"
    for position, reason in sorted(done.skipped.items()):
        yield canonical({"position": position, "what": reason}) + b"\n"


def _proofs(export: Export, done: Done, seal: Seal) -> Iterator[bytes]:
    """In the order of the records: where the log knows the end of each conversation."""
    here = (end for end in _ends(export, done) if end.position not in done.skipped)
    while batch := list(islice(here, BATCH)):
        proofs = conversation_proofs([(end.ref, end.last, end.head) for end in batch], seal.head.head)
        yield b"".join(map(proof_line, proofs))


def _moment(at: datetime | None) -> str:
    return at.astimezone(UTC).isoformat() if at else ""


def _version() -> str:
    try:
        return version("chatdesk")
    except PackageNotFoundError:
        return "0.1.0"
