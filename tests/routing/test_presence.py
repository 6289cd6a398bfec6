from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from routing.actions import LEASE, RENEW_EVERY, arrive, leave, renew, set_status
from routing.models import Group, Presence, State, Status
from tests.factories import make_operator, make_present, make_request
from tests.routing.conftest import Ear, fresh


@pytest.fixture
def anna(sales: Group) -> User:
    return make_operator("anna", sales)


def lease_left(user: User) -> timedelta:
    return Presence.objects.get(user=user).lease_until - timezone.now()


def test_the_lease_outlives_a_lost_renewal() -> None:
    assert timedelta(seconds=30) <= LEASE <= timedelta(seconds=45)
    assert 2 * RENEW_EVERY < LEASE


# --- arrive ----------------------------------------------------------------------------------------------------------


def test_the_first_time_one_is_available(anna: User, ear: Ear) -> None:
    presence = arrive(anna.pk)
    assert presence.status == Status.AVAILABLE
    assert LEASE - timedelta(seconds=10) < lease_left(anna) <= LEASE + timedelta(seconds=1)
    assert ear.one("presence_changed") == {"user_id": anna.pk}


def test_the_queue_comes_in_order_up_to_the_limit(anna: User, sales: Group, ear: Ear) -> None:
    waiting = [make_request(sales) for _ in range(6)]
    arrive(anna.pk)
    assert ear.assigned() == [(request.pk, anna.pk) for request in waiting[:4]]
    assert [fresh(request).state for request in waiting[4:]] == [State.WAITING] * 2


def test_a_second_window_tells_nothing(anna: User, ear: Ear) -> None:
    arrive(anna.pk)
    ear.forget()
    arrive(anna.pk)
    assert ear.told == []


def test_one_comes_back_with_the_status_one_left_with(anna: User, sales: Group) -> None:
    arrive(anna.pk)
    set_status(anna.pk, Status.AWAY)
    leave(anna.pk)
    waiting = make_request(sales)
    assert arrive(anna.pk).status == Status.AWAY
    assert fresh(waiting).state == State.WAITING


def test_coming_back_before_the_sweep_counts_as_arriving(anna: User, sales: Group, ear: Ear) -> None:
    make_present(anna, seconds=-5)
    held, waiting = make_request(sales, anna), make_request(sales)
    arrive(anna.pk)
    assert (fresh(held).operator, fresh(waiting).operator) == (anna, anna)
    assert "request_requeued" not in ear.names()


# --- renew -----------------------------------------------------------------------------------------------------------


def test_leases_are_prolonged_and_nothing_told(anna: User, support: Group, ear: Ear) -> None:
    ben = make_operator("ben", support)
    for person in (anna, ben):
        make_present(person, seconds=5)
    assert renew([anna.pk, ben.pk]) == 2
    assert min(lease_left(anna), lease_left(ben)) > timedelta(seconds=30)
    assert ear.told == []


def test_one_update_for_all(anna: User, support: Group, django_assert_max_num_queries: object) -> None:
    people = [make_operator(f"person{number}", support) for number in range(20)]
    for person in people:
        make_present(person, seconds=5)
    with django_assert_max_num_queries(4):  # type: ignore[operator]
        assert renew([person.pk for person in people]) == 20


def test_nobody_else_is_prolonged(anna: User, support: Group) -> None:
    ben = make_operator("ben", support)
    make_present(anna, seconds=5)
    make_present(ben, seconds=5)
    renew([anna.pk])
    assert lease_left(ben) < timedelta(seconds=6)


def test_whose_lease_had_ended_arrives_anew(anna: User, sales: Group, ear: Ear) -> None:
    make_present(anna, seconds=-5)
    waiting = make_request(sales)
    assert renew([anna.pk]) == 0
    assert lease_left(anna) > timedelta(seconds=30)
    assert fresh(waiting).operator == anna
    assert ear.names() == ["presence_changed", "request_assigned", "queue_changed"]


def test_nobody_to_renew(db: None) -> None:
    assert renew([]) == 0


# --- set_status ------------------------------------------------------------------------------------------------------


def test_away_keeps_what_one_holds_and_gets_no_more(anna: User, sales: Group, ear: Ear) -> None:
    make_present(anna)
    held = make_request(sales, anna)
    assert set_status(anna.pk, Status.AWAY).status == Status.AWAY
    assert fresh(held).operator == anna
    assert ear.names() == ["presence_changed"]


def test_available_again_brings_the_queue(anna: User, sales: Group) -> None:
    make_present(anna, Status.AWAY)
    waiting = make_request(sales)
    set_status(anna.pk, Status.AVAILABLE)
    assert fresh(waiting).operator == anna


def test_a_status_is_not_presence(anna: User, sales: Group) -> None:
    waiting = make_request(sales)
    set_status(anna.pk, Status.AWAY)
    set_status(anna.pk, Status.AVAILABLE)
    assert fresh(waiting).state == State.WAITING


def test_the_same_status_tells_nothing(anna: User, ear: Ear) -> None:
    make_present(anna)
    set_status(anna.pk, Status.AVAILABLE)
    assert ear.told == []


# --- leave -----------------------------------------------------------------------------------------------------------


def test_signing_out_gives_chats_back(anna: User, sales: Group, ear: Ear) -> None:
    make_present(anna)
    held = make_request(sales, anna)
    assert leave(anna.pk) == [held]
    assert (fresh(held).state, fresh(held).operator) == (State.WAITING, None)
    assert ear.names() == ["presence_changed", "request_requeued", "queue_changed"]
    facts = ear.one("request_requeued")
    assert (facts["request"], facts["lost"]) == (held, anna)
    assert fresh(held).waiting_since > held.waiting_since


def test_a_colleague_who_is_free_has_them_at_once(anna: User, sales: Group) -> None:
    cleo = make_operator("cleo", sales)
    make_present(anna)
    make_present(cleo)
    held = make_request(sales, anna)
    leave(anna.pk)
    assert fresh(held).operator == cleo


def test_leaving_twice_tells_once(anna: User, ear: Ear) -> None:
    make_present(anna)
    leave(anna.pk)
    ear.forget()
    assert leave(anna.pk) == []
    assert ear.told == []
    assert lease_left(anna) <= timedelta(0)


def test_what_had_ended_stays_ended(anna: User, sales: Group) -> None:
    make_present(anna)
    closed = make_request(sales, anna, closed=True)
    assert leave(anna.pk) == []
    assert fresh(closed).state == State.CLOSED
