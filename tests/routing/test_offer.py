"""A chat that must be accepted: in time it is theirs, else it goes to the next person."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from routing.actions import accept, end, enqueue, leave, sweep, take, transfer
from routing.models import Group, Outcome, Request, State
from tests.factories import make_group, make_operator, make_present, make_request, make_supervisor
from tests.routing.conftest import Ear, fresh


@pytest.fixture
def sales(db: None) -> Group:
    return make_group("sales", accept_seconds=30)


@pytest.fixture
def anna(sales: Group) -> User:
    person = make_operator("anna", sales, limit=2)
    make_present(person, seconds=600)
    return person


@pytest.fixture
def ben(sales: Group, anna: User) -> User:
    person = make_operator("ben", sales, limit=2)
    make_present(person, seconds=600)
    return person


def too_late(request: Request) -> None:
    Request.objects.filter(pk=request.pk).update(accept_by=timezone.now() - timedelta(seconds=1))


def test_it_is_only_offered(sales: Group, anna: User, ear: Ear) -> None:
    offered = fresh(enqueue(sales))
    assert (offered.state, offered.operator, offered.waited_seconds, offered.taken_at) == (
        State.ACTIVE,
        anna,
        None,
        None,
    )
    assert offered.accept_by is not None
    assert timedelta(seconds=25) < offered.accept_by - timezone.now() <= timedelta(seconds=30)
    assert ear.one("request_assigned")["request"].accept_by == offered.accept_by


@pytest.mark.parametrize("begin", [lambda chat, user: take(chat.pk, user), lambda chat, user: accept(chat.pk, user.pk)])
def test_accepted_in_time_it_is_theirs(sales: Group, anna: User, begin: object, ear: Ear) -> None:
    chat = enqueue(sales)
    begin(chat, anna)  # type: ignore[operator]
    kept = fresh(chat)
    assert (kept.operator, kept.accept_by, kept.waited_seconds, kept.passed_by) == (anna, None, 0, [])
    assert ear.one("request_accepted")["operator"] == anna
    sweep()
    assert fresh(chat).operator == anna


def test_accepting_twice_tells_once(sales: Group, anna: User, ear: Ear) -> None:
    chat = enqueue(sales)
    assert [accept(chat.pk, anna.pk), accept(chat.pk, anna.pk)] == [True, False]
    take(chat.pk, anna)
    assert len(ear.of("request_accepted")) == 1


def test_nobody_else_accepts_it(sales: Group, anna: User, ben: User) -> None:
    chat = enqueue(sales)
    assert not accept(chat.pk, ben.pk)
    assert not accept(404, anna.pk)
    assert fresh(chat).accept_by is not None


def test_let_pass_it_goes_to_the_next(sales: Group, anna: User, ben: User, ear: Ear) -> None:
    chat = enqueue(sales)
    waiting_since = fresh(chat).waiting_since
    too_late(chat)
    sweep()
    assert (fresh(chat).operator, fresh(chat).passed_by) == (ben, [anna.pk])
    assert fresh(chat).waiting_since == waiting_since
    assert ear.one("request_passed")["operator"] == anna
    assert ear.names()[-2:] == ["request_assigned", "queue_changed"]


def test_round_again_when_all_let_it_pass(sales: Group, anna: User, ben: User) -> None:
    chat, seen = enqueue(sales), []
    for _ in range(5):
        seen.append(fresh(chat).operator)
        too_late(chat)
        sweep()
    assert seen == [anna, ben, anna, ben, anna]


def test_alone_one_is_asked_again(sales: Group, anna: User) -> None:
    chat = enqueue(sales)
    too_late(chat)
    sweep()
    assert fresh(chat).operator == anna
    assert fresh(chat).accept_by is not None


def test_who_let_it_pass_and_is_alone_free_is_asked_rather_than_nobody(sales: Group, anna: User, ben: User) -> None:
    for _ in range(2):
        make_request(sales, ben)
    chat = enqueue(sales)
    too_late(chat)
    sweep()
    assert fresh(chat).operator == anna


def test_a_sweep_in_time_changes_nothing(sales: Group, anna: User, ear: Ear) -> None:
    chat = enqueue(sales)
    ear.forget()
    sweep()
    assert (fresh(chat).operator, ear.told) == (anna, [])


def test_an_offer_takes_a_place(sales: Group, anna: User) -> None:
    assert [enqueue(sales).operator for _ in range(3)] == [anna, anna, None]


def test_who_vanished_is_not_missed_by_a_visitor_who_never_met_them(sales: Group, anna: User, ear: Ear) -> None:
    enqueue(sales)
    leave(anna.pk)
    assert ear.one("request_requeued")["lost"] is None


def test_who_vanished_with_an_offer_neither_restarts_the_wait_nor_forgets_who_passed(
    sales: Group, anna: User, ben: User
) -> None:
    chat = enqueue(sales)
    too_late(chat)
    sweep()
    assert fresh(chat).operator == ben
    since = timezone.now() - timedelta(minutes=3)
    Request.objects.filter(pk=chat.pk).update(waiting_since=since)
    leave(anna.pk)
    assert leave(ben.pk) == [chat]
    back = fresh(chat)
    assert (back.state, back.waiting_since, back.passed_by) == (State.WAITING, since, [anna.pk])


def test_a_visitor_who_leaves_meanwhile_was_not_served(sales: Group, anna: User) -> None:
    chat = enqueue(sales)
    end(chat.pk)
    assert (fresh(chat).outcome, fresh(chat).accept_by) == (Outcome.ABANDONED, None)
    too_late(chat)
    sweep()
    assert fresh(chat).state == State.CLOSED


def test_a_supervisor_hands_it_on_before_anybody_began(sales: Group, anna: User, ben: User, ear: Ear) -> None:
    chat, sam = enqueue(sales), make_supervisor()
    ear.forget()
    transfer(chat.pk, sam, operator=ben)
    assert ear.names() == ["request_passed", "request_assigned", "queue_changed"]
    assert ear.one("request_assigned")["previous"] is None
    assert (fresh(chat).operator, fresh(chat).accept_by) == (ben, None)


def test_to_another_group_before_anybody_began(sales: Group, anna: User, support: Group, ear: Ear) -> None:
    chat = enqueue(sales)
    ear.forget()
    transfer(chat.pk, anna, group=support)
    assert ear.one("request_moved")["previous"] is None
    assert ear.one("request_passed")["operator"] == anna
    assert (fresh(chat).state, fresh(chat).group, fresh(chat).accept_by) == (State.WAITING, support, None)


@pytest.mark.parametrize("to", ["person", "group"])
def test_the_place_that_an_offer_kept_is_used_at_once(sales: Group, support: Group, anna: User, to: str) -> None:
    ben = make_operator("ben", support)
    make_present(ben, seconds=600)
    anna.memberships.update(chat_limit=1)
    offered, waiting = enqueue(sales), enqueue(sales)
    target = {"operator": ben} if to == "person" else {"group": support}
    transfer(offered.pk, make_supervisor(), **target)
    assert fresh(waiting).operator == anna


def test_what_one_takes_oneself_needs_no_accepting(sales: Group, anna: User) -> None:
    chat = make_request(sales)
    take(chat.pk, anna)
    assert fresh(chat).accept_by is None
