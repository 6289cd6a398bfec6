"""Finding what is a person's, by everything they go by: what is surely theirs, and what may be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from chatdesk.models import Conversation
from transcripts import conditions, wordindex
from transcripts.actions import custody
from transcripts.actions.requesting import gate
from transcripts.actions.requesting.identities import Identity, Kind, mention
from transcripts.models import Purpose, RequestItem, SubjectRequest

MOST_POSSIBLE = 200  # of what only may be theirs, by one identity; the newest
SAID = "said"
SAME = "same"
CERTAIN = frozenset({Kind.EMAIL.value, Kind.PHONE.value, Kind.VISITOR.value, Kind.CONVERSATION.value})
WAYS: dict[str, str | Promise] = {
    Kind.EMAIL.value: _("by their address"),
    Kind.PHONE.value: _("by their number"),
    Kind.VISITOR.value: _("by the visitor's number"),
    Kind.CONVERSATION.value: _("named by them"),
    Kind.NAME.value: _("by the name, which others may have"),
    SAID: _("their address or number stands in it"),
    SAME: _("the same browser, which others may use"),
}
Found = dict[int, set[str]]


@transaction.atomic
def look(user: User, purpose: Purpose, request_id: int) -> int:
    """Look for all that is theirs once more; how many conversations are new. Nobody's tick is changed.

    Raises Refused `state.conflict` when the request was answered.
    """
    request = gate.unanswered(user, request_id)
    new = found_anew(request)
    custody.note(user, "request.look", request, purpose, found=request.items.count(), new=new)
    return new


def found_anew(request: SubjectRequest) -> int:
    """The items of what is found now; how many are new. What is surely theirs is ticked. The request is locked."""
    found = hits([Identity(each.kind, each.value) for each in request.identities.all()])
    known = {item.conversation_id: item for item in request.items.exclude(conversation=None)}
    for pk in found.keys() & known.keys():
        _know_more(known[pk], found[pk])
    refs = dict(Conversation.objects.filter(pk__in=found.keys() - known.keys()).values_list("pk", "ref"))
    made = [_item(request, pk, ref, found[pk]) for pk, ref in refs.items()]
    RequestItem.objects.bulk_create(made)
    if made:
        SubjectRequest.objects.filter(pk=request.pk).update(scoped_at=None, scoped_by=None)
    return len(made)


def _item(request: SubjectRequest, pk: int, ref: str, ways: Collection[str]) -> RequestItem:
    sure = not CERTAIN.isdisjoint(ways)
    facts = {"found_by": _sorted(ways), "is_certain": sure, "is_chosen": sure}
    return RequestItem(request=request, conversation_id=pk, ref=ref, **facts)


def _know_more(item: RequestItem, ways: set[str]) -> None:
    together = _sorted(ways.union(item.found_by))
    if together != item.found_by:
        item.found_by = together
        item.is_certain = not CERTAIN.isdisjoint(together)
        item.save(update_fields=["found_by", "is_certain"])


def _sorted(ways: Iterable[str]) -> list[str]:
    return sorted(set(ways), key=list(WAYS).index)


def hits(identities: Iterable[Identity]) -> Found:
    """By conversation, in which ways it was found (WAYS). Those put away or restricted are among them."""
    found: Found = defaultdict(set)
    for each in identities:
        rows = Conversation.objects.filter(_condition(each))
        _add(found, each.kind, rows if each.kind in CERTAIN else _newest(rows))
        words = mention(each)
        if words is not None:
            _add(found, SAID, _newest(Conversation.objects.filter(pk__in=wordindex.found_in(words, ()))))
    sure = [pk for pk, ways in found.items() if not CERTAIN.isdisjoint(ways)]
    people = Conversation.objects.filter(pk__in=sure).values("visitor")
    _add(found, SAME, Conversation.objects.filter(visitor__in=people).exclude(pk__in=sure))
    return dict(found)


def _condition(identity: Identity) -> Q:
    if identity.kind == Kind.CONVERSATION:
        return conditions.by_ref(identity.value)
    value = f"#{identity.value}" if identity.kind == Kind.VISITOR else identity.value
    return conditions.of("visitors", [value])


def _newest(rows: QuerySet[Conversation]) -> QuerySet[Conversation]:
    return rows.order_by("-pk")[:MOST_POSSIBLE]


def _add(found: Found, way: str, rows: QuerySet[Conversation]) -> None:
    for pk in rows.values_list("pk", flat=True):
        found[pk].add(way)
