"""Searches over a desk of many words: `python -m tests.bench.search_desk CONVERSATIONS`.

On the empty PostgreSQL of the environment; prints as JSON the milliseconds of each search, ours and by SQL alone.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterator

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chatdesk.settings")

import django

django.setup()

from django.db import connection  # noqa: E402 - Django is set up first

from tests import factories  # noqa: E402
from tests.bench.scale_data import grow  # noqa: E402
from transcripts.actions.finding import PAGE, find, hits_on, shown  # noqa: E402
from transcripts.actions.indexing import ensure  # noqa: E402
from transcripts.query import Query  # noqa: E402

# Twelve words each, of 20,000 that are as frequent as words of a language are: w0 in every third text, w19999 in few.
WORDS = """
UPDATE chatdesk_entry AS e SET body = (
  SELECT string_agg('w' || floor(20000 * power(random(), 4))::int, ' ') FROM generate_series(1, 12) WHERE e.id > 0)
"""
# What a good query by hand gives: how many there are, and the newest of them. The set is made once: left to itself, the
# planner reads the newest conversations one by one, which takes seconds for rare words.
BY_HAND = """
WITH g AS MATERIALIZED (SELECT conversation_id, count(*) AS n FROM chatdesk_entry
  WHERE kind IN ('message', 'notice') AND {} GROUP BY conversation_id)
SELECT (SELECT count(*) FROM g), (SELECT sum(n) FROM g), c.*
FROM chatdesk_conversation AS c JOIN g ON g.conversation_id = c.id ORDER BY c.id DESC LIMIT 25
"""
MATCHES = "transcripts_words(body) @@ to_tsquery('simple', '{}')"
TERMS = (0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 15_000, 19_999)


def searches() -> Iterator[tuple[str, str]]:
    """A line of ours, and the same for PostgreSQL: words of every frequency, phrases, prefixes, alternatives."""
    for term in TERMS:
        yield f"w{term}", f"w{term}"
    for term in (3, 30, 300, 3000):
        yield f'"w0 w{term}"', f"w0 <-> w{term}"
        yield f"w{term}77*", f"w{term}77:*"
        yield f"w{term} OR w{term + 1}", f"w{term} | w{term + 1}"


def prepare(conversations: int) -> None:
    group = factories.make_group("sales")
    factories.make_button("sales", group)
    factories.make_operator("operator0", group)
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX transcripts_words_entry")
        grow(os.environ["DATABASE_URL"], conversations, "sales", "operator0@desk.example")
        cursor.execute("SELECT setseed(0.5)")
        cursor.execute(WORDS)
    ensure()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE chatdesk_entry")
        cursor.execute("ANALYZE chatdesk_conversation")


def ours(line: str) -> int:
    """As the first page does: count, the newest, their excerpts."""
    query = Query.parse(line)
    look = find(query).look(PAGE)
    hits_on([each.pk for each in shown(look.ids)], query)
    return look.counts.conversations


def by_hand(terms: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(BY_HAND.format(MATCHES.format(terms)))
        rows = cursor.fetchall()
    return int(rows[0][0]) if rows else 0


def timed(search: Callable[[str], int], what: str) -> tuple[float, int]:
    """The best of two, in milliseconds: the first may find nothing in the cache."""
    took, count = [], 0
    for _time in range(2):
        begun = time.perf_counter()
        count = search(what)
        took.append(1000 * (time.perf_counter() - begun))
    return min(took), count


def main(conversations: int) -> None:
    prepare(conversations)
    rows = []
    for line, terms in searches():
        hand, wanted = timed(by_hand, terms)
        mine, found = timed(ours, line)
        if found != wanted:
            raise RuntimeError(f"{line}: {found} conversations, by hand {wanted}")
        rows.append([line, found, mine, hand])
    print(json.dumps(rows))


if __name__ == "__main__":
    main(int(sys.argv[1]))
