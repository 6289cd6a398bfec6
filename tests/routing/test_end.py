from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from routing.actions import end
from routing.models import Group, Presence, State
from tests.factories import make_membership, make_operator, make_present, make_request
from tests.routing.conftest import Ear, fresh


def test_the_place_goes_to_who_waits_longest(sales: Group, ear: Ear) -> None:
    anna = make_operator("anna", sales, limit=1)
    make_present(anna)
    held, first, second = make_request(sales, anna), make_request(sales), make_request(sales)
    assert end(held.pk)
    assert (fresh(held).state, fresh(held).operator) == (State.CLOSED, anna)
    assert (fresh(first).operator, fresh(second).state) == (anna, State.WAITING)
    assert ear.names() == ["request_ended", "request_assigned", "queue_changed"]


def test_a_place_in_one_group_serves_another(sales: Group, support: Group) -> None:
    anna = make_operator("anna", sales, limit=1)
    make_membership(support, anna, limit=1)
    make_present(anna)
    held, waiting = make_request(sales, anna), make_request(support)
    end(held.pk)
    assert fresh(waiting).operator == anna


def test_who_waits_may_leave_the_queue(sales: Group, ear: Ear) -> None:
    request = make_request(sales)
    assert end(request.pk)
    assert fresh(request).state == State.CLOSED
    assert ear.names() == ["request_ended", "queue_changed"]
    assert ear.queues() == [{sales.pk}]


def test_ending_a_held_chat_leaves_the_queue_alone(sales: Group, ear: Ear) -> None:
    end(make_request(sales, make_operator("anna", sales)).pk)
    assert ear.names() == ["request_ended"]


def test_twice_is_told_once(sales: Group, ear: Ear) -> None:
    request = make_request(sales)
    assert [end(request.pk), end(request.pk)] == [True, False]
    assert ear.names().count("request_ended") == 1


def test_unknown_is_nothing(db: None, ear: Ear) -> None:
    assert not end(404)
    assert ear.told == []


def test_it_keeps_when_it_ended_and_by_whom_it_was_held(sales: Group) -> None:
    anna = make_operator("anna", sales)
    request = make_request(sales, anna)
    end(request.pk)
    closed = fresh(request)
    assert closed.closed_at is not None
    assert timezone.now() - closed.closed_at < timedelta(seconds=10)
    assert closed.operator == anna


def test_the_operator_is_idle_from_then_on(sales: Group) -> None:
    anna = make_operator("anna", sales)
    long_ago = timezone.now() - timedelta(hours=1)
    make_present(anna)
    Presence.objects.update(idle_since=long_ago)
    end(make_request(sales, anna).pk)
    assert Presence.objects.get(user=anna).idle_since > long_ago + timedelta(minutes=59)


def test_a_place_is_not_free_while_another_chat_fills_it(sales: Group) -> None:
    anna = make_operator("anna", sales, limit=1)
    make_present(anna)
    held = [make_request(sales, anna), make_request(sales, anna)]
    waiting = make_request(sales)
    end(held[0].pk)
    assert fresh(waiting).state == State.WAITING
    end(held[1].pk)
    assert fresh(waiting).operator == anna
