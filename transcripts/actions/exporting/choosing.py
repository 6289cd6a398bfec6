"""Which conversations an export's search means."""

from __future__ import annotations

from django.db.models import QuerySet

from chatdesk.models import Conversation
from transcripts.actions.finding import conversation_ids
from transcripts.query import Query


def chosen(query: str) -> QuerySet[Conversation]:
    """Those that the line of a search finds; an empty line finds all. Raises words.Unclear.

    What waits in quarantine to be destroyed is out of sight, and so in no export.
    """
    return conversation_ids(Query.parse(query)).filter(hidden_at=None)
