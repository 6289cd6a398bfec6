"""Fixing the set of an export: one statement, one snapshot. What comes afterwards is another export's."""

from __future__ import annotations

from django.db import connection, transaction
from django.db.models import Count, QuerySet, Sum
from django.utils import timezone

from chatdesk.models import Conversation
from transcripts.actions.exporting.trail import trail
from transcripts.models import Export, ExportItem, ExportRules, ExportState

# Each conversation as far as its chain has come. The order is by (closed, number): equal times stand in one order.
FIX = """
INSERT INTO transcripts_exportitem
    (export_id, position, conversation_id, ref, group_id, closed_at, last, head, state, reason)
SELECT %s, row_number() OVER (ORDER BY c.closed_at IS NULL, c.closed_at, c.id),
    c.id, c.ref, c.group_id, c.closed_at, h.count, h.head, 'pending', ''
FROM chatdesk_conversation c JOIN transcripts_chain h ON h.conversation_id = c.id
WHERE c.id IN ({chosen})
"""
# Brought as far as it goes now by an export of the same stream and profile that has arrived.
BROUGHT = """
AND NOT EXISTS (
    SELECT 1 FROM transcripts_exportitem i JOIN transcripts_export x ON x.id = i.export_id
    WHERE i.conversation_id = c.id AND i.last >= h.count AND i.state = 'done'
        AND x.acknowledged_at IS NOT NULL AND x.stream = %s AND x.profile = %s
        AND x.with_redactions = %s)
"""


@transaction.atomic
def select(export: Export, chosen: QuerySet[Conversation]) -> bool:
    """Fix the export's conversations and their last records; then it waits for a second person, or begins.

    False if another worker has done it, or it was cancelled meanwhile.
    """
    selecting = Export.objects.select_for_update().filter(pk=export.pk, state=ExportState.SELECTING)
    if not selecting.exists():
        return False
    _fix(export, chosen)
    counts = ExportItem.objects.filter(export=export).aggregate(conversations=Count("pk"), records=Sum("last"))
    found = {"conversations": counts["conversations"], "records": counts["records"] or 0}
    waits = export.requested_by_id is not None and _needs_second(export, found["conversations"])
    state = ExportState.WAITING if waits else ExportState.QUEUED
    Export.objects.filter(pk=export.pk).update(state=state, snapshot_at=timezone.now(), **found)
    trail("select", export, export.requested_by, **found)
    return True


def _needs_second(export: Export, conversations: int) -> bool:
    """What is covered for everybody is not one person's to uncover."""
    return conversations > ExportRules.load().approve_above or not export.with_redactions


def _fix(export: Export, chosen: QuerySet[Conversation]) -> None:
    inside, given = chosen.order_by().values("pk").query.sql_with_params()
    statement, params = FIX.format(chosen=inside), [export.pk, *given]
    if export.only_new:
        statement, params = statement + BROUGHT, [*params, export.stream, export.profile, export.with_redactions]
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        if connection.vendor == "postgresql":
            cursor.execute("ANALYZE transcripts_exportitem")  # or the first volumes are planned for an empty table
