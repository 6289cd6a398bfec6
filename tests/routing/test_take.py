from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from routing.actions import end, take
from routing.errors import AlreadyTaken, Full, NotWaiting
from routing.models import Group, Presence, Request, State, Status
from tests.factories import make_operator, make_present, make_request, make_supervisor
from tests.routing.conftest import Ear, fresh


def test_what_waits_becomes_mine(pool: Group, ear: Ear) -> None:
    anna = make_operator("anna", pool)
    request = make_request(pool, arrived_at=timezone.now() - timedelta(seconds=90))
    taken = take(request.pk, anna)
    assert (taken.state, fresh(request).state, fresh(request).operator) == (State.ACTIVE, State.ACTIVE, anna)
    assert fresh(request).waited_seconds in range(90, 100)
    assert ear.names() == ["request_assigned", "queue_changed"]
    facts = ear.one("request_assigned")
    assert (facts["operator"], facts["by"], facts["previous"]) == (anna, None, None)
    assert ear.queues() == [{pool.pk}]


def test_a_second_hand_learns_who_was_first(pool: Group, ear: Ear) -> None:
    anna, ben = make_operator("anna", pool), make_operator("ben", pool)
    request = make_request(pool, anna)
    with pytest.raises(AlreadyTaken) as refused:
        take(request.pk, ben)
    assert refused.value.operator == anna
    assert (fresh(request).operator, ear.told) == (anna, [])


def test_my_own_second_click_is_no_error(pool: Group, ear: Ear) -> None:
    anna = make_operator("anna", pool)
    request = make_request(pool)
    take(request.pk, anna)
    ear.forget()
    assert take(request.pk, anna).operator == anna
    assert ear.told == []


def test_what_has_ended_is_not_taken(pool: Group) -> None:
    request = make_request(pool)
    end(request.pk)
    with pytest.raises(NotWaiting):
        take(request.pk, make_operator("anna", pool))
    assert (fresh(request).state, fresh(request).operator) == (State.CLOSED, None)


def test_what_i_held_when_it_ended_is_not_taken(pool: Group) -> None:
    anna = make_operator("anna", pool)
    request = make_request(pool, anna)
    end(request.pk)
    with pytest.raises(NotWaiting):
        take(request.pk, anna)


def test_what_never_was_is_not_taken(pool: Group) -> None:
    with pytest.raises(NotWaiting):
        take(404, make_operator("anna", pool))


def test_no_further_than_the_limit(pool: Group, ear: Ear) -> None:
    anna = make_operator("anna", pool, limit=1)
    make_request(pool, anna)
    request = make_request(pool)
    with pytest.raises(Full):
        take(request.pk, anna)
    assert (fresh(request).state, ear.told) == (State.WAITING, [])
    assert take(request.pk, anna, limited=False).operator == anna


def test_the_limit_of_my_groups_holds_outside_them(pool: Group, sales: Group) -> None:
    anna = make_operator("anna", sales, limit=1)
    make_request(sales, anna)
    with pytest.raises(Full):
        take(make_request(pool).pk, anna)


def test_people_of_no_group_have_no_limit(pool: Group) -> None:
    sam = make_supervisor()
    for request in (make_request(pool), make_request(pool)):
        assert take(request.pk, sam).operator == sam


def test_by_hand_from_a_group_that_assigns_too_and_while_away(sales: Group) -> None:
    anna = make_operator("anna", sales)
    make_present(anna, Status.AWAY)
    assert take(make_request(sales).pk, anna).operator == anna


def test_the_first_wait_is_what_counts(pool: Group) -> None:
    anna = make_operator("anna", pool)
    request = make_request(pool, waited_seconds=7, arrived_at=timezone.now() - timedelta(hours=1))
    take(request.pk, anna)
    assert fresh(request).waited_seconds == 7


def test_i_am_idle_from_then_on(pool: Group) -> None:
    anna = make_operator("anna", pool)
    make_present(anna)
    Presence.objects.update(idle_since=timezone.now() - timedelta(hours=1))
    take(make_request(pool).pk, anna)
    assert timezone.now() - Presence.objects.get(user=anna).idle_since < timedelta(seconds=10)


def test_an_arrival_in_the_future_waited_no_time(pool: Group) -> None:
    """Clocks of two machines differ; a wait is never negative."""
    request = make_request(pool, arrived_at=timezone.now() + timedelta(minutes=5))
    take(request.pk, make_operator("anna", pool))
    assert Request.objects.get(pk=request.pk).waited_seconds == 0
