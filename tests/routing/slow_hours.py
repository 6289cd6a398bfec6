"""The hours again, minute by minute: it asks the zone what the clock shows, and never turns local time into UTC."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from routing.hours import Week
from routing.times import length

MINUTE = timedelta(minutes=1)


@cache
def clock(zone: str, first: datetime, minutes: int) -> list[datetime]:
    """What the clock on the wall shows in each minute from `first` (UTC) on, without its zone."""
    place = ZoneInfo(zone)
    return [(first + number * MINUTE).astimezone(place).replace(tzinfo=None) for number in range(minutes)]


@dataclass
class SlowWeek:
    """Which of the minutes from `first` on are open. Right for those at least 2 days from either end."""

    week: Week
    first: datetime
    days: int
    open: list[bool] = field(init=False)

    def __post_init__(self) -> None:
        walls = clock(self.week.zone.key, self.first, self.days * 1440)
        earliest: dict[datetime, int] = {}
        latest: dict[datetime, int] = {}
        for minute, wall in enumerate(walls):
            earliest.setdefault(wall, minute)
            latest[wall] = minute
        self._skip(walls, earliest, latest)
        self.open = [False] * len(walls)
        for day in sorted({wall.date() for wall in walls}):
            for start, end in self.week.on(day):
                begins = datetime.combine(day, start)
                from_, until = earliest.get(begins), latest.get(begins + length(start, end) * MINUTE)
                if from_ is not None and until is not None and from_ < until:
                    self.open[from_:until] = [True] * (until - from_)

    def _skip(self, walls: list[datetime], *known: dict[datetime, int]) -> None:
        """Times that the clock skips: as much later as it jumps."""
        for minute in range(1, len(walls)):
            before, after = walls[minute - 1] + MINUTE, walls[minute]
            jump = round((after - before) / MINUTE)
            for number in range(max(jump, 0)):
                for times in known:
                    times[before + number * MINUTE] = minute + number

    def is_open(self, minute: int) -> bool:
        return self.open[minute]

    def changes(self, minute: int) -> int | None:
        """The first minute after this one that is otherwise; None if there is none within the days."""
        now = self.open[minute]
        try:
            return self.open.index(not now, minute)
        except ValueError:
            return None

    def at(self, minute: int) -> datetime:
        return self.first.replace(tzinfo=UTC) + minute * MINUTE
