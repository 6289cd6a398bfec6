"""Who looked at what, and what for: each reading is a row of the audit log, which nobody can change."""

from __future__ import annotations

from typing import Any

from django.db.models import Model

from accounts.audit import record
from accounts.models import AuditEntry, User
from transcripts.models import Purpose

PREFIX = "transcripts."


def note(user: User, action: str, thing: Model | None, purpose: Purpose | None, **facts: Any) -> AuditEntry:
    """One row: `action` (search, read, file, export.make ...) on `thing`, for a purpose, in the running transaction.

    `facts`: numbers, references, hashes, counts: never what was said, names or addresses, which may have to be
    forgotten; for a search that is the number of its AskedSearch.
    """
    why: dict[str, Any] = {"purpose": purpose.pk} if purpose else {}
    if purpose and purpose.matter:
        why["matter"] = purpose.matter.number
    reason = str(purpose) if purpose else ""
    return record(PREFIX + action, actor=user, on=thing, after={**why, **facts}, reason=reason)
