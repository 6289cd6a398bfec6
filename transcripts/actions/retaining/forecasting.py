"""A dry run: what would be put away now, counted by the same rules that do it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from chatdesk.models import Conversation
from routing.models import Group
from transcripts import sight
from transcripts.actions.retaining.gathering import Standing, all_rules, standings
from transcripts.actions.retaining.waiting import BATCH, due_of
from transcripts.retention import classes
from transcripts.retention.rules import WHOLE, Rule


@dataclass
class Forecast:
    """`whole`: conversations, `parts`: by class of data, `desk`: what is no conversation's. `oldest`, `newest`: ends.

    `held`: due, but for a hold. `unexported`: due, but not in a confirmed export.
    """

    whole: int = 0
    oldest: datetime | None = None
    newest: datetime | None = None
    groups: dict[str, int] = field(default_factory=dict)
    parts: dict[str, int] = field(default_factory=dict)
    desk: dict[str, int] = field(default_factory=dict)
    held: int = 0
    unexported: int = 0

    def plain(self) -> dict[str, Any]:
        """As JSON knows it."""
        facts = asdict(self)
        return facts | {name: facts[name].isoformat() if facts[name] else None for name in ("oldest", "newest")}


def forecast(now: datetime, rules: Sequence[Rule] | None = None) -> Forecast:
    """What these rules (None: those in force) would put away now. Changes nothing, and locks nothing."""
    chosen = all_rules() if rules is None else rules
    found, groups = Forecast(), Counter[int]()
    for batch in _batches(chosen, now):
        for conversation, standing in _with_standings(batch, chosen):
            _count(found, groups, conversation, standing, now)
    names = dict(Group.objects.values_list("pk", "name"))
    found.groups = {names[group]: count for group, count in groups.most_common()}
    found.desk = {data.key: data.count(before) for data, before in desk_due(chosen, now) if data.count}
    return found


def desk_due(rules: Sequence[Rule], now: datetime) -> list[tuple[classes.DataClass, datetime]]:
    """The classes that no conversation has, with the time before which their things go: the longest that is said."""
    found = []
    for data in classes.of_the_desk():
        mine = [rule for rule in rules if rule.data == data.key]
        ends = [rule.delete_days for rule in mine if rule.delete_days is not None]
        keeps = [rule.keep_days for rule in mine if rule.keep_days is not None]
        if ends:
            found.append((data, now - timedelta(days=max(ends + keeps))))
    return found


def _batches(rules: Sequence[Rule], now: datetime) -> Iterator[list[Conversation]]:
    shortest = min((rule.delete_days for rule in rules if rule.delete_days is not None), default=None)
    if shortest is None:
        return
    rows: QuerySet[Conversation] = Conversation.objects.filter(closed_at__lte=now - timedelta(days=shortest))
    rows, last = rows.filter(sight.not_put_away()).order_by("pk"), 0
    while batch := list(rows.filter(pk__gt=last)[:BATCH]):
        last = batch[-1].pk
        yield batch


def _with_standings(batch: list[Conversation], rules: Sequence[Rule]) -> list[tuple[Conversation, Standing]]:
    found = standings(batch, rules)
    return [(each, found[each.pk]) for each in batch]


def _count(
    found: Forecast, groups: Counter[int], conversation: Conversation, standing: Standing, now: datetime
) -> None:
    whole, end = standing.whole, conversation.closed_at
    is_over = whole.due_at is not None and whole.due_at <= now
    found.held += is_over and bool(whole.holds)
    found.unexported += is_over and not whole.holds and whole.waits_for_export
    for data, _outcome in due_of(standing, now):
        if data != WHOLE:
            found.parts[data] = found.parts.get(data, 0) + 1
            continue
        found.whole += 1
        groups[conversation.group_id] += 1
        found.oldest = min(filter(None, (found.oldest, end)), default=None)
        found.newest = max(filter(None, (found.newest, end)), default=None)
