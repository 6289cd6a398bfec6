from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from routing.actions import end, leave, set_status, sweep, transfer
from routing.errors import NotWaiting, Unavailable
from routing.models import Group, Presence, Request, State, Status
from tests.factories import make_membership, make_operator, make_present, make_request, make_supervisor
from tests.routing.conftest import Ear, fresh


@pytest.fixture
def anna(sales: Group) -> User:
    person = make_operator("anna", sales)
    make_present(person)
    return person


@pytest.fixture
def ben(support: Group) -> User:
    person = make_operator("ben", support)
    make_present(person)
    return person


@pytest.fixture
def chat(sales: Group, anna: User) -> Request:
    return make_request(sales, anna, arrived_at=timezone.now() - timedelta(minutes=5), waited_seconds=3)


def seen(request: Request) -> tuple[str, User | None, Group]:
    now = fresh(request)
    return (now.state, now.operator, now.group)


# --- to a group ------------------------------------------------------------------------------------------------------


def test_it_waits_in_the_group_at_the_place_of_its_arrival(
    chat: Request, anna: User, sales: Group, support: Group, ear: Ear
) -> None:
    arrived = chat.arrived_at
    moved = transfer(chat.pk, anna, group=support)
    assert seen(chat) == (State.WAITING, None, support)
    assert (moved.group, fresh(chat).arrived_at, fresh(chat).given_by) == (support, arrived, anna)
    facts = ear.one("request_moved")
    assert (facts["group"], facts["by"], facts["previous"]) == (support, anna, anna)
    assert ear.queues() == [{support.pk}]


def test_a_free_person_of_the_group_is_given_it_at_once(
    chat: Request, anna: User, ben: User, support: Group, ear: Ear
) -> None:
    assert transfer(chat.pk, anna, group=support).operator == ben
    assert seen(chat) == (State.ACTIVE, ben, support)
    assert ear.names() == ["request_moved", "request_assigned", "queue_changed"]
    assert fresh(chat).waited_seconds == 3


def test_the_place_that_was_freed_goes_to_who_waits(chat: Request, sales: Group, support: Group, anna: User) -> None:
    sales.memberships.update(chat_limit=1)
    waiting = make_request(sales)
    transfer(chat.pk, anna, group=support)
    assert seen(waiting) == (State.ACTIVE, anna, sales)


def test_it_overtakes_who_arrived_later(chat: Request, anna: User, ben: User, support: Group) -> None:
    support.memberships.update(chat_limit=1)
    held, later = make_request(support, ben), make_request(support)
    transfer(chat.pk, anna, group=support)
    end(held.pk)
    assert seen(chat) == (State.ACTIVE, ben, support)
    assert fresh(later).state == State.WAITING


def test_the_giver_does_not_get_it_straight_back(chat: Request, anna: User, sales: Group) -> None:
    cleo = make_operator("cleo", sales)
    make_present(cleo)
    make_request(sales, cleo)  # so anna would be next
    make_request(sales, cleo)
    assert transfer(chat.pk, anna, group=sales).operator == cleo
    assert fresh(chat).given_by is None


def test_it_waits_for_the_others_while_they_are_here(chat: Request, anna: User, sales: Group) -> None:
    cleo = make_operator("cleo", sales, limit=1)
    make_present(cleo)
    held = make_request(sales, cleo)
    transfer(chat.pk, anna, group=sales)
    assert seen(chat) == (State.WAITING, None, sales)
    sweep()
    assert fresh(chat).state == State.WAITING
    end(held.pk)
    assert fresh(chat).operator == cleo


@pytest.mark.parametrize("depart", [lambda user: leave(user.pk), lambda user: set_status(user.pk, Status.AWAY)])
def test_it_comes_back_when_all_others_go(chat: Request, anna: User, sales: Group, depart: Any) -> None:
    cleo = make_operator("cleo", sales, limit=1)
    make_present(cleo)
    end_of_room = make_request(sales, cleo)
    transfer(chat.pk, anna, group=sales)
    depart(cleo)
    assert fresh(chat).operator == anna
    assert fresh(end_of_room).operator in {cleo, anna}


def test_alone_in_the_group_one_cannot_give_it_away_there(chat: Request, anna: User, sales: Group, ear: Ear) -> None:
    with pytest.raises(Unavailable):
        transfer(chat.pk, anna, group=sales)
    assert seen(chat) == (State.ACTIVE, anna, sales)
    assert ear.told == []


def test_to_a_group_where_nobody_is_it_waits(chat: Request, anna: User, support: Group) -> None:
    assert transfer(chat.pk, anna, group=support).state == State.WAITING


def test_not_to_a_group_that_is_switched_off(chat: Request, anna: User, support: Group) -> None:
    Group.objects.filter(pk=support.pk).update(is_active=False)
    support.refresh_from_db()
    with pytest.raises(Unavailable):
        transfer(chat.pk, anna, group=support)
    assert fresh(chat).operator == anna


def test_to_a_group_that_picks_up_by_hand(chat: Request, anna: User, pool: Group) -> None:
    make_membership(pool, anna)
    transfer(chat.pk, anna, group=pool)
    assert seen(chat) == (State.WAITING, None, pool)


def test_a_supervisor_moves_another_persons_chat(chat: Request, anna: User, sales: Group, ear: Ear) -> None:
    cleo, sam = make_operator("cleo", sales), make_supervisor()
    make_present(cleo)
    assert transfer(chat.pk, sam, group=sales).operator == cleo
    facts = ear.one("request_moved")
    assert (facts["by"], facts["previous"]) == (sam, anna)


def test_what_waits_moves_to_another_queue(sales: Group, support: Group, ben: User, ear: Ear) -> None:
    waiting, sam = make_request(sales), make_supervisor()
    assert transfer(waiting.pk, sam, group=support).operator == ben
    assert ear.one("request_moved")["previous"] is None
    assert ear.queues() == [{sales.pk, support.pk}]


def test_to_the_queue_where_it_waits_nothing_happens(support: Group, ear: Ear) -> None:
    waiting, sam = make_request(support), make_supervisor()
    transfer(waiting.pk, sam, group=support)
    assert seen(waiting) == (State.WAITING, None, support)
    assert ear.told == []


# --- to a person -----------------------------------------------------------------------------------------------------


def test_a_person_has_it_at_once(chat: Request, anna: User, ben: User, sales: Group, ear: Ear) -> None:
    assert transfer(chat.pk, anna, operator=ben).operator == ben
    assert seen(chat) == (State.ACTIVE, ben, sales)
    facts = ear.one("request_assigned")
    assert (facts["operator"], facts["by"], facts["previous"]) == (ben, anna, anna)
    assert ear.names() == ["request_assigned"]


def test_the_givers_place_goes_to_who_waits(chat: Request, anna: User, ben: User, sales: Group) -> None:
    sales.memberships.update(chat_limit=1)
    waiting = make_request(sales)
    transfer(chat.pk, anna, operator=ben)
    assert fresh(waiting).operator == anna


def test_what_waits_may_be_given_to_a_person(sales: Group, ben: User, ear: Ear) -> None:
    waiting, sam = make_request(sales, arrived_at=timezone.now() - timedelta(seconds=30)), make_supervisor()
    assert transfer(waiting.pk, sam, operator=ben).operator == ben
    assert (fresh(waiting).waited_seconds or 0) >= 30
    assert ear.names() == ["request_assigned", "queue_changed"]


def _away(ben: User) -> None:
    make_present(ben, Status.AWAY)


def _gone(ben: User) -> None:
    make_present(ben, seconds=-1)


def _never_here(ben: User) -> None:
    Presence.objects.filter(user=ben).delete()


def _switched_off(ben: User) -> None:
    User.objects.filter(pk=ben.pk).update(is_active=False)


def _in_no_group(ben: User) -> None:
    ben.memberships.all().delete()


def _full(ben: User) -> None:
    membership = ben.memberships.get()
    membership.chat_limit = 1
    membership.save()
    make_request(membership.group, ben)


@pytest.mark.parametrize("hinder", [_away, _gone, _never_here, _switched_off, _in_no_group, _full])
def test_not_to_who_cannot_take_it(chat: Request, anna: User, ben: User, hinder: Any, ear: Ear) -> None:
    hinder(ben)
    with pytest.raises(Unavailable):
        transfer(chat.pk, anna, operator=ben)
    assert (fresh(chat).operator, ear.told) == (anna, [])


def test_to_who_has_it_nothing_happens(chat: Request, anna: User, ear: Ear) -> None:
    assert transfer(chat.pk, make_supervisor(), operator=anna).operator == anna
    assert ear.told == []


def test_a_supervisor_takes_over(chat: Request, anna: User, ear: Ear) -> None:
    sam = make_supervisor()
    assert transfer(chat.pk, sam, operator=sam).operator == sam
    facts = ear.one("request_assigned")
    assert (facts["by"], facts["previous"]) == (sam, anna)


def test_taking_over_keeps_to_the_limit(chat: Request, ben: User, support: Group) -> None:
    _full(ben)
    with pytest.raises(Unavailable):
        transfer(chat.pk, ben, operator=ben)
    assert fresh(chat).operator != ben


# --- neither ---------------------------------------------------------------------------------------------------------


def test_to_nobody(chat: Request, anna: User, ear: Ear) -> None:
    with pytest.raises(Unavailable):
        transfer(chat.pk, anna)
    assert (fresh(chat).operator, ear.told) == (anna, [])


def test_to_both(chat: Request, anna: User, ben: User, support: Group) -> None:
    with pytest.raises(Unavailable):
        transfer(chat.pk, anna, group=support, operator=ben)
    assert fresh(chat).operator == anna


def test_what_has_ended(chat: Request, anna: User, ben: User, support: Group) -> None:
    end(chat.pk)
    for target in ({"group": support}, {"operator": ben}):
        with pytest.raises(NotWaiting):
            transfer(chat.pk, anna, **target)
    assert fresh(chat).state == State.CLOSED
