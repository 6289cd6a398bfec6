"""Marks as rows, and what is in an export's volumes, wherever it stands."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf

from accounts.models import User
from chatdesk.models import Conversation
from tests.transcripts.exporting.archive import parts, unpacked
from tests.transcripts.formats.test_profiles import everything
from transcripts.models import Export, Record, Redaction, RedactionReason


def reason(code: str = "privacy", name: str = "Privacy") -> RedactionReason:
    return RedactionReason.objects.get_or_create(code=code, defaults={"name": name})[0]


def marked(conversation: Conversation, by: User, **facts: Any) -> Redaction:
    facts.setdefault("reason", reason())
    return Redaction.objects.create(conversation=conversation, made_by=by, **facts)


def number_of(conversation: Conversation, kind: str, nth: int = 0) -> int:
    """The number of the record of that kind."""
    rows = Record.objects.filter(conversation=conversation, kind=kind).order_by("number")
    return rows.values_list("number", flat=True)[nth]


def in_documents(folder: Path) -> Iterator[str]:
    """All that PDFs hold: their streams, unpacked, and what is embedded."""
    for path in sorted(folder.rglob("*.pdf")):
        try:
            with pikepdf.open(io.BytesIO(path.read_bytes())) as document:
                for each in document.objects:
                    if isinstance(each, pikepdf.Stream):
                        yield each.read_bytes().decode(errors="replace")
        except pikepdf.PdfError:
            continue  # a file that was sent, and only begins like one


def whole(export: Export, folder: Path) -> str:
    """Every path, byte and text of all volumes of an export."""
    for part in parts(export):
        unpacked(part, folder)
    return everything(folder) + "\n".join(in_documents(folder))
