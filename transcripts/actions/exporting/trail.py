"""Each step of an export in the trail of compliance: who, when, what for. Numbers, references, hashes; no content."""

from __future__ import annotations

from typing import Any

from accounts.audit import record
from accounts.models import AuditEntry, User
from transcripts.actions.custody import PREFIX
from transcripts.models import Export


def trail(step: str, export: Export, by: User | None, *, reason: str = "", **facts: Any) -> AuditEntry:
    """One row of the audit log in the running transaction; nobody: whoever works on the server's own console."""
    matter = {"matter": export.matter.number} if export.matter else {}
    why = reason or export.reason
    return record(f"{PREFIX}export.{step}", actor=by, on=export, name=export.ref, after={**matter, **facts}, reason=why)
