"""Which rule counts: a hold before everything, keeping before deleting, the longest, and what is said expressly.

The four principles of Microsoft Purview ("principles of retention"), with one more: of all groups that a conversation
passed through the longest counts, so that no transfer shortens what is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from transcripts.retention.rules import WHOLE, Facts, Outcome, Rule, days

Dated = tuple[datetime, str]


def resolve(rules: Iterable[Rule], facts: Facts, data: str = WHOLE) -> Outcome:
    """What becomes of one class of data of one conversation. Open conversations are never due."""
    mine = [rule for rule in rules if _applies(rule, facts, data)]
    if facts.closed_at is None:
        return Outcome(holds=facts.holds)
    keep, delete = _kept(mine, facts), _deleted(mine, facts)
    due = max(delete[0], keep[0]) if delete and keep else delete[0] if delete else None
    return Outcome(
        kept_until=keep[0] if keep else None,
        due_at=due,
        keeps=keep[1] if keep else "",
        deletes=delete[1] if delete else "",
        holds=facts.holds,
        waits_for_export=not facts.is_exported and any(rule.export_first for rule in mine),
    )


def whole(rules: Sequence[Rule], facts: Facts, classes: Iterable[str]) -> Outcome:
    """What becomes of the whole conversation: it goes with what was said, and not before anything that stays longer."""
    said = resolve(rules, facts)
    parts = [resolve(rules, facts, data) for data in classes if data != WHOLE]
    kept = [(each.kept_until, each.keeps) for each in (said, *parts) if each.kept_until]
    if kept:
        until, by = max(kept)
        said = replace(said, kept_until=until, keeps=by)
    if said.due_at is None:
        return said
    ends = [each for part in parts for each in (part.kept_until, part.due_at) if each]
    waits = any(each.waits_for_export for each in (said, *parts))
    return replace(said, due_at=max([said.due_at, *ends]), waits_for_export=waits)


def _applies(rule: Rule, facts: Facts, data: str) -> bool:
    here = rule.group is None or rule.group in facts.groups
    return here and rule.data == data and rule.kind in ("", facts.kind)


def _kept(rules: Sequence[Rule], facts: Facts) -> Dated | None:
    """Until when it has to stay: the longest of everything that says so, whoever says it."""
    found = [dated for rule in rules if (dated := _after(rule, rule.keep_days, facts))]
    if facts.kept_by_hand is not None:
        found.append((facts.kept_by_hand, ""))
    return max(found, default=None)


def _deleted(rules: Sequence[Rule], facts: Facts) -> Dated | None:
    """When it goes: for each group what that group says, or else what holds for all; then the longest of the groups.

    One group for which nothing is said keeps it for good.
    """
    ends = [_end_for(group, rules, facts) for group in facts.groups]
    if not ends or None in ends:
        return None
    return max(end for end in ends if end is not None)


def _end_for(group: int, rules: Sequence[Rule], facts: Facts) -> Dated | None:
    deleting = [rule for rule in rules if rule.delete_days is not None]
    own = [rule for rule in deleting if rule.group == group]
    level = own or [rule for rule in deleting if rule.group is None]
    return max((dated for rule in level if (dated := _after(rule, rule.delete_days, facts))), default=None)


def _after(rule: Rule, count: int | None, facts: Facts) -> Dated | None:
    begins = facts.begins(rule.anchor)
    if count is None or begins is None:
        return None
    try:
        return (begins + days(count), rule.policy)
    except OverflowError:  # so far away that no calendar has it
        return (datetime.max.replace(tzinfo=begins.tzinfo), rule.policy)
