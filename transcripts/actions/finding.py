"""Find conversations by a query: how many, which, and where the words stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db import connection
from django.db.models import Q, QuerySet

from chatdesk.models import Conversation
from transcripts import conditions, wordindex
from transcripts.excerpts import Piece, excerpt
from transcripts.query import NAMES, Query
from transcripts.words import Term, terms

PAGE = 25
HITS_SHOWN = 3


def conversation_ids(query: Query) -> QuerySet[Conversation]:
    """The conversations that match, in no order. Lazy; `.values("pk")` of it may stand in another query."""
    found = Conversation.objects.filter(_narrowed(query))
    if query.words is not None:
        found = found.filter(pk__in=wordindex.found_in(query.words, query.places))
    return found


def _narrowed(query: Query) -> Q:
    condition = Q()
    for field in NAMES.values():
        values: tuple[str, ...] = getattr(query, field)
        if values and field != "places":
            condition &= conditions.of(field, values)
    starts, ends = query.starts(), query.ends()
    if starts:
        condition &= Q(last_at__gte=starts)
    if ends:
        condition &= Q(created_at__lt=ends)
    return condition


@dataclass(frozen=True)
class Counts:
    """How many conversations match, and in how many texts (messages, notes, file names ...) the words stand."""

    conversations: int
    texts: int


@dataclass(frozen=True)
class Found:
    query: Query

    def conversations(self, after: int | None = None, limit: int = PAGE) -> list[Conversation]:
        """The newest first; `after`: the id of the last one of the page before."""
        found = conversation_ids(self.query).select_related("group", "button", "request__operator", "visitor")
        if after is not None:
            found = found.filter(pk__lt=after)
        return list(found.order_by("-pk")[:limit])

    def count(self) -> int:
        return conversation_ids(self.query).count()

    @cached_property
    def terms(self) -> list[Term]:
        return list(dict.fromkeys(terms(self.query.words)))

    def counts(self) -> Counts:
        """Both numbers; `texts` is 0 for a search without words."""
        conversations = self.count()
        return Counts(conversations, self._texts(self.terms) if conversations and self.terms else 0)

    def _texts(self, terms: Iterable[Term]) -> int:
        sql, params = wordindex.hits(terms, self.query.places)
        inside, given = conversation_ids(self.query).values("pk").order_by().query.sql_with_params()
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM ({sql}) AS h WHERE conversation_id IN ({inside})", [*params, *given])  # noqa: S608
            row = cursor.fetchone()
        return int(row[0])


@dataclass(frozen=True)
class Hit:
    """A text in which the words stand. `place`: of query.PLACES; `number`: of the entry or note, 0 for others."""

    place: str
    number: int
    excerpt: list[Piece]


def hits_on(conversations: Sequence[int], query: Query) -> dict[int, list[Hit]]:
    """The first few hits in each of these conversations, by its id."""
    shown: dict[int, list[Hit]] = defaultdict(list)
    wanted = list(dict.fromkeys(terms(query.words)))
    if not wanted or not conversations:
        return {}
    for place, conversation, number, text in wordindex.texts_in(conversations, wanted, query.places):
        if len(shown[conversation]) < HITS_SHOWN:
            shown[conversation].append(Hit(place, number, excerpt(text, wanted)))
    return dict(shown)


def find(query: Query) -> Found:
    return Found(query)
