"""Run a search for somebody, and write down that they did."""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.db import transaction

from accounts.models import User
from chatdesk.models import Conversation
from transcripts.actions import custody
from transcripts.actions.finding import PAGE, Counts, find
from transcripts.models import AskedSearch, Purpose
from transcripts.query import Query


@transaction.atomic
def ask(user: User, purpose: Purpose, line: str) -> AskedSearch:
    """Count what a line finds, and keep both. Raises words.Unclear."""
    query = Query.parse(line, settings.TIME_ZONE)
    look = find(query).look(PAGE + 1)
    counts = look.counts
    asked = AskedSearch.objects.create(
        purpose=purpose,
        query=query.to_text(),
        conversations=counts.conversations,
        texts=counts.texts,
        first=look.ids,
    )
    note_search(user, "search", asked, counts)
    return asked


def note_search(user: User, action: str, asked: AskedSearch, counts: Counts) -> None:
    digest = hashlib.sha256(asked.query.encode()).hexdigest()
    facts = {"conversations": counts.conversations, "texts": counts.texts, "sha256": digest}
    custody.note(user, action, asked, asked.purpose, **facts)


def asked_by(user: User, number: int) -> AskedSearch | None:
    """A search of their own: nobody looks at what another one searched for by counting up."""
    return AskedSearch.objects.select_related("purpose__matter").filter(pk=number, purpose__user=user).first()


def previewed(user: User, purpose: Purpose, asked: AskedSearch, page: list[Conversation]) -> None:
    """A page of results was shown, with excerpts."""
    custody.note(user, "preview", asked, purpose, shown=[conversation.pk for conversation in page])
