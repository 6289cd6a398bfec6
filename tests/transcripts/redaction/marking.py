"""Marks as rows, and what is in an export's volumes, wherever it stands."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdf

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
    """What a PDF reader finds: the text of each page, its title, and what is embedded."""
    for path in sorted(folder.rglob("documents/*.pdf")):
        document = pypdf.PdfReader(io.BytesIO(path.read_bytes()))
        yield from (page.extract_text() for page in document.pages)
        yield str(document.metadata)
        yield from (raw.decode() for files in document.attachments.values() for raw in files)


def whole(export: Export, folder: Path) -> str:
    """Every path, byte and text of all volumes of an export."""
    for part in parts(export):
        unpacked(part, folder / part.name)
    return everything(folder) + "\n".join(in_documents(folder))
