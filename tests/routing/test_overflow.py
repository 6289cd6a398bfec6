"""Who waits too long in one group goes on to another where somebody is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from routing.actions import sweep, sweeping
from routing.models import Group, Presence, Request, State
from tests.factories import make_group, make_hours, make_operator, make_present, make_request
from tests.routing.conftest import Ear, fresh


@pytest.fixture
def sales(support: Group) -> Group:
    return make_group("sales", overflow_group=support, overflow_seconds=60)


@pytest.fixture
def ben(support: Group) -> User:
    person = make_operator("ben", support)
    make_present(person, seconds=600)
    return person


def waiting(group: Group, seconds: int = 61) -> Request:
    since = timezone.now() - timedelta(seconds=seconds)
    return make_request(group, arrived_at=since, waiting_since=since)


def test_after_the_set_wait(sales: Group, support: Group, ben: User, ear: Ear) -> None:
    chat = waiting(sales)
    sweep()
    moved = fresh(chat)
    assert (moved.group, moved.operator, moved.overflowed_from) == (support, ben, [sales.pk])
    facts = ear.one("request_overflowed")
    assert (facts["group"], facts["left"]) == (support, sales)
    assert ear.names() == ["request_overflowed", "queue_changed", "request_assigned", "queue_changed"]
    assert ear.queues()[0] == {sales.pk, support.pk}


def test_not_before(sales: Group, ben: User) -> None:
    chat = waiting(sales, 30)
    sweep()
    assert fresh(chat).group == sales


def test_not_to_where_nobody_is(sales: Group, support: Group, ear: Ear) -> None:
    chat = waiting(sales)
    sweep()
    assert (fresh(chat).group, ear.told) == (sales, [])


def test_not_to_where_it_is_closed(sales: Group, support: Group, ben: User) -> None:
    support.hours = make_hours()
    support.save()
    chat = waiting(sales)
    sweep()
    assert fresh(chat).group == sales


def test_not_to_what_is_switched_off(sales: Group, support: Group, ben: User) -> None:
    Group.objects.filter(pk=support.pk).update(is_active=False)
    chat = waiting(sales)
    sweep()
    assert fresh(chat).group == sales


def test_to_where_all_are_full_it_waits_at_the_place_of_its_arrival(sales: Group, support: Group, ben: User) -> None:
    support.memberships.update(chat_limit=1)
    make_request(support, ben)
    chat = waiting(sales)
    arrived = fresh(chat).arrived_at
    sweep()
    assert (fresh(chat).group, fresh(chat).state, fresh(chat).arrived_at) == (support, State.WAITING, arrived)


def test_who_is_served_stays(sales: Group, ben: User) -> None:
    anna = make_operator("anna", sales)
    make_present(anna, seconds=600)
    chat = make_request(sales, anna, waiting_since=timezone.now() - timedelta(hours=1))
    sweep()
    assert fresh(chat).group == sales


def test_down_the_chain_to_the_first_that_has_somebody(sales: Group, support: Group) -> None:
    third = make_group("third")
    Group.objects.filter(pk=support.pk).update(overflow_group=third)
    person = make_operator("cleo", third)
    make_present(person, seconds=600)
    chat = waiting(sales)
    sweep()
    assert (fresh(chat).group, fresh(chat).operator) == (third, person)


def test_never_round_in_circles(sales: Group, support: Group, ben: User) -> None:
    Group.objects.filter(pk=support.pk).update(overflow_group=sales, overflow_seconds=60)
    support.memberships.update(chat_limit=1)
    make_request(support, ben)
    anna = make_operator("anna", sales, limit=1)
    make_present(anna, seconds=600)
    make_request(sales, anna)
    chat = waiting(sales)
    sweep()
    assert fresh(chat).group == support
    Request.objects.filter(pk=chat.pk).update(waiting_since=timezone.now() - timedelta(minutes=9))
    sweep()
    assert (fresh(chat).group, fresh(chat).overflowed_from) == (support, [sales.pk])


def test_sent_back_by_hand_it_waits_its_time_again(sales: Group, support: Group, ben: User) -> None:
    support.memberships.update(chat_limit=1)
    make_request(support, ben)
    chat = waiting(sales)
    sweep()
    for minutes, group in ((0, sales), (9, support)):
        since = timezone.now() - timedelta(minutes=minutes)
        Request.objects.filter(pk=chat.pk).update(group=sales, waiting_since=since)
        sweep()
        assert (fresh(chat).group, fresh(chat).overflowed_from) == (group, [sales.pk])


def test_each_step_waits_its_own_time(sales: Group, support: Group, ben: User) -> None:
    third = make_group("third")
    make_present(make_operator("cleo", third, limit=1), seconds=600)
    make_request(third, Presence.objects.get(user__email="cleo@desk.example").user)
    Group.objects.filter(pk=support.pk).update(overflow_group=third, overflow_seconds=60)
    support.memberships.update(chat_limit=1)
    make_request(support, ben)
    chat = waiting(sales)
    sweep()
    sweep()
    assert fresh(chat).group == support
    Request.objects.filter(pk=chat.pk).update(waiting_since=timezone.now() - timedelta(seconds=61))
    sweep()
    assert (fresh(chat).group, fresh(chat).overflowed_from) == (third, [sales.pk, support.pk])


def test_a_second_sweep_finds_nothing(sales: Group, ben: User, ear: Ear) -> None:
    waiting(sales)
    sweep()
    ear.forget()
    sweep()
    assert ear.told == []


def test_many_go_on_in_the_order_of_arrival_a_number_at_a_time(
    sales: Group, support: Group, ben: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "AT_ONCE", 2)
    lonely = make_group("lonely", overflow_group=make_group("nobody"), overflow_seconds=60)
    stuck, chats = waiting(lonely, 900), [waiting(sales, seconds) for seconds in (90, 80, 70)]
    for moved in (2, 3, 3):
        sweep()
        assert [fresh(chat).group == support for chat in chats] == [number < moved for number in range(3)]
    assert fresh(stuck).group == lonely


def test_many_that_can_go_nowhere_cost_little_more_than_one(
    sales: Group, django_assert_max_num_queries: object
) -> None:
    for _ in range(20):
        waiting(sales)
    with django_assert_max_num_queries(22):  # type: ignore[operator]
        sweep()
