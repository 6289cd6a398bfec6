"""Legal holds: placing, widening, following what is new, and the way to a release."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from chatdesk.models import Conversation
from chatdesk.protocol import Code, Refused
from transcripts.actions import custody, logbook
from transcripts.actions.finding import conversation_ids
from transcripts.actions.retaining import proposing
from transcripts.actions.retaining.foretelling import day
from transcripts.actions.retaining.proposing import Stale, Verb
from transcripts.models import AFTER_RELEASE, HoldMatch, LegalHold, Matter, Proposal, Purpose
from transcripts.query import Query
from transcripts.words import Unclear

MOST_SCOPES = 50
MOST_NUMBERS = 100  # people that one search is pinned to
BATCH = 1000
LOOKED_BACK = timedelta(minutes=10)  # what is committed late has an earlier time


def scopes_of(text: str) -> list[str]:
    """The searches in a text of one a line, people also by their numbers. Raises words.Unclear for people to read."""
    lines = list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))
    if not lines:
        raise Unclear(_("Say what is to be held: at least one search."))
    if len(lines) > MOST_SCOPES:
        raise Unclear(_("A hold has at most %(most)s searches.") % {"most": MOST_SCOPES})
    return [_scope(line) for line in lines]


def _scope(line: str) -> str:
    query = Query.parse(line)
    if query.is_empty:
        raise Unclear(_("“%(line)s” would hold every conversation there is.") % {"line": line[:60]})
    return pinned(query).to_text()


def pinned(query: Query) -> Query:
    """The same, finding the people it means by their numbers as well: who is renamed later is still found."""
    operators = _and_numbers(query.operators, _operator_numbers)
    return replace(query, operators=operators, visitors=_and_numbers(query.visitors, _visitor_numbers))


def _and_numbers(values: tuple[str, ...], numbers: Callable[[str], list[int]]) -> tuple[str, ...]:
    found = [f"#{number}" for value in values if not value.startswith("#") for number in numbers(value)]
    return tuple(dict.fromkeys([*values, *found]))


def _operator_numbers(value: str) -> list[int]:
    people = User.objects.filter(Q(display_name__iexact=value) | Q(email__iexact=value)).order_by("pk")
    return list(people.values_list("pk", flat=True)[:MOST_NUMBERS])


def _visitor_numbers(value: str) -> list[int]:
    """Only an address is somebody; a name may be that of many."""
    known = Conversation.objects.filter(email__iexact=value) if "@" in value else Conversation.objects.none()
    return list(known.order_by("visitor").values_list("visitor", flat=True).distinct()[:MOST_NUMBERS])


def preview(scopes: Sequence[str]) -> list[tuple[Query, int]]:
    """Each search with how many conversations it finds now."""
    queries = [Query.parse(scope) for scope in scopes]
    return [(query, conversation_ids(query).count()) for query in queries]


@transaction.atomic
def place(user: User, purpose: Purpose, matter_id: int, *, name: str, scopes: Sequence[str], reason: str) -> LegalHold:
    """A new hold, in force at once. Raises Refused: `form.incomplete` (no reason), `state.conflict` (closed matter)."""
    matter = Matter.objects.select_for_update().filter(pk=matter_id, closed_at=None).first()
    if matter is None:
        raise Refused(Code.CONFLICT, _("This matter is closed."))
    why = proposing.checked(reason)
    hold = LegalHold.objects.create(matter=matter, name=name, reason=why, scopes=list(scopes), created_by=user)
    held = follow(hold)
    custody.note(user, "hold.place", hold, purpose, conversations=held)
    logbook.append("hold.created", {"hold": hold.pk, "searches": len(hold.scopes), "conversations": held}, actor=user)
    return hold


@transaction.atomic
def widen(user: User, purpose: Purpose, hold_id: int, scopes: Sequence[str]) -> LegalHold:
    """More searches. Nothing is ever taken out of a hold: that is a release. Raises Refused `state.conflict`."""
    hold = _active(hold_id)
    more = [scope for scope in scopes if scope not in hold.scopes]
    if len(hold.scopes) + len(more) > MOST_SCOPES:
        raise Refused(Code.CONFLICT, _("A hold has at most %(most)s searches.") % {"most": MOST_SCOPES})
    hold.scopes = [*hold.scopes, *more]
    hold.followed_at = None
    hold.save(update_fields=["scopes", "followed_at"])
    held = follow(hold)
    custody.note(user, "hold.widen", hold, purpose, searches=len(more), conversations=held)
    logbook.append("hold.changed", {"hold": hold.pk, "searches": len(hold.scopes), "conversations": held}, actor=user)
    return hold


def ask_release(user: User, purpose: Purpose, hold_id: int, reason: str) -> Proposal:
    """A second person has to agree, then a day passes. Raises Refused `form.incomplete`, `state.conflict`."""
    with transaction.atomic():
        hold = _active(hold_id)
        if waiting_release(hold) is not None:
            raise Refused(Code.CONFLICT, _("Its release was asked for already."))
        forecast = {"whole": _only_by(hold).count()}
        target = str(hold.pk)
        asked = proposing.propose(user, RELEASE, target, before=None, after=None, forecast=forecast, reason=reason)
        custody.note(user, "hold.ask-release", hold, purpose, proposal=asked.pk)
        return asked


def waiting_release(hold: LegalHold) -> Proposal | None:
    states = (Proposal.State.WAITING, Proposal.State.DELAYED)
    return Proposal.objects.filter(verb=RELEASE, target=str(hold.pk), state__in=states).first()


def _only_by(hold: LegalHold) -> QuerySet[HoldMatch]:
    """What no other hold keeps."""
    others = HoldMatch.objects.filter(hold__released_at=None).exclude(hold=hold).values("conversation_id")
    return hold.matches.exclude(conversation__in=others)


def _release(proposal: Proposal) -> None:
    """Nothing goes by it: what it held falls back to its policies, a month from now at the earliest."""
    hold = LegalHold.objects.select_for_update().filter(pk=int(proposal.target), released_at=None).first()
    if hold is None:
        raise Stale
    hold.released_at = timezone.now()
    hold.save(update_fields=["released_at"])
    body = {"hold": hold.pk, "proposal": proposal.pk, "conversations": hold.matches.count()}
    logbook.append("hold.released", body, actor=proposal.decider)


def _foretell(proposal: Proposal, begins: datetime) -> list[str]:
    count = int(proposal.forecast.get("whole", 0))
    if not count:
        return [_("It holds nothing that no other hold keeps.")]
    words = ngettext(
        "%(n)s conversation is held by nothing else. From %(date)s on its policies count again.",
        "%(n)s conversations are held by nothing else. From %(date)s on their policies count again.",
        count,
    )
    return [words % {"n": count, "date": day(begins + AFTER_RELEASE)}]


def _active(hold_id: int) -> LegalHold:
    hold = LegalHold.objects.select_for_update(of=("self",)).filter(pk=hold_id, released_at=None).first()
    if hold is None:
        raise Refused(Code.CONFLICT, _("This hold was released."))
    return hold


# --- what is held ---


def follow_all() -> int:
    """Find what is new for every hold in force; how many conversations. What it misses, `held_by` still sees."""
    in_force = LegalHold.objects.filter(released_at=None).values_list("pk", flat=True)
    return sum(_follow_locked(pk) for pk in list(in_force))


def _follow_locked(hold_id: int) -> int:
    with transaction.atomic():
        hold = LegalHold.objects.select_for_update().filter(pk=hold_id, released_at=None).first()
        return follow(hold) if hold else 0


def follow(hold: LegalHold) -> int:
    """Mark what its searches find among all that moved since they were last run; how many are new."""
    began, since, before = timezone.now(), hold.followed_at, hold.matches.count()
    for number, query in _queries(hold):
        found = conversation_ids(query)
        found = found.filter(last_at__gte=since - LOOKED_BACK) if since else found
        _mark(hold, number, found.exclude(pk__in=hold.matches.values("conversation_id")))
    hold.followed_at = began
    hold.save(update_fields=["followed_at"])
    return hold.matches.count() - before


def _mark(hold: LegalHold, number: int, found: QuerySet[Conversation]) -> None:
    ids = list(found.values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        rows = [HoldMatch(hold=hold, conversation_id=pk, scope=number) for pk in ids[start : start + BATCH]]
        HoldMatch.objects.bulk_create(rows, ignore_conflicts=True)


def _queries(hold: LegalHold) -> Iterator[tuple[int, Query]]:
    return ((number, Query.parse(scope)) for number, scope in enumerate(hold.scopes))


def held_by(conversations: Collection[int]) -> Mapping[int, list[str]]:
    """The holds on these conversations, by name: those that were found, and those that would be found just now.

    A source of `transcripts.holds`: asked under the lock of whoever would destroy them.
    """
    found: dict[int, dict[int, str]] = defaultdict(dict)
    if not conversations:
        return {}
    alive = Q(hold__released_at=None) | Q(hold__released_at__gt=timezone.now() - AFTER_RELEASE)
    matches = HoldMatch.objects.filter(alive, conversation__in=conversations).select_related("hold__matter")
    for match in matches:
        found[match.conversation_id][match.hold_id] = name_of(match.hold)
    for hold in LegalHold.objects.filter(released_at=None).select_related("matter"):
        for pk in _matching(hold, conversations):
            found[pk][hold.pk] = name_of(hold)
    return {pk: list(names.values()) for pk, names in found.items()}


def _matching(hold: LegalHold, conversations: Collection[int]) -> set[int]:
    return {
        pk
        for _number, query in _queries(hold)
        for pk in conversation_ids(query).filter(pk__in=conversations).values_list("pk", flat=True)
    }


def name_of(hold: LegalHold) -> str:
    if hold.keeps_until is None:
        return str(hold)
    return _("%(hold)s (released; kept until %(day)s)") % {"hold": hold, "day": day(hold.keeps_until)}


RELEASE = "hold.release"
proposing.add_verb(Verb(RELEASE, gettext_lazy("release of a legal hold"), _release, _foretell))
