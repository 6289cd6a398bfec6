"""What each filter of a search means, as a condition on conversations. Apps further right add what they know."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import reduce
from operator import or_

from django.db import connection
from django.db.models import Q
from django.db.models.expressions import RawSQL

from chatdesk.models import File, Note, Participant
from routing.models import Group, Outcome
from transcripts.models import Disposition
from transcripts.retention.rules import WHOLE

Condition = Callable[[str], Q]  # of a Conversation, by one value of a filter
NOTHING = Q(pk__in=())
LARGEST = 2**63 - 1
State = Disposition.State
AWAY = (State.QUARANTINED, State.DESTROYING, State.PENDING)

_conditions: dict[str, list[Condition]] = defaultdict(list)


def add(field: str, condition: Condition) -> None:
    """For an app when it is ready: a conversation matches a value of `field` (of Query) also by this condition."""
    if condition not in _conditions[field]:
        _conditions[field].append(condition)


def of(field: str, values: Iterable[str]) -> Q:
    """Any of the values, by any of the conditions. Nothing matches what nobody knows."""
    return reduce(or_, (condition(value) for value in values for condition in _conditions[field]), NOTHING)


def numbered(value: str) -> int | None:
    """The number in `#12`; None for another text or a number that no row has."""
    digits = value.removeprefix("#")
    if not value.startswith("#") or not (digits.isascii() and digits.isdigit()) or len(digits) > 19:
        return None
    return min(int(digits), LARGEST)


def by_operator(value: str) -> Q:
    """By what they were called then or are called now, by their address, or by their number."""
    number = numbered(value)
    if number is not None:
        person, author = Q(user=number), Q(author=number)
    else:
        person = Q(user__isnull=False, name__icontains=value) | _person("user", value)
        author = _person("author", value)
    parts = Participant.objects.filter(person).values("conversation_id")
    notes = Note.objects.filter(author).values("conversation_id")
    return Q(pk__in=parts) | Q(pk__in=notes)


def _person(path: str, value: str) -> Q:
    return Q(**{f"{path}__display_name__icontains": value}) | Q(**{f"{path}__email__iexact": value})


def by_visitor(value: str) -> Q:
    number = numbered(value)
    if number is not None:
        return Q(visitor=number)
    if "@" in value:
        return Q(email__iexact=value)
    parts = Participant.objects.filter(user=None, name__icontains=value).values("conversation_id")
    return Q(name__icontains=value) | Q(pk__in=parts)


def by_group(value: str) -> Q:
    """All groups that it passed through."""
    groups = list(Group.objects.filter(Q(slug__iexact=value) | Q(name__iexact=value)).values_list("pk", flat=True))
    return reduce(or_, (_been_in(group) for group in groups), Q(group__in=groups))


def _been_in(group: int) -> Q:
    """By its number in the list of earlier ones, which no lookup of Django's finds on SQLite."""
    if connection.vendor == "postgresql":
        return Q(earlier_groups__contains=[group])
    inside = "SELECT c.id FROM chatdesk_conversation AS c, json_each(c.earlier_groups) AS g WHERE g.value = %s"
    return Q(pk__in=RawSQL(inside, [group]))  # noqa: S611 - one constant


def by_button(value: str) -> Q:
    return Q(button__slug__iexact=value) | Q(button__title__iexact=value)


def by_state(value: str) -> Q:
    known = {"open": Q(closed_at=None), "closed": Q(closed_at__isnull=False), "erased": Q(erased_at__isnull=False)}
    if value == "quarantined":
        away = Disposition.objects.filter(state__in=AWAY, data=WHOLE, conversation__isnull=False)
        return Q(pk__in=away.values("conversation_id"))
    return known.get(value, NOTHING)


def by_channel(value: str) -> Q:
    """Left as a message instead of waiting; the other channels are known to who reads mail."""
    return Q(request__outcome=Outcome.MESSAGE) if value == "message" else NOTHING


def by_file(condition: Q) -> Q:
    return Q(pk__in=File.objects.filter(condition).values("conversation_id"))


def by_ref(value: str) -> Q:
    return Q(ref=value)


FIRST: dict[str, Condition] = {
    "operators": by_operator,
    "visitors": by_visitor,
    "groups": by_group,
    "buttons": by_button,
    "states": by_state,
    "channels": by_channel,
    "files": lambda value: by_file(Q(name__icontains=value)),
    "types": lambda value: by_file(Q(media_type__istartswith=value)),
    "hashes": lambda value: by_file(Q(sha256__istartswith=value)),
    "refs": by_ref,
}
for name, first in FIRST.items():
    add(name, first)
