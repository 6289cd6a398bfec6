"""One conversation as a bundle that proves itself, encrypted as it is written: no plain text is stored on the way."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import IO

from django.db import connection

from transcripts.actions import logproofs
from transcripts.actions.exporting.documents import Natives
from transcripts.actions.exporting.lines import line_of, with_body
from transcripts.formats import Document, Warned
from transcripts.formats.volume import ZipVolume
from transcripts.kinds import Kind
from transcripts.models import LockedCopy, Record
from transcripts.proof.bundle import PROOFS, RECORDS, Proof, Seal, finish, proof_line
from transcripts.proof.canonical import Json, canonical
from transcripts.proof.locked import LockedWriter

KIND = "chatdesk.locked"
WARNINGS = "warnings.jsonl"
ROWS = 2000
PAGE = """
SELECT r.content, r.frame, r.hash, r.salts, coalesce(e.body, n.body)
FROM transcripts_record r
LEFT JOIN chatdesk_entry e ON e.conversation_id = r.conversation_id AND e.seq = r.seq
LEFT JOIN chatdesk_note n ON n.conversation_id = r.conversation_id AND n.number = r.note
WHERE r.conversation_id = %s AND r.number > %s AND r.number <= %s
ORDER BY r.number
"""


def write(copy: LockedCopy, key: bytes, target: IO[bytes], seal: Seal, scratch: str) -> None:
    """The records from the first to the copy's last, their files, and what proves them, locked with the key.

    A file that is missing or changed becomes a line of warnings.jsonl. Raises LookupError if records are missing.
    """
    locked = LockedWriter(target, key, copy.ref)
    volume = ZipVolume(locked, scratch)
    try:
        _fill(volume, copy, seal, scratch)
    except BaseException:
        volume.discard()
        raise
    volume.close()
    locked.close()


def _fill(volume: ZipVolume, copy: LockedCopy, seal: Seal, scratch: str) -> None:
    volume.write(f"{RECORDS}records.jsonl", _lines(copy))
    natives = Natives(volume, scratch)
    amiss = [found for each in _documents(copy) if isinstance(found := natives.bring(copy.ref, *each), Warned)]
    volume.write(PROOFS, [proof_line(_proof(copy, seal))])
    if amiss:
        volume.write(WARNINGS, (_warning(each) for each in amiss))
    facts: dict[str, Json] = {"kind": KIND, "conversation": copy.ref, "records": copy.last, "warnings": len(amiss)}
    finish(volume, facts, seal)


def _lines(copy: LockedCopy) -> Iterator[bytes]:
    """A few thousand records at a time."""
    for start in range(0, copy.last, ROWS):
        with connection.cursor() as cursor:
            cursor.execute(PAGE, [copy.conversation_id, start, min(start + ROWS, copy.last)])
            rows = cursor.fetchall()
        if len(rows) != min(ROWS, copy.last - start):
            raise LookupError("records are missing")
        for content, frame, digest, salts, body in rows:
            yield f"{line_of(with_body(content, salts, body), frame, digest, salts)}\n".encode()


def _documents(copy: LockedCopy) -> Iterator[tuple[int, Document]]:
    rows = Record.objects.filter(
        conversation=copy.conversation_id, kind=Kind.FILE, number__lte=copy.last, content__isnull=False
    )
    for number, content in rows.order_by("number").values_list("number", "content"):
        said = json.loads(content or "{}")
        if facts := said.get("document"):
            name = str(said.get("name") or "")
            yield number, Document(name, facts["media_type"], facts["size"], facts["sha256"], key=facts["key"])


def _proof(copy: LockedCopy, seal: Seal) -> Proof:
    head = Record.objects.values_list("hash", flat=True).get(conversation=copy.conversation_id, number=copy.last)
    return logproofs.conversation_proofs([(copy.ref, copy.last, head)], seal.head.head)[0]


def _warning(warned: Warned) -> bytes:
    facts: dict[str, Json] = {"record": warned.number, "what": warned.code, "detail": warned.detail}
    return canonical({**facts, "expected": warned.expected, "found": warned.found}) + b"\n"
