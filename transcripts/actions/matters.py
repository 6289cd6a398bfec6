"""Matters, and searches kept under them in versions: what was found then, and what is found now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from transcripts.actions import custody
from transcripts.actions.finding import Counts, find
from transcripts.models import AskedSearch, Matter, Purpose, SavedSearch
from transcripts.query import Query
from transcripts.words import All, AnyOf, Node, Not, terms


class NotPossible(Exception):
    """With a sentence for people that says why."""


@transaction.atomic
def open_matter(user: User, purpose: Purpose, number: str, name: str, note: str) -> Matter:
    """A new one. Raises NotPossible where the number stands for another already."""
    facts = {"name": name, "note": note, "created_by": user}
    matter, is_new = Matter.objects.get_or_create(number=number, defaults=facts)
    if not is_new:
        raise NotPossible(_("There is a matter of this number already."))
    custody.note(user, "matter.open", matter, purpose)
    return matter


@transaction.atomic
def close_matter(user: User, purpose: Purpose, matter_id: int) -> None:
    """Nobody reads for it from now on; what stands under it stays. Doing it again changes nothing."""
    if Matter.objects.filter(pk=matter_id, closed_at=None).update(closed_at=timezone.now()):
        custody.note(user, "matter.close", Matter.objects.get(pk=matter_id), purpose)


@transaction.atomic
def reopen_matter(user: User, purpose: Purpose, matter_id: int) -> None:
    if Matter.objects.filter(pk=matter_id, closed_at__isnull=False).update(closed_at=None):
        custody.note(user, "matter.reopen", Matter.objects.get(pk=matter_id), purpose)


@transaction.atomic
def keep(user: User, purpose: Purpose, asked: AskedSearch, matter_id: int, name: str) -> SavedSearch:
    """The search as it was asked, under a matter; a name that is there gets its next version.

    Raises NotPossible for a matter that is closed or was never.
    """
    matter = Matter.objects.select_for_update().filter(pk=matter_id, closed_at=None).first()
    if matter is None:
        raise NotPossible(_("This matter is closed."))
    last = SavedSearch.objects.filter(matter=matter, name=name).order_by("-version").first()
    saved = SavedSearch.objects.create(
        matter=matter,
        name=name,
        version=last.version + 1 if last else 1,
        query=asked.query,
        created_by=user,
        conversations=asked.conversations,
        texts=asked.texts,
    )
    custody.note(user, "search.keep", saved, purpose, version=saved.version)
    return saved


@dataclass(frozen=True)
class TermHits:
    """One line of a report on hits. `only`: conversations that no other of its terms finds."""

    term: str
    counts: Counts
    only: int


MOST_TERMS = 30


def report(query: Query) -> Iterator[TermHits]:
    """What each term finds within the filters of the search; the search as a whole comes first."""
    yield TermHits(query.to_text() or "*", find(query).counts(), 0)
    found = list(dict.fromkeys(terms(query.words)))[:MOST_TERMS]
    for term in found:
        others = tuple(other for other in found if other != term)
        alone: Node = All((term, Not(AnyOf(others)))) if others else term
        only = find(replace(query, words=alone)).count()
        yield TermHits(str(term), find(replace(query, words=term)).counts(), only)
