"""Find conversations by a query: how many, which, and where the words stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q, QuerySet

from chatdesk.models import Conversation
from transcripts import conditions, wordindex
from transcripts.excerpts import Piece, excerpt
from transcripts.query import NAMES, Query
from transcripts.words import AnyOf, Term, terms

PAGE = 25
SHOWN = ("group", "button", "request__operator", "visitor")
HITS_SHOWN = 3
FEW_ENTRIES = 5000  # so many are read sooner than an index is asked for a frequent word


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
class Look:
    counts: Counts
    ids: list[int]


@dataclass(frozen=True)
class Found:
    query: Query

    def conversations(self, after: int | None = None, limit: int = PAGE) -> list[Conversation]:
        """The newest first; `after`: the id of the last one of the page before."""
        found = conversation_ids(self.query)
        if after is not None:
            found = found.filter(pk__lt=after)
        return list(found.select_related(*SHOWN).order_by("-pk")[:limit])

    def count(self) -> int:
        return conversation_ids(self.query).count()

    @cached_property
    def terms(self) -> list[Term]:
        return list(dict.fromkeys(terms(self.query.words)))

    def counts(self) -> Counts:
        """Both numbers; `texts` is 0 for a search without words."""
        return self.look(limit=0).counts

    def look(self, limit: int = PAGE) -> Look:
        """Both numbers and the ids of the newest, from one pass through the texts."""
        if not self.terms:
            ids = conversation_ids(self.query).order_by("-pk").values_list("pk", flat=True)[:limit]
            return Look(Counts(self.count(), 0), list(ids))
        sql, params = wordindex.hits(self.terms, self.query.places)
        inside, given = self._inside()
        with connection.cursor() as cursor:
            cursor.execute(LOOK.format(hits=sql, inside=inside), [*params, *given, limit])
            rows = cursor.fetchall()
        conversations, texts = rows[0][:2]
        return Look(Counts(conversations, texts), [row[2] for row in rows if row[2] is not None])

    def _inside(self) -> wordindex.Sql:
        """What else must hold of a conversation in which a term stands; nothing if any of them is enough."""
        words = self.query.words
        is_enough = isinstance(words, Term) or (
            isinstance(words, AnyOf) and all(isinstance(part, Term) for part in words.parts)
        )
        narrowed = replace(self.query, words=None) if is_enough else self.query
        if is_enough and replace(narrowed, places=()).is_empty:
            return "", []
        try:
            sql, params = conversation_ids(narrowed).values("pk").order_by().query.sql_with_params()
        except EmptyResultSet:
            return "WHERE 1 = 0", []
        return f"WHERE conversation_id IN ({sql})", list(params)


# By a set that is made once (MATERIALIZED): left to itself, the planner may read the newest conversations one by one,
# which is quick for frequent words and takes minutes for rare ones.
LOOK = """
WITH g AS MATERIALIZED (SELECT conversation_id, count(*) AS n FROM ({hits}) AS h {inside} GROUP BY conversation_id),
  s AS (SELECT count(*) AS conversations, coalesce(sum(n), 0) AS texts FROM g),
  p AS (SELECT conversation_id FROM g ORDER BY conversation_id DESC LIMIT %s)
SELECT s.conversations, s.texts, p.conversation_id FROM s LEFT JOIN p ON true ORDER BY p.conversation_id DESC
"""


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
    few = sum(Conversation.objects.filter(pk__in=conversations).values_list("last_seq", flat=True)) <= FEW_ENTRIES
    for place, conversation, number, text in wordindex.texts_in(conversations, wanted, query.places, read_all=few):
        if len(shown[conversation]) < HITS_SHOWN:
            shown[conversation].append(Hit(place, number, excerpt(text, wanted)))
    return dict(shown)


def shown(ids: Sequence[int]) -> list[Conversation]:
    """These that are still there, the newest first, with what a list shows."""
    return list(Conversation.objects.filter(pk__in=ids).select_related(*SHOWN).order_by("-pk"))


def find(query: Query) -> Found:
    return Found(query)
