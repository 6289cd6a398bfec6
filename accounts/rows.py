"""Rows stored and changed without building the statement anew: for what a worker writes thousands of times in a row.

What is written is what Django's `save` and `update` write, but for the signals of rows, to which nothing here listens.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, TypeVar

from django.db import connection, models

M = TypeVar("M", bound=models.Model)
STATEMENTS = 500  # more than there are kinds of rows


def stored(row: M) -> M:
    """The new row, with its number. Raises what `save` raises: django.db.IntegrityError and the like."""
    statement, fields = _insert(type(row))
    values = [field.get_db_prep_save(field.pre_save(row, add=True), connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        row.pk = cursor.fetchone()[0]
    row._state.adding, row._state.db = False, connection.alias
    return row


def change(model: type[models.Model], pk: int, **values: Any) -> int:
    """Give the row these values, by the names of its columns' attributes (`group_id`); how many there were: 1 or 0."""
    statement, fields = _update(model, tuple(values))
    ready = [field.get_db_prep_save(value, connection) for field, value in zip(fields, values.values(), strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(statement, [*ready, pk])
        count: int = cursor.rowcount
    return count


def answers(question: str, values: Iterable[Any]) -> list[tuple[Any, ...]]:
    """What a SELECT of our own answers. Moments go in as `at`, and come back as the database writes them."""
    with connection.cursor() as cursor:
        cursor.execute(question, [at(value) if isinstance(value, datetime) else value for value in values])
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def at(moment: datetime) -> Any:
    """A moment as columns hold it."""
    return connection.ops.adapt_datetimefield_value(moment)


def aware(moment: datetime) -> datetime:
    """A moment of an answer: SQLite keeps UTC without saying so."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


@lru_cache(STATEMENTS)
def _insert(model: type[models.Model]) -> tuple[str, tuple[models.Field[Any, Any], ...]]:
    own = tuple(field for field in model._meta.local_concrete_fields if not isinstance(field, models.AutoField))
    columns, places = ", ".join(_quoted(field.column) for field in own), ", ".join(["%s"] * len(own))
    statement = f"INSERT INTO {_quoted(model._meta.db_table)} ({columns}) VALUES ({places})"  # noqa: S608 - names of ours
    return f"{statement} RETURNING {_quoted(model._meta.pk.column)}", own


@lru_cache(STATEMENTS)
def _update(model: type[models.Model], names: tuple[str, ...]) -> tuple[str, tuple[models.Field[Any, Any], ...]]:
    known = {field.attname: field for field in model._meta.concrete_fields}
    fields = tuple(known[name] for name in names)
    settings = ", ".join(f"{_quoted(field.column)} = %s" for field in fields)
    statement = f"UPDATE {_quoted(model._meta.db_table)} SET {settings}"  # noqa: S608 - names of ours
    return f"{statement} WHERE {_quoted(model._meta.pk.column)} = %s", fields


def _quoted(name: str | None) -> str:
    """Both databases write names alike."""
    return f'"{name}"'
