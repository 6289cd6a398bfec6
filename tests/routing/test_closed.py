"""While a group is closed by its hours: nothing new is handed out, a talk that has begun finds somebody else."""

from __future__ import annotations

import pytest
from django.utils import timezone

from accounts.models import User
from routing.actions import enqueue, leave, sweep, take
from routing.models import Group, Interval, State
from tests.factories import make_group, make_hours, make_operator, make_present, make_request
from tests.routing.conftest import Ear, fresh


@pytest.fixture
def sales(db: None) -> Group:
    return make_group("sales", hours=make_hours())


@pytest.fixture
def anna(sales: Group) -> User:
    person = make_operator("anna", sales)
    make_present(person, seconds=600)
    return person


def open_now(group: Group) -> None:
    every_day = [Interval(hours=group.hours, weekday=day, start="00:00", end="00:00") for day in range(7)]
    Interval.objects.bulk_create(every_day)


def test_nothing_new_is_handed_out(sales: Group, anna: User) -> None:
    assert enqueue(sales).state == State.WAITING
    sweep()
    assert enqueue(sales).state == State.WAITING


def test_by_hand_it_may_be_taken(sales: Group, anna: User) -> None:
    assert take(enqueue(sales).pk, anna).operator == anna


def test_at_opening_the_queue_is_drained(sales: Group, anna: User, ear: Ear) -> None:
    waiting = [enqueue(sales) for _ in range(5)]
    open_now(sales)
    sweep()
    assert [fresh(one).operator for one in waiting] == [anna] * 4 + [None]
    assert ear.assigned() == [(one.pk, anna.pk) for one in waiting[:4]]


def test_a_talk_that_has_begun_finds_somebody_else(sales: Group, anna: User) -> None:
    ben = make_operator("ben", sales)
    make_present(ben, seconds=600)
    new, begun = enqueue(sales), make_request(sales, anna)
    leave(anna.pk)
    assert (fresh(begun).operator, fresh(new).operator) == (ben, None)


def test_another_group_is_open_all_the_same(sales: Group, support: Group, anna: User) -> None:
    ben = make_operator("ben", support)
    make_present(ben, seconds=600)
    closed, is_open = make_request(sales), make_request(support)
    sweep()
    assert (fresh(closed).operator, fresh(is_open).operator) == (None, ben)


def test_what_was_only_offered_before_closing_is_new_still(sales: Group, anna: User) -> None:
    request = make_request(sales, anna, taken_at=None, waited_seconds=None, accept_by=timezone.now())
    sweep()
    assert (fresh(request).state, fresh(request).passed_by) == (State.WAITING, [anna.pk])
