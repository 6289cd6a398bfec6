"""Lets the tests empty the append-only tables between them, which the product's database refuses to everybody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.backends.base.operations import BaseDatabaseOperations

GUARDS = {  # the tables, and PostgreSQL's trigger on each
    "accounts_auditentry": "audit_append_only",
    "transcripts_loghead": "log_append_only",
    "transcripts_logleaf": "log_append_only",
    "transcripts_lognode": "log_append_only",
}


def sqlite_triggers() -> dict[str, str]:
    """The triggers of these tables by name, as they were created. Empty on PostgreSQL."""
    if connection.vendor != "sqlite":
        return {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'trigger'")
        return {name: sql for table, name, sql in cursor.fetchall() if table in GUARDS}


def around(statements: Sequence[str]) -> list[str]:
    """The statements with the guards lifted before them and put back after."""
    if connection.vendor == "sqlite":
        triggers = sqlite_triggers()
        return [*(f"DROP TRIGGER {name}" for name in triggers), *statements, *triggers.values()]
    return [
        *(f"ALTER TABLE {table} DISABLE TRIGGER {guard}" for table, guard in GUARDS.items()),
        *statements,
        "SET CONSTRAINTS ALL IMMEDIATE",  # a table with checks still to come can't be altered
        *(f"ALTER TABLE {table} ENABLE TRIGGER {guard}" for table, guard in GUARDS.items()),
    ]


FLUSH = BaseDatabaseOperations.execute_sql_flush


def lifted(self: Any, sql_list: Sequence[str]) -> None:
    FLUSH(self, around(sql_list) if sql_list else sql_list)


@contextmanager
def emptying_allowed() -> Iterator[None]:
    """While it lasts, Django's own flush may empty them; nothing else may."""
    with flushing(lifted):
        yield


@contextmanager
def emptying_refused() -> Iterator[None]:
    """As it is in the product."""
    with flushing(FLUSH):
        yield


@contextmanager
def flushing(flush: Any) -> Iterator[None]:
    before = BaseDatabaseOperations.execute_sql_flush
    BaseDatabaseOperations.execute_sql_flush = flush  # type: ignore[method-assign]
    try:
        yield
    finally:
        BaseDatabaseOperations.execute_sql_flush = before  # type: ignore[method-assign]
