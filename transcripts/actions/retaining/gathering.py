"""What the rules need to know of conversations, many at a time."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from chatdesk.models import Conversation
from transcripts import holds
from transcripts.actions.exporting.watermark import not_exported
from transcripts.models import KeptByHand, RetentionPolicy
from transcripts.retention import classes
from transcripts.retention.resolving import resolve, whole
from transcripts.retention.rules import WHOLE, Facts, Outcome, Rule


@dataclass(frozen=True)
class Standing:
    """How a conversation and its parts stand: the whole's outcome, and that of each class that may go earlier."""

    facts: Facts
    whole: Outcome
    parts: dict[str, Outcome]


def all_rules() -> list[Rule]:
    return [policy.rule() for policy in RetentionPolicy.objects.all()]


def standings(
    conversations: Collection[Conversation], rules: Sequence[Rule], *, without_holds: bool = False
) -> dict[int, Standing]:
    """By conversation. A bounded number of queries, however many there are; locks, if any, are the caller's."""
    facts = gather(conversations, rules, without_holds=without_holds)
    return {pk: standing(each, rules) for pk, each in facts.items()}


def standing(facts: Facts, rules: Sequence[Rule]) -> Standing:
    keys = [each.key for each in classes.parts()]
    parts = {key: resolve(rules, facts, key) for key in keys if any(rule.data == key for rule in rules)}
    return Standing(facts, whole(rules, facts, keys), parts)


def outcome_of(standing: Standing, data: str) -> Outcome:
    return standing.whole if data == WHOLE else standing.parts.get(data, Outcome())


def gather(
    conversations: Collection[Conversation], rules: Iterable[Rule], *, without_holds: bool = False
) -> dict[int, Facts]:
    ids = [each.pk for each in conversations]
    held = {} if without_holds else holds.held(ids)
    by_hand = dict(KeptByHand.objects.filter(conversation__in=ids).values_list("conversation_id", "until"))
    missing = not_exported(ids) if any(rule.export_first for rule in rules) else set()
    kinds = _kinds(ids)
    return {
        each.pk: Facts(
            groups=frozenset([each.group_id, *each.earlier_groups]),
            closed_at=each.closed_at,
            last_at=each.last_at,
            kind=kinds.get(each.pk, ""),
            holds=tuple(held.get(each.pk, ())),
            kept_by_hand=by_hand.get(each.pk),
            is_exported=each.pk not in missing,
        )
        for each in conversations
    }


def _kinds(ids: Sequence[int]) -> dict[int, str]:
    """The first registered kind that fits; the one that asks nothing is what is left."""
    found: dict[int, str] = {}
    for kind in classes.all_kinds():
        rest = [pk for pk in ids if pk not in found]
        for pk in kind.finds(rest) if kind.finds else rest:
            found[pk] = kind.key
    return found
