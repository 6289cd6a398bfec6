from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from accounts.models import Scope, User, UserType
from routing.actions import arrive, sweep, take
from routing.actions.presence import welcome_back
from routing.models import Group, Policy, Presence, State, Status
from tests.factories import make_operator, make_present, make_request, make_user
from tests.routing.conftest import Ear, fresh


def test_the_chats_of_who_vanished_go_back_to_the_front(sales: Group, ear: Ear) -> None:
    anna = make_operator("anna", sales)
    make_present(anna, seconds=-1)
    arrived = timezone.now() - timedelta(minutes=9)
    lost, other = make_request(sales, anna, arrived_at=arrived), make_request(sales)
    assert sweep() == [lost]
    assert (fresh(lost).state, fresh(lost).arrived_at) == (State.WAITING, arrived)
    assert ear.names() == ["presence_changed", "request_requeued", "queue_changed"]
    assert ear.one("request_requeued")["lost"] == anna
    ben = make_operator("ben", sales, limit=1)
    arrive(ben.pk)
    assert (fresh(lost).operator, fresh(other).state) == (ben, State.WAITING)


def test_a_second_sweep_finds_nothing(sales: Group, ear: Ear) -> None:
    anna = make_operator("anna", sales)
    make_present(anna, seconds=-1)
    make_request(sales, anna)
    sweep()
    ear.forget()
    assert sweep() == []
    assert ear.told == []


def test_who_is_here_keeps_theirs_in_any_status(sales: Group, ear: Ear) -> None:
    held = []
    for name, status in (("anna", Status.AVAILABLE), ("ben", Status.AWAY), ("cleo", Status.UNAVAILABLE)):
        person = make_operator(name, sales)
        make_present(person, status, seconds=1000)
        held.append(make_request(sales, person))
    assert sweep() == []
    assert all(fresh(request).state == State.ACTIVE for request in held)
    assert ear.told == []


def test_a_free_colleague_has_it_at_once(sales: Group, ear: Ear) -> None:
    anna, ben = make_operator("anna", sales), make_operator("ben", sales)
    make_present(anna, seconds=-1)
    make_present(ben, seconds=1000)
    lost = make_request(sales, anna)
    sweep()
    assert fresh(lost).operator == ben
    assert ear.names() == ["presence_changed", "request_requeued", "request_assigned", "queue_changed"]


def test_chats_of_somebody_who_never_was_here(sales: Group) -> None:
    anna = make_operator("anna", sales)
    request = make_request(sales)
    take(request.pk, anna)
    assert sweep() == [request]


def test_the_chats_of_who_may_answer_no_more_go_back(sales: Group, ear: Ear) -> None:
    anna, root = make_operator("anna", sales), make_user("root", is_superuser=True)
    make_present(anna, seconds=1000)
    make_present(root, seconds=1000)
    held, kept = make_request(sales, anna), make_request(sales, root)
    assert sweep() == []
    UserType.objects.filter(users=anna).update(answer=Scope.NONE)
    assert sweep() == [held]
    assert ear.one("request_requeued")["lost"] == anna
    assert (fresh(held).state, fresh(kept).state) == (State.WAITING, State.ACTIVE)
    assert sweep() == []


def test_the_chats_of_who_has_no_user_type_any_more_go_back(sales: Group) -> None:
    anna = make_operator("anna", sales)
    make_present(anna, seconds=1000)
    held = make_request(sales, anna)
    User.objects.filter(pk=anna.pk).update(user_type=None)
    assert sweep() == [held]


def test_who_left_without_a_chat_is_told_too(sales: Group, ear: Ear) -> None:
    anna = make_operator("anna", sales)
    make_present(anna, seconds=-1)
    sweep()
    assert ear.told == [("presence_changed", {"user_id": anna.pk})]
    assert not Presence.objects.get(user=anna).is_here


def test_it_finds_what_a_change_of_settings_left_waiting(sales: Group, pool: Group) -> None:
    anna = make_operator("anna", sales, pool, limit=1)
    make_present(anna, seconds=1000)
    make_request(sales, anna)
    first, second = make_request(sales), make_request(pool)
    sweep()
    assert (fresh(first).state, fresh(second).state) == (State.WAITING, State.WAITING)
    anna.memberships.update(chat_limit=3)
    Group.objects.filter(pk=pool.pk).update(policy=Policy.FEWEST)
    sweep()
    assert (fresh(first).operator, fresh(second).operator) == (anna, anna)


def test_in_a_group_by_hand_it_waits_for_a_hand(pool: Group) -> None:
    anna, ben = make_operator("anna", pool), make_operator("ben", pool)
    make_present(anna, seconds=-1)
    make_present(ben, seconds=1000)
    lost = make_request(pool, anna)
    sweep()
    assert fresh(lost).state == State.WAITING


def test_after_the_desk_was_away_everybody_has_time_to_come_back(sales: Group) -> None:
    alice = make_operator("alice", sales)
    make_present(alice, seconds=-600)
    held = make_request(sales, alice)
    assert welcome_back() == 1
    assert sweep() == []
    assert fresh(held).operator == alice
    assert Presence.objects.get(user=alice).lease_until > timezone.now() + timedelta(seconds=30)
