"""Lets the tests empty the audit log between them, which the product's database refuses to everybody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.backends.base.operations import BaseDatabaseOperations

TABLE = "accounts_auditentry"


def sqlite_triggers() -> dict[str, str]:
    """The triggers of the audit log by name, as they were created. Empty on PostgreSQL."""
    if connection.vendor != "sqlite":
        return {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [TABLE])
        return dict(cursor.fetchall())


def around(statements: Sequence[str]) -> list[str]:
    """The statements with the log's guard lifted before them and put back after."""
    if connection.vendor == "sqlite":
        triggers = sqlite_triggers()
        return [*(f"DROP TRIGGER {name}" for name in triggers), *statements, *triggers.values()]
    return [
        f"ALTER TABLE {TABLE} DISABLE TRIGGER audit_append_only",
        *statements,
        f"ALTER TABLE {TABLE} ENABLE TRIGGER audit_append_only",
    ]


FLUSH = BaseDatabaseOperations.execute_sql_flush


def lifted(self: Any, sql_list: Sequence[str]) -> None:
    FLUSH(self, around(sql_list) if sql_list else sql_list)


@contextmanager
def emptying_allowed() -> Iterator[None]:
    """While it lasts, Django's own flush may empty the log; nothing else may."""
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
