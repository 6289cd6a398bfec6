"""What stands against an erasure, conversation by conversation, asked under their locks."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from chatdesk.models import Conversation
from transcripts.actions.requesting import gate
from transcripts.actions.retaining.gathering import Standing, all_rules, standings
from transcripts.actions.retaining.waiting import keepers
from transcripts.models import RequestItem, RequestRules

Code = RequestItem.Code
CODES = {"hold": Code.HOLD, "duty": Code.DUTY, "export": Code.DUTY}


@dataclass(frozen=True)
class Kept:
    """Why it may not be erased: names of waiting.keepers, the strongest first. Empty: it may."""

    reasons: tuple[str, ...]
    until: datetime | None = None  # when a duty ends, if that is known

    @property
    def code(self) -> str:
        """The reason that the person is told; '' where nothing but its own end is waited for."""
        return next((CODES[each].value for each in self.reasons if each in CODES), "")

    def review_on(self, now: datetime) -> date:
        """When to look again: the day on which a duty ends, or after a while that the rules say."""
        later = now + timedelta(days=RequestRules.load().review_days)
        is_dated = self.code == Code.DUTY and self.until is not None
        try:
            return gate.today(self.until) if is_dated and self.until else gate.today(later)
        except OverflowError:  # so far away that this zone's calendar ends before
            return date.max


def locked(conversation_ids: Collection[int]) -> list[Conversation]:
    """The rows, locked in the order in which everybody locks them."""
    rows = Conversation.objects.filter(pk__in=conversation_ids).order_by("pk")
    return list(rows.select_for_update(of=("self",)))


def kept(conversations: Collection[Conversation], now: datetime) -> dict[int, Kept]:
    """By conversation. Whoever wrote a moment ago, by another machine's clock, stands in nobody's way."""
    found = standings(conversations, all_rules())
    return {pk: _kept(each, max(now, each.facts.last_at)) for pk, each in found.items()}


def _kept(standing: Standing, now: datetime) -> Kept:
    return Kept(tuple(keepers(standing, now)), standing.whole.kept_until)
