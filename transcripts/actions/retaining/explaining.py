"""Why is this still here, and when will it go: for each conversation, in sentences."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from chatdesk.models import Conversation
from transcripts.actions.retaining.foretelling import day
from transcripts.actions.retaining.gathering import Standing, all_rules, standings
from transcripts.actions.retaining.waiting import ALIVE
from transcripts.models import Disposition, KeptByHand, RetentionPolicy
from transcripts.retention import classes
from transcripts.retention.rules import WHOLE, Outcome


@dataclass(frozen=True)
class Explanation:
    """`why` and `parts`: sentences. `goes_at`: when it will be gone, if nothing changes; None: never, or unknown."""

    why: tuple[str, ...]
    parts: tuple[str, ...]
    goes_at: datetime | None
    standing: Standing


def explain(conversation: Conversation) -> Explanation:
    """As things stand now. Names of holds are in it: for the compliance staff alone."""
    found = standings([conversation], all_rules())[conversation.pk]
    put_away = Disposition.objects.filter(conversation=conversation, state__in=ALIVE)
    waits = {each.data: each for each in put_away}
    parts = tuple(_part(data, outcome, waits.get(data)) for data, outcome in found.parts.items())
    return Explanation(tuple(_why(conversation, found.whole, waits.get(WHOLE))), parts, _end(found.whole, waits), found)


def _why(conversation: Conversation, outcome: Outcome, put_away: Disposition | None) -> list[str]:
    said = [_("Held by: %(holds)s. Nothing of it is deleted.") % {"holds": ", ".join(outcome.holds)}]
    lines = said if outcome.holds else []
    if conversation.closed_at is None:
        return [*lines, _("It has not ended: no policy counts yet.")]
    lines += _by_hand(conversation)
    if outcome.kept_until and outcome.keeps:
        lines.append(
            _("Kept until %(date)s at least, by policy %(policy)s.") % _named(outcome.kept_until, outcome.keeps)
        )
    if put_away is not None:
        words = _("Put away since %(since)s. It is destroyed on %(date)s, and can be brought back until then.")
        return [*lines, words % {"since": day(put_away.quarantined_at), "date": day(put_away.destroy_at)}]
    if outcome.due_at is None:
        return [*lines, _("No policy deletes it.")]
    lines.append(_("Due on %(date)s, by policy %(policy)s.") % _named(outcome.due_at, outcome.deletes))
    if outcome.waits_for_export:
        lines.append(_("It waits for an export that was confirmed as received."))
    return lines


def _by_hand(conversation: Conversation) -> list[str]:
    kept = KeptByHand.objects.filter(conversation=conversation).select_related("by").first()
    if kept is None:
        return []
    words = _("%(name)s keeps it until %(date)s: %(reason)s")
    return [words % {"name": kept.by.display_name, "date": day(kept.until), "reason": kept.reason}]


def _part(data: str, outcome: Outcome, put_away: Disposition | None) -> str:
    known = classes.class_of(data)
    name = str(known.name) if known else data
    if put_away is not None:
        return _("%(what)s: deleted on %(date)s.") % {"what": name, "date": day(put_away.destroy_at)}
    if outcome.due_at is None:
        return _("%(what)s: with the conversation.") % {"what": name}
    return _("%(what)s: due on %(date)s.") % {"what": name, "date": day(outcome.due_at)}


def _end(outcome: Outcome, waits: dict[str, Disposition]) -> datetime | None:
    if outcome.holds:
        return None
    return waits[WHOLE].destroy_at if WHOLE in waits else outcome.due_at


def _named(at: datetime, policy: str) -> dict[str, str]:
    return {"date": day(at), "policy": _words(policy)}


def _words(policy: str) -> str:
    """A policy by its number and version; with its group if it is still there."""
    number = policy.split(" ", maxsplit=1)[0]
    found = RetentionPolicy.objects.select_related("group").filter(pk=number).first() if number.isdecimal() else None
    return f"{policy} ({found.group})" if found and found.group else policy
