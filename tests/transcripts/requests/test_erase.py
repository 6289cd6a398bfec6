"""Erasure by the same destruction as everything, restriction where something has to be kept, and what wakes later."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from accounts.models import AuditEntry, User
from chatdesk.actions.files.storing import place_of
from chatdesk.models import Conversation, File, Visitor
from chatdesk.protocol import Refused
from tests.factories import Cast, make_conversation
from tests.transcripts.requests.conftest import By, Kind, Takes, later
from tests.transcripts.retention.stage import MARKER, after, make_full, policy, step
from transcripts import sight
from transcripts.actions import holding, quarantine
from transcripts.actions.requesting import answering, erasing, restricting, tending
from transcripts.actions.retaining import proposing
from transcripts.models import (
    Disposition,
    LegalHold,
    LogLeaf,
    Matter,
    Purpose,
    RequestItem,
    RetentionMail,
    SubjectRequest,
    Tombstone,
)

State = RequestItem.State
EMAIL = (By.EMAIL, f"{MARKER}@visitor.example")


@pytest.fixture
def hold_on(cora: User, purpose: Purpose, matter: Matter) -> Any:
    def place(chat: Conversation) -> LegalHold:
        return holding.place(cora, purpose, matter.pk, name="The coats", scopes=[f"ref:{chat.ref}"], reason="a lawyer")

    return place


def release(hold: LegalHold, days_ago: int = 31) -> None:
    LegalHold.objects.filter(pk=hold.pk).update(released_at=timezone.now() - timedelta(days=days_ago))


def states(request: SubjectRequest) -> list[str]:
    return sorted(request.items.values_list("state", flat=True))


def test_erased_with_tombstone_leaf_and_without_a_word_left(
    cast: Cast, ready: Takes, cora: User, purpose: Purpose
) -> None:
    chat, other = make_full(cast, cast.vera), make_conversation(cast.sales_button, cast.walt, email="w@x.example")
    places = [place_of(key) for key in File.objects.values_list("key", flat=True)]
    request = ready(Kind.ERASURE, EMAIL)
    assert erasing.erase(cora, purpose, request.pk) == erasing.Done(erasing=1)
    chat.refresh_from_db()
    assert chat.hidden_at is not None
    assert states(request) == [State.ERASING]
    assert step(0) == 1
    assert tending.settle(timezone.now()) == 1
    assert states(request) == [State.ERASED]
    assert list(Conversation.objects.all()) == [other]
    assert not any(default_storage.exists(place) for place in places)
    stone = Tombstone.objects.get(ref=chat.ref)
    assert stone.facts["policy"] == f"request {request.pk}"
    assert LogLeaf.objects.filter(kind="conversation.destroyed", about=chat.ref).count() == 1
    assert not Visitor.objects.filter(pk=cast.vera.visitor.pk).exists()


def test_nothing_is_erased_before_person_and_scope_are_sure(
    cast: Cast, takes: Takes, cora: User, purpose: Purpose
) -> None:
    make_full(cast, cast.vera)
    request = takes(Kind.ERASURE, EMAIL)
    with pytest.raises(Refused, match="who asks"):
        erasing.erase(cora, purpose, request.pk)
    SubjectRequest.objects.update(proven_at=timezone.now())
    with pytest.raises(Refused, match="scope"):
        erasing.erase(cora, purpose, request.pk)
    assert not Disposition.objects.exists()


def test_c02_who_checked_the_person_does_not_erase_alone(
    cast: Cast, ready: Takes, cora: User, carl: User, purpose: Purpose
) -> None:
    make_full(cast, cast.vera)
    request = ready(Kind.ERASURE, EMAIL)
    with pytest.raises(Refused, match="Somebody else"):
        erasing.erase(cora, purpose, request.pk)
    assert not Disposition.objects.exists()
    assert erasing.erase(carl, purpose, request.pk).erasing == 1


def test_c09_under_a_hold_it_is_restricted_answered_and_later_erased(
    cast: Cast, ready: Takes, cora: User, purpose: Purpose, hold_on: Any
) -> None:
    chat = make_full(cast, cast.vera)
    hold = hold_on(chat)
    request = ready(Kind.ERASURE, EMAIL)
    assert erasing.erase(cora, purpose, request.pk) == erasing.Done(restricted=1)
    item = request.items.get()
    assert (item.state, item.code) == (State.RESTRICTED, "hold")
    assert item.review_on is not None
    assert answering.answer(cora, purpose, request.pk, "letter") == "restricted"
    step(40)
    assert Conversation.objects.filter(pk=chat.pk).exists()
    assert tending.wake(timezone.now()) == 0
    release(hold, days_ago=29)
    assert tending.wake(timezone.now()) == 0, "what was held stays a month longer"
    release(hold)
    assert tending.wake(timezone.now()) == 1
    assert tending.wake(timezone.now()) == 0
    assert RetentionMail.objects.filter(letter="request_woken").count() == 1
    step(0)
    assert Conversation.objects.filter(pk=chat.pk).exists(), "a person has to confirm it"
    assert erasing.erase(cora, purpose, request.pk) == erasing.Done(erasing=1)
    step(0)
    tending.settle(timezone.now())
    assert not Conversation.objects.filter(pk=chat.pk).exists()
    assert states(request) == [State.ERASED]
    assert LogLeaf.objects.filter(kind="request.answered").count() == 1
    with pytest.raises(Refused, match="answered already"):
        erasing.erase(cora, purpose, request.pk)


def test_c09_released_by_two_people_and_a_day(
    cast: Cast, ready: Takes, carl: User, purpose: Purpose, hold_on: Any
) -> None:
    chat = make_full(cast, cast.vera)
    hold, cora = hold_on(chat), purpose.user
    request = ready(Kind.ERASURE, EMAIL)
    erasing.erase(carl, purpose, request.pk)
    asked = holding.ask_release(cora, purpose, hold.pk, "the case is over")
    proposing.approve(carl, asked.pk)
    step(2)
    hold.refresh_from_db()
    assert hold.released_at is not None
    assert tending.wake(timezone.now()) == 0
    release(hold)
    assert tending.wake(timezone.now()) == 1


def test_the_last_of_several_holds_wakes_it(
    cast: Cast, ready: Takes, cora: User, purpose: Purpose, hold_on: Any
) -> None:
    chat = make_full(cast, cast.vera)
    one, two = hold_on(chat), hold_on(chat)
    request = ready(Kind.ERASURE, EMAIL)
    erasing.erase(cora, purpose, request.pk)
    release(one)
    assert tending.wake(timezone.now()) == 0
    release(two)
    assert tending.wake(timezone.now()) == 1
    hold_on(chat)
    assert tending.wake(timezone.now()) == 1, "held again, it sleeps again"
    assert request.items.get().woken_at is None


def test_a_duty_to_keep_has_its_own_code_and_day(cast: Cast, ready: Takes, cora: User, purpose: Purpose) -> None:
    chat = make_full(cast, cast.vera, ended_days_ago=100)
    policy(keep_days=365)
    request = ready(Kind.ERASURE, EMAIL)
    assert erasing.erase(cora, purpose, request.pk).restricted == 1
    item = request.items.get()
    assert chat.closed_at is not None
    assert (item.code, item.review_on) == ("duty", (chat.closed_at + timedelta(days=365)).date())
    assert tending.wake(timezone.now()) == 0
    assert tending.wake(later(266)) == 1


def test_a_hold_placed_after_the_preview(cast: Cast, ready: Takes, cora: User, purpose: Purpose, hold_on: Any) -> None:
    chat, other = make_full(cast, cast.vera), make_full(cast, cast.vera)
    request = ready(Kind.ERASURE, EMAIL)
    assert [why.code for _item, why in erasing.preview(request)] == ["", ""]
    hold_on(chat)
    assert sorted(why.code for _item, why in erasing.preview(request)) == ["", "hold"]
    assert erasing.erase(cora, purpose, request.pk) == erasing.Done(erasing=1, restricted=1)
    step(0)
    assert list(Conversation.objects.all()) == [chat]
    assert not Conversation.objects.filter(pk=other.pk).exists()


def test_a_hold_placed_between_the_word_and_the_destruction(
    cast: Cast, ready: Takes, cora: User, purpose: Purpose, hold_on: Any
) -> None:
    """Asked once more under the lock; it is restricted then, and nothing of it is lost."""
    chat = make_full(cast, cast.vera)
    request = ready(Kind.ERASURE, EMAIL)
    erasing.erase(cora, purpose, request.pk)
    hold_on(chat)
    with pytest.raises(Refused, match="Not everything"):
        answering.answer(cora, purpose, request.pk, "mail")
    step(0)
    assert tending.settle(timezone.now()) == 1
    item = request.items.get()
    assert (item.state, item.code) == (State.RESTRICTED, "hold")
    chat.refresh_from_db()
    assert chat.hidden_at is not None
    assert answering.answer(cora, purpose, request.pk, "mail") == "restricted"


def test_what_goes_on_waits_for_its_end(cast: Cast, ready: Takes, cora: User, purpose: Purpose) -> None:
    chat = make_conversation(cast.sales_button, cast.vera, email=EMAIL[1])
    request = ready(Kind.ERASURE, EMAIL)
    assert erasing.erase(cora, purpose, request.pk) == erasing.Done(open=1)
    assert states(request) == [State.FOUND]
    Conversation.objects.filter(pk=chat.pk).update(closed_at=timezone.now())
    assert erasing.erase(cora, purpose, request.pk) == erasing.Done(erasing=1)


def test_taken_up_again_before_it_went_it_stays(cast: Cast, ready: Takes, cora: User, purpose: Purpose) -> None:
    chat = make_full(cast, cast.vera)
    request = ready(Kind.ERASURE, EMAIL)
    erasing.erase(cora, purpose, request.pk)
    Conversation.objects.filter(pk=chat.pk).update(closed_at=None, last_at=later(1), hidden_at=None)
    step(2)
    assert tending.settle(timezone.now()) == 1
    assert states(request) == [State.FOUND]
    assert Conversation.objects.get(pk=chat.pk).hidden_at is None


def test_brought_back_by_somebody_it_is_only_found(cast: Cast, ready: Takes, cora: User, purpose: Purpose) -> None:
    chat = make_full(cast, cast.vera)
    request = ready(Kind.ERASURE, EMAIL)
    erasing.erase(cora, purpose, request.pk)
    quarantine.restore(cora, Disposition.objects.get().pk, "the wrong person", days=1)
    tending.settle(timezone.now())
    assert states(request) == [State.RESTRICTED], "somebody keeps it by hand, which is a duty for so long"
    assert tending.wake(later(2)) == 1
    assert Conversation.objects.filter(pk=chat.pk).exists()


def test_what_retention_has_put_away_goes_at_once(cast: Cast, ready: Takes, cora: User, purpose: Purpose) -> None:
    chat = make_full(cast, cast.vera)
    policy(delete_days=30)
    step(0)
    request = ready(Kind.ERASURE, EMAIL)
    assert erasing.erase(cora, purpose, request.pk) == erasing.Done(erasing=1)
    assert Disposition.objects.get().policy == f"request {request.pk}"
    step(0.01)
    assert not Conversation.objects.filter(pk=chat.pk).exists()


def test_what_retention_destroyed_meanwhile_is_erased(cast: Cast, ready: Takes, cora: User, purpose: Purpose) -> None:
    make_full(cast, cast.vera)
    request = ready(Kind.ERASURE, EMAIL)
    policy(delete_days=30)
    step(0)
    step(31)
    assert not Conversation.objects.exists()
    assert erasing.erase(cora, purpose, request.pk) == erasing.Done()
    assert answering.outcome_of(request) == "done"


def test_unticked_ones_stay(cast: Cast, takes: Takes, ready: Takes, cora: User, purpose: Purpose) -> None:
    chat = make_full(cast, cast.vera)
    other = make_conversation(cast.sales_button, cast.vera, closed=True)
    request = ready(Kind.ERASURE, EMAIL)
    assert request.items.count() == 2
    erasing.erase(cora, purpose, request.pk)
    step(0)
    assert not Conversation.objects.filter(pk=chat.pk).exists()
    assert Conversation.objects.filter(pk=other.pk).exists()


def test_restricted_is_not_kept_longer_than_its_policy(cast: Cast, ready: Takes, cora: User, purpose: Purpose) -> None:
    """Retention goes on: what is restricted is destroyed when it is due, and hidden all the time."""
    chat = make_full(cast, cast.vera)
    request = ready(Kind.RESTRICTION, EMAIL)
    assert restricting.restrict(cora, purpose, request.pk, "accuracy", after(60).date()) == 1
    policy(delete_days=30)
    step(0)
    assert Disposition.objects.get().conversation == chat
    step(31)
    assert not Conversation.objects.filter(pk=chat.pk).exists()
    assert request.items.get().conversation is None


def test_a_policy_that_brings_it_back_leaves_it_restricted(
    cast: Cast, ready: Takes, cora: User, purpose: Purpose, hold_on: Any
) -> None:
    chat = make_full(cast, cast.vera)
    request = ready(Kind.RESTRICTION, EMAIL)
    restricting.restrict(cora, purpose, request.pk, "needed", after(60).date())
    policy(delete_days=30)
    step(0)
    hold_on(chat)
    step(1)
    assert Disposition.objects.get().state == Disposition.State.CANCELLED
    chat.refresh_from_db()
    assert chat.hidden_at is not None
    assert sight.restricted_among([chat.pk]) == {chat.pk}


def test_nothing_personal_in_the_trail(cast: Cast, ready: Takes, cora: User, purpose: Purpose) -> None:
    make_full(cast, cast.vera)
    request = ready(Kind.ERASURE, EMAIL, (By.NAME, f"{MARKER} name"))
    erasing.erase(cora, purpose, request.pk)
    step(0)
    tending.settle(timezone.now())
    answering.answer(cora, purpose, request.pk, "mail")
    rows = AuditEntry.objects.filter(action__startswith="transcripts.request.")
    assert rows.count() == 5
    for row in rows:
        assert MARKER.lower() not in f"{row.object_name} {row.reason} {row.after} {row.before}".lower()
    assert all(MARKER.lower() not in leaf.data.lower() for leaf in LogLeaf.objects.all())
