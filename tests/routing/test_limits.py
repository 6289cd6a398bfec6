"""The limits of a group: how many it holds, how many may wait, and the pause between two chats."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from routing.actions import end, enqueue, sweep, take, transfer
from routing.assigner import assign
from routing.availability import group_state
from routing.errors import QueueFull
from routing.models import Group, Outcome, Presence, Request, State
from routing.querysets import full_queues
from tests.factories import make_group, make_membership, make_operator, make_present, make_request, make_supervisor
from tests.routing.conftest import Ear, fresh


@pytest.fixture
def anna(sales: Group) -> User:
    person = make_operator("anna", sales)
    make_present(person, seconds=600)
    return person


def configure(group: Group, **facts: object) -> None:
    Group.objects.filter(pk=group.pk).update(**facts)
    group.refresh_from_db()


# --- the whole group -------------------------------------------------------------------------------------------------


def test_no_more_than_the_group_may_hold(sales: Group, anna: User) -> None:
    configure(sales, chat_limit=2)
    first, second, third = (enqueue(sales) for _ in range(3))
    assert [fresh(one).state for one in (first, second, third)] == [State.ACTIVE, State.ACTIVE, State.WAITING]
    assert group_state(sales) == "busy"
    end(first.pk)
    assert fresh(third).operator == anna


@pytest.mark.parametrize(
    "leaves", [lambda chat, sam, to: end(chat.pk), lambda c, sam, to: transfer(c.pk, sam, group=to)]
)
def test_room_that_an_outsider_frees_is_used_at_once(sales: Group, support: Group, anna: User, leaves: Any) -> None:
    """Who holds it is in no group: it is the group's own limit that kept others waiting."""
    configure(sales, chat_limit=1)
    sam = make_supervisor()
    make_present(sam, seconds=600)
    held, waiting = make_request(sales, sam), make_request(sales)
    leaves(held, sam, support)
    assert fresh(waiting).operator == anna


def test_by_hand_one_more_may_be_taken(sales: Group, anna: User) -> None:
    configure(sales, chat_limit=1)
    make_request(sales, anna)
    assert take(make_request(sales).pk, anna).operator == anna
    assert assign() == []


def test_another_group_is_not_held_back_by_it(sales: Group, support: Group, anna: User) -> None:
    configure(sales, chat_limit=1)
    make_membership(support, anna)
    make_request(sales, anna)
    assert enqueue(support).operator == anna


# --- the queue -------------------------------------------------------------------------------------------------------


def test_the_queue_takes_no_more_than_it_may(sales: Group, ear: Ear) -> None:
    configure(sales, queue_limit=2)
    enqueue(sales)
    assert full_queues([sales]) == set()
    enqueue(sales)
    assert full_queues([sales]) == {sales.pk}
    ear.forget()
    with pytest.raises(QueueFull):
        enqueue(sales)
    assert (Request.objects.count(), ear.told) == (2, [])


def test_a_full_queue_shows_as_busy(sales: Group, anna: User) -> None:
    configure(sales, queue_limit=1, policy="manual")
    make_request(sales)
    assert group_state(sales) == "busy"


def test_a_place_in_the_queue_that_is_free_again(sales: Group) -> None:
    configure(sales, queue_limit=1)
    end(enqueue(sales).pk)
    assert enqueue(sales).state == State.WAITING


def test_what_is_set_since_counts(sales: Group) -> None:
    """The group in hand may be older than the setting."""
    Group.objects.filter(pk=sales.pk).update(queue_limit=1)
    enqueue(sales)
    with pytest.raises(QueueFull):
        enqueue(sales)


# --- the pause -------------------------------------------------------------------------------------------------------


def rest(user: User, seconds: float) -> None:
    Presence.objects.filter(user=user).update(given_at=timezone.now() - timedelta(seconds=seconds))


def test_one_chat_then_a_pause(sales: Group, anna: User) -> None:
    configure(sales, pause_seconds=30)
    first, second = enqueue(sales), enqueue(sales)
    assert (first.operator, second.operator) == (anna, None)
    rest(anna, 29)
    sweep()
    assert fresh(second).operator is None
    rest(anna, 31)
    sweep()
    assert fresh(second).operator == anna


def test_the_other_has_it_meanwhile(sales: Group, anna: User) -> None:
    configure(sales, pause_seconds=30)
    ben = make_operator("ben", sales)
    make_present(ben, seconds=600)
    assert [enqueue(sales).operator for _ in range(3)] == [anna, ben, None]


def test_a_pause_is_no_busy_signal(sales: Group, anna: User) -> None:
    configure(sales, pause_seconds=30)
    enqueue(sales)
    assert group_state(sales) == "online"


def test_what_one_takes_by_hand_begins_a_pause_too(sales: Group, anna: User) -> None:
    configure(sales, pause_seconds=30)
    pool = make_group("pool", manual=True)
    take(make_request(pool).pk, anna)
    assert enqueue(sales).operator is None


# --- in turn ---------------------------------------------------------------------------------------------------------


def test_in_turn_over_many_chats(sales: Group, anna: User) -> None:
    configure(sales, policy="round_robin")
    ben = make_operator("ben", sales)
    make_present(ben, seconds=600)
    given = []
    for _ in range(6):
        request = enqueue(sales)
        given.append(request.operator)
        if request.operator == anna:
            end(request.pk)  # she holds fewest all the time, and still has her turn only
    assert given == [anna, ben] * 3


def test_turns_hold_within_one_pass(sales: Group, anna: User) -> None:
    configure(sales, policy="round_robin")
    people = [anna]
    for name in ("ben", "cleo"):
        people.append(make_operator(name, sales))
        make_present(people[-1], seconds=600)
    for _ in range(4):
        make_request(sales)
    assign()
    assert enqueue(sales).operator == people[1]
    assert enqueue(sales).operator == people[2]


# --- languages -------------------------------------------------------------------------------------------------------


def test_who_speaks_it_is_asked_first(sales: Group, anna: User) -> None:
    configure(sales, same_language_first=True)
    ben = make_operator("ben", sales, priority=-1)
    ben.languages = ["de"]
    ben.save()
    make_present(ben, seconds=600)
    assert enqueue(sales, language="de-AT").operator == ben
    assert enqueue(sales, language="en").operator == anna
    assert enqueue(sales).operator == anna
    make_request(sales, ben), make_request(sales, ben), make_request(sales, ben)
    assert enqueue(sales, language="de").operator == anna


# --- how it ended ----------------------------------------------------------------------------------------------------


def test_how_it_ended(sales: Group) -> None:
    waiting = enqueue(sales)
    end(waiting.pk)
    assert fresh(waiting).outcome == Outcome.ABANDONED
    anna = make_operator("anna", sales)
    served = make_request(sales, anna)
    end(served.pk)
    assert fresh(served).outcome == Outcome.SERVED
    left = enqueue(sales)
    end(left.pk, Outcome.MESSAGE)
    assert fresh(left).outcome == Outcome.MESSAGE
