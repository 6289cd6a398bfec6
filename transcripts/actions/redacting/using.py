"""What the volumes of an export covered: kept with the volume, and told as a table of places, never of words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from transcripts.actions.redacting.covering import Use
from transcripts.formats.cells import quoted_row
from transcripts.formats.text import iso
from transcripts.models import Export, ExportItem, Redaction, RedactionUse
from transcripts.query import Query
from transcripts.words import Unclear

COLUMNS = ("conversation", "record", "field", "place", "length", "reason", "reason_name", "marked_at")
WITHHELD = "[redacted]"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    conversation: str
    record: int
    field: str
    place: int
    length: int
    reason: str
    reason_name: str
    marked_at: datetime | None


def rows_of(covered: Sequence[tuple[str, Use]]) -> Iterator[Row]:
    """What a volume that is being written covers, with the conversations' references."""
    marks = Redaction.objects.select_related("reason").in_bulk({use.mark for _ref, use in covered})
    for ref, use in covered:
        mark = marks.get(use.mark)
        named = (mark.reason.name, mark.made_at) if mark else ("", None)
        yield Row(ref, use.number, use.field, use.place, use.length, use.reason, *named)


def rows_kept(export: Export) -> Iterator[Row]:
    """What an export covered, as it was kept; without what was destroyed since."""
    uses = RedactionUse.objects.filter(export=export).select_related("redaction__reason", "redaction__conversation")
    for use in uses.order_by("pk").iterator(500):
        mark = use.redaction
        place = (use.number, use.field, use.place, use.length)
        yield Row(mark.conversation.ref, *place, mark.reason.code, mark.reason.name, mark.made_at)


def table(rows: Iterable[Row]) -> Iterator[bytes]:
    """The table as CSV, fit for spreadsheets: it holds a name that an admin chose."""
    yield quoted_row(COLUMNS).encode()
    for row in rows:
        at = iso(row.marked_at) if row.marked_at else ""
        place = (row.conversation, row.record, row.field, row.place, row.length)
        yield quoted_row([*place, row.reason, row.reason_name, at]).encode()


def keep(export: Export, part: int, covered: Sequence[tuple[str, Use]]) -> None:
    """The marks were used: none of them can be withdrawn any more. In the transaction that keeps the volume."""
    wanted = {use.mark for _ref, use in covered}
    there = Redaction.objects.select_for_update().filter(pk__in=wanted).order_by("pk")
    known = set(there.values_list("pk", flat=True))
    rows = [_row(export, part, use) for _ref, use in covered if use.mark in known]
    RedactionUse.objects.bulk_create(rows, batch_size=500)


def _row(export: Export, part: int, use: Use) -> RedactionUse:
    place = {"number": use.number, "field": use.field, "place": use.place, "length": use.length}
    return RedactionUse(export=export, part=part, redaction_id=use.mark, **place)


def missed(export: Export, first: int, last: int, seen: set[int]) -> bool:
    """Whether somebody marked something in these conversations while they were being written (positions)."""
    if not export.with_redactions:
        return False
    items = ExportItem.objects.filter(export=export, position__gte=first, position__lte=last)
    marks = Redaction.objects.filter(withdrawn_at=None, conversation__in=items.values("conversation_id"))
    return bool(set(marks.values_list("pk", flat=True)) - seen)


def told_query(export: Export) -> str:
    """The search as the manifest may tell it: words, names and files that led to something covered could be it."""
    items = ExportItem.objects.filter(export=export)
    marks = Redaction.objects.filter(withdrawn_at=None, conversation__in=items.values("conversation_id"))
    if not export.query or not export.with_redactions or not _names_something(export.query) or not marks.exists():
        return export.query
    return WITHHELD


def _names_something(line: str) -> bool:
    try:
        query = Query.parse(line)
    except Unclear:
        return True
    return bool(query.words or query.visitors or query.operators or query.files or query.hashes)
