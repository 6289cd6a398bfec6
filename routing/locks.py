from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone

ROUTING = 7_241_018_811  # any number, the same in every process


@contextmanager
def deciding() -> Iterator[datetime]:
    """A transaction in which nobody else decides who gets which chat; yields the database's time (aware).

    Every action of routing is one of these, so each sees what the one before it committed: nothing is given twice, and
    no place and no chat miss each other. The lock is held until the outermost transaction ends. Who changes other rows
    in the same transaction (a conversation's) enters here first, or two of them wait for each other for ever.

    On SQLite a transaction begins by locking the database, which does the same.
    """
    with transaction.atomic():
        yield _lock_and_time()


def _lock_and_time() -> datetime:
    if connection.vendor != "postgresql":
        return timezone.now()
    with connection.cursor() as cursor:
        # clock_timestamp() and not now(): the time after the wait, so that the queue's order is the order of deciding.
        cursor.execute("SELECT pg_advisory_xact_lock(%s), clock_timestamp()", [ROUTING])
        moment: datetime = cursor.fetchone()[1]
    return moment
