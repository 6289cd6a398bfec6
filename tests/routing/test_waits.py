from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from routing.models import Group
from routing.waits import expected_wait, positions
from tests.factories import make_operator, make_present, make_request


@pytest.fixture
def now(db: None) -> datetime:
    return timezone.now()


@pytest.fixture
def anna(sales: Group) -> User:
    person = make_operator("anna", sales)
    make_present(person)
    return person


def served(group: Group, by: User, seconds: list[int], ago: timedelta = timedelta(hours=1)) -> None:
    for number, waited in enumerate(seconds):
        taken = timezone.now() - ago + timedelta(seconds=number)
        make_request(group, by, closed=True, taken_at=taken, waited_seconds=waited)


def test_places_follow_the_arrival_in_ones_own_queue(sales: Group, support: Group, now: datetime) -> None:
    late = make_request(sales, arrived_at=now)
    early = make_request(sales, arrived_at=now - timedelta(minutes=2))
    same = make_request(sales, arrived_at=now)
    elsewhere = make_request(support, arrived_at=now - timedelta(hours=1))
    assert positions(sales.pk) == {early.pk: 1, late.pk: 2, same.pk: 3}
    assert positions(support.pk) == {elsewhere.pk: 1}


def test_held_and_ended_chats_have_no_place(sales: Group, anna: User) -> None:
    _held, _closed, waiting = make_request(sales, anna), make_request(sales, closed=True), make_request(sales)
    assert positions(sales.pk) == {waiting.pk: 1}


def test_one_query_for_all(sales: Group, django_assert_num_queries: object) -> None:
    for _ in range(5):
        make_request(sales)
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert len(positions(sales.pk)) == 5


def test_nobody_here_no_honest_number(sales: Group, anna: User) -> None:
    served(sales, anna, [10])
    make_present(anna, seconds=-1)
    assert expected_wait(sales.pk) is None


def test_nothing_known_yet(sales: Group, anna: User) -> None:
    assert expected_wait(sales.pk) == 60


def test_the_middle_of_the_last_twenty(sales: Group, anna: User) -> None:
    served(sales, anna, [900] * 30, ago=timedelta(days=1))
    served(sales, anna, [10] * 9 + [30] * 2 + [500] * 9)
    assert expected_wait(sales.pk) == 30


def test_last_week_is_forgotten(sales: Group, anna: User) -> None:
    served(sales, anna, [900] * 5, ago=timedelta(days=8))
    assert expected_wait(sales.pk) == 60
    served(sales, anna, [20])
    assert expected_wait(sales.pk) == 20


def test_another_groups_waits_do_not_count(sales: Group, support: Group, anna: User) -> None:
    served(support, anna, [900])
    assert expected_wait(sales.pk) == 60


def test_still_known_when_all_are_full(sales: Group, anna: User) -> None:
    sales.memberships.update(chat_limit=1)
    make_request(sales, anna, waited_seconds=40)
    assert expected_wait(sales.pk) == 40
