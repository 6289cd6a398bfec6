"""One conversation's records, read for telling: public facts, and what was said as far as it is still there."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection

from transcripts.actions.exporting.lines import with_body

QUERY = """
SELECT r.number, r.kind, r.seq, r.note, r.frame, r.hash, r.salts, r.content, coalesce(e.body, n.body)
FROM transcripts_record r
LEFT JOIN chatdesk_entry e ON e.conversation_id = r.conversation_id AND e.seq = r.seq
LEFT JOIN chatdesk_note n ON n.conversation_id = r.conversation_id AND n.number = r.note
WHERE r.conversation_id = %s AND r.number <= %s
ORDER BY r.number
"""


@dataclass(frozen=True, slots=True)
class Told:
    """A record, read. `said` lacks what was withheld or erased; `facts` are all public ones of its frame.

    `redacted`: of a copy's records, by field, what is covered there. `said` then holds what is read instead, of which
    there is no salt.
    """

    number: int
    kind: str
    seq: int | None
    note: int | None
    at: datetime
    facts: dict[str, Any]
    said: dict[str, Any]
    salts: dict[str, str]
    frame: str
    hash: str
    redacted: dict[str, Any] = field(default_factory=dict)

    @property
    def author(self) -> dict[str, Any]:
        return self.facts.get("author") or {}

    @property
    def is_withheld(self) -> bool:
        """Whether something that was said is no longer there."""
        return len(self.said.keys() | self.redacted.keys()) < len(self.facts.get("said") or {})


def told_of(conversation_id: int, last: int | None = None) -> list[Told]:
    """The records of a conversation from the first to `last` (None: all), in one statement; none if it is gone."""
    until = last if last is not None else 2**31 - 1
    with connection.cursor() as cursor:
        cursor.execute(QUERY, [conversation_id, until])
        return [_told(row) for row in cursor.fetchall()]


def _told(row: tuple[Any, ...]) -> Told:
    number, kind, seq, note, frame, digest, salts, content, body = row
    facts: dict[str, Any] = json.loads(frame)
    known: dict[str, str] = json.loads(salts)
    said = {name: value for name, value in json.loads(with_body(content, salts, body)).items() if name in known}
    at = datetime.fromisoformat(facts["at"])
    return Told(number, kind, seq, note, at, facts, said, known, frame, digest)
