"""Make the indexes of full text (transcripts.wordindex) where they are missing: after each migration, and again."""

from __future__ import annotations

from typing import Any

from django.db import connection, transaction

from transcripts.wordindex import Source, index_name, sources

# Letters and decimal digits in runs, in lower case: transcripts.words.tokens says the same. By Unicode's own rules (ICU)  # noqa: E501
# where the server has them, so that no locale of a database changes what is found. What comes after 100,000 characters
# of one text is not searched: the server's vectors have an end, and a long mail is not to be refused for that.
FUNCTION = """
CREATE OR REPLACE FUNCTION transcripts_words(text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT to_tsvector('simple'::regconfig,
  regexp_replace(lower(left($1, 100000){collation}), '[^[:alnum:]]+', ' ', 'g'))
$$
"""
TOKENS = "unicode61 remove_diacritics 0 categories 'L* Nd'"


@transaction.atomic
def ensure() -> list[str]:
    """Make what is missing; what is there already costs a look. Answers the names of what was made."""
    present = set(connection.introspection.table_names())
    wanted = [source for source in sources() if source.table in present]
    with connection.cursor() as cursor:
        make = _make_postgresql if connection.vendor == "postgresql" else _make_sqlite
        if connection.vendor == "postgresql":
            cursor.execute(FUNCTION.format(collation=_collation(cursor)))
        return [source.name for source in wanted if make(cursor, source)]


def _collation(cursor: Any) -> str:
    cursor.execute("SELECT 1 FROM pg_collation WHERE collname = 'und-x-icu'")
    return ' COLLATE "und-x-icu"' if cursor.fetchone() else ""


def _make_postgresql(cursor: Any, source: Source) -> bool:
    cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [index_name(source)])
    if cursor.fetchone()[0]:
        return False
    only = f" WHERE {source.only.replace('t.', '')}" if source.only else ""
    expression = f"transcripts_words({source.column})"
    cursor.execute(f"CREATE INDEX {index_name(source)} ON {source.table} USING gin ({expression}){only}")
    return True


def _make_sqlite(cursor: Any, source: Source) -> bool:
    index, table, column = index_name(source), source.table, source.column
    cursor.execute("SELECT 1 FROM sqlite_master WHERE name = %s", [index])
    is_new = cursor.fetchone() is None
    if is_new:
        facts = f"{column}, content='{table}', content_rowid='id', tokenize=\"{TOKENS}\""
        cursor.execute(f"CREATE VIRTUAL TABLE {index} USING fts5({facts})")
        cursor.execute(f"INSERT INTO {index} ({index}) VALUES ('rebuild')")  # noqa: S608
    added = f"INSERT INTO {index} (rowid, {column}) VALUES (new.id, new.{column});"  # noqa: S608
    gone = f"INSERT INTO {index} ({index}, rowid, {column}) VALUES ('delete', old.id, old.{column});"  # noqa: S608
    for name, event, deed in (
        ("added", f"INSERT ON {table}", added),
        ("gone", f"DELETE ON {table}", gone),
        # Django writes a table anew when it changes it, and the triggers are gone: they come back here.
        ("changed", f"UPDATE OF {column} ON {table}", gone + " " + added),
    ):
        cursor.execute(f"CREATE TRIGGER IF NOT EXISTS {index}_{name} AFTER {event} BEGIN {deed} END")
    return is_new


def forget() -> None:
    """After an erasure: leave no word of it in the index's own pages. Idempotent; PostgreSQL's vacuum does it there."""
    if connection.vendor == "postgresql":
        return
    with connection.cursor() as cursor:
        for source in sources():
            cursor.execute(f"INSERT INTO {index_name(source)} ({index_name(source)}) VALUES ('optimize')")  # noqa: S608
