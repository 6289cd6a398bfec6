"""The periodic job: what was agreed, what is due, what was put away long enough, what has to be written down."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from transcripts.actions.destroying import tombstones
from transcripts.actions.destroying.ending import destroy_due
from transcripts.actions.retaining import clock, forecasting, proposing, waiting
from transcripts.actions.retaining.gathering import all_rules
from transcripts.retention.classes import DataClass

log = logging.getLogger(__name__)

BATCHES = 20  # of putting away, and of destroying, in one go: the next one continues


def run(now: datetime | None = None) -> int:
    """One go at all of it; how many things came to their end. Does nothing while the clock is not believed."""
    now = now or clock.database_now()
    try:
        clock.check(now)
    except clock.ClockJumped as jumped:
        log.error("retention stands still: %s", jumped)
        return 0
    proposing.apply_due(now)
    waiting.reconsider(now)
    _put_away(now)
    ended: int = _repeat(lambda: destroy_due(now))
    ended += sum(data.sweep(before, waiting.BATCH) for data, before in _of_the_desk(now) if data.sweep)
    tombstones.store_all()
    return ended


def _put_away(now: datetime) -> None:
    current = waiting.current_run(now)
    for _batch in range(BATCHES):
        if current is None or not waiting.put_away(current, now):
            return


def _repeat(step: Callable[[], int]) -> int:
    total = 0
    for _batch in range(BATCHES):
        done = step()
        total += done
        if not done:
            break
    return total


def _of_the_desk(now: datetime) -> list[tuple[DataClass, datetime]]:
    return forecasting.desk_due(all_rules(), now)
