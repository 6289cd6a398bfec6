"""Which conversations an export's search means."""

from __future__ import annotations

from django.db.models import QuerySet

from chatdesk.models import Conversation
from transcripts import sight
from transcripts.actions.finding import conversation_ids
from transcripts.models import Profile
from transcripts.query import Query


def chosen(query: str, profile: str = Profile.FULL) -> QuerySet[Conversation]:
    """Those that the line of a search finds; an empty line finds all. Raises words.Unclear.

    What waits in quarantine to be destroyed is in no export but that for its own person: it is still kept. What is
    restricted is in no training copy.
    """
    found = conversation_ids(Query.parse(query))
    if profile == Profile.SUBJECT:
        return found
    return found.filter(hidden_at=None) if profile == Profile.TRAINING else found.filter(sight.not_put_away())
