"""Full text: which texts have an index, how it is made on each database, and what a word search asks of it.

Nothing is copied. PostgreSQL has a GIN index on an expression, SQLite an FTS5 table without content of its own; both
are kept by the database itself, so that a text which is erased is out of the index with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models.expressions import RawSQL

from transcripts.words import All, Node, Not, Term

Sql = tuple[str, list[str]]


@dataclass(frozen=True)
class Source:
    """A column of texts: `place` is its kind (query.PLACES), `conversation` the SQL that says whose the row `t` is.

    `number`: SQL for what a person calls it by (an entry's, a note's number). `only`: SQL that leaves out rows.
    `among`: SQL for its rows of the conversations {numbers}, where `conversation` has to be looked up for each row.
    """

    name: str
    place: str
    table: str
    column: str
    conversation: str = "t.conversation_id"
    number: str = "0"
    only: str = ""
    joins: str = ""
    among: str = ""

    def of(self, numbers: str) -> str:
        """The condition on rows of these conversations, given as numbers with commas."""
        return self.among.format(numbers=numbers) or f"{self.conversation} IN ({numbers})"


_sources: dict[str, Source] = {}


def add(source: Source) -> None:
    """For an app when it is ready; its index is made after the next migration."""
    _sources[source.name] = source


def sources(places: Sequence[str] = ()) -> list[Source]:
    """All of them, or those of some places."""
    return [source for source in _sources.values() if not places or source.place in places]


SAID = "('message', 'notice')"
add(Source("entry", "said", "chatdesk_entry", "body", number="t.seq", only=f"t.kind IN {SAID}"))
add(Source("note", "notes", "chatdesk_note", "body", number="t.number"))
add(Source("file", "files", "chatdesk_file", "name"))
add(Source("form", "forms", "chatdesk_conversation", "question", conversation="t.id"))


EVERY: Sql = ("SELECT id AS conversation_id FROM chatdesk_conversation", [])
NONE = "SELECT id AS conversation_id FROM chatdesk_conversation WHERE 1 = 0"


def found_in(node: Node, places: Sequence[str] = ()) -> RawSQL:
    """The conversations in which the words stand, as a subquery of their ids."""
    sql, params = conversations(node, places)
    return RawSQL(sql, params)  # noqa: S611


def conversations(node: Node, places: Sequence[str] = ()) -> Sql:
    """A SELECT of `conversation_id`: sets joined by the databases' own UNION, INTERSECT and EXCEPT."""
    if isinstance(node, Term):
        return hits([node], places)
    if isinstance(node, Not):
        return _combined("EXCEPT", [EVERY, conversations(node.inside, places)])
    joined = [conversations(part, places) for part in node.parts]
    return _combined("INTERSECT" if isinstance(node, All) else "UNION", joined)


def hits(terms: Iterable[Term], places: Sequence[str] = ()) -> Sql:
    """A SELECT with one row of `conversation_id` for each text that holds any of the terms."""
    chosen, asked = sources(places), matching(terms)
    selects = [f"SELECT {each.conversation} AS conversation_id {hits_from(each)}" for each in chosen]
    return " UNION ALL ".join(selects) or NONE, [asked for _each in chosen]


FEW = 3
LONGEST = 20_000  # characters of a text from which an excerpt is made


def texts_in(
    conversations: Sequence[int], terms: Sequence[Term], places: Sequence[str] = (), *, read_all: bool = False
) -> Iterator[tuple[str, int, int, str]]:
    """(place, conversation, number, text) of the first FEW hits of each source in each of these conversations.

    `read_all`: read all texts of these conversations rather than ask the index, which lists each place of a word.
    """
    numbers = ", ".join(str(int(each)) for each in conversations)
    for source in sources(places):
        columns = f"{source.conversation} AS c, {source.number} AS n, substr(t.{source.column}, 1, {LONGEST}) AS words"
        rank = f"row_number() OVER (PARTITION BY {source.conversation} ORDER BY t.id) AS rank"
        inside = source.of(numbers)
        inner = f"SELECT {columns}, {rank} {hits_from(source, within=inside if read_all else '')} AND {inside}"
        with connection.cursor() as cursor:
            outer = f"SELECT c, n, words FROM ({inner}) AS h WHERE rank <= {FEW} ORDER BY c, n"  # noqa: S608
            cursor.execute(outer, [matching(terms)])
            yield from ((source.place, row[0], row[1], row[2]) for row in cursor.fetchall())


def hits_from(source: Source, *, within: str = "") -> str:
    """FROM and WHERE of the texts of one source, for one parameter: what `matching` makes.

    `within`: a condition on its rows that PostgreSQL is to settle first.
    """
    column = f"t.{source.column}"
    if connection.vendor == "postgresql":
        matches = f"transcripts_words({column}) @@ to_tsquery('simple', %s)"
    else:
        matches = f"t.id IN (SELECT rowid FROM {index_name(source)} WHERE {index_name(source)} MATCH %s)"  # noqa: S608
    table = source.table
    if within and connection.vendor == "postgresql":
        table = f"(SELECT * FROM {table} AS t WHERE {within} OFFSET 0)"  # noqa: S608
    return f"FROM {table} AS t {source.joins} WHERE {' AND '.join(filter(None, [source.only, matches]))}"


def matching(terms: Iterable[Term]) -> str:
    """Any of the terms, in the words of the database. Terms hold letters and digits alone, so nothing is to escape."""
    if connection.vendor == "postgresql":
        return " | ".join(f"({' <-> '.join(term.words)}{':*' * term.is_prefix})" for term in terms)
    return " OR ".join(f'"{" ".join(term.words)}"{" *" * term.is_prefix}' for term in terms)


def index_name(source: Source) -> str:
    return f"transcripts_words_{source.name}"


def _combined(operator: str, parts: Iterable[Sql]) -> Sql:
    selects, params = [], []
    for number, (sql, given) in enumerate(parts):
        selects.append(f"SELECT conversation_id FROM ({sql}) AS s{number}")  # noqa: S608
        params += given
    return f" {operator} ".join(selects), params
