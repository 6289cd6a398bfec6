"""Who counts as being there: what the user type and the log-in window say."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Scope, User, UserType
from routing.actions import arrive, enqueue, leave, set_status, sign_in, transfer
from routing.assigner import assign
from routing.availability import group_state, members_available
from routing.errors import Unavailable
from routing.models import Group, Presence, Status
from tests.factories import make_operator, make_present, make_request, make_user


@pytest.fixture
def anna(sales: Group) -> User:
    person = make_operator("anna", sales)
    make_present(person, seconds=600)
    return person


def of_type(user: User, **facts: bool | Scope) -> None:
    UserType.objects.filter(users=user).update(**facts)


def test_who_never_counts_makes_no_group_online(sales: Group, anna: User) -> None:
    of_type(anna, counts_for_presence=False)
    assert group_state(sales) == "offline"
    assert enqueue(sales).operator is None


def test_who_may_not_answer_is_given_nothing(sales: Group, anna: User) -> None:
    of_type(anna, answer=Scope.NONE)
    assert group_state(sales) == "offline"
    assert [one.status for one in members_available([sales])[sales.pk]] == [Status.UNAVAILABLE]
    waiting = enqueue(sales)
    assert waiting.operator is None
    with pytest.raises(Unavailable):
        transfer(waiting.pk, make_user("sam"), operator=anna)
    of_type(anna, answer=Scope.OWN)
    assert [given.operator for given in assign()] == [anna]


def test_a_superuser_answers_whatever_the_type_says(sales: Group, anna: User) -> None:
    of_type(anna, answer=Scope.NONE, opens_dashboard=False)
    User.objects.filter(pk=anna.pk).update(is_superuser=True)
    assert enqueue(sales).operator == anna


def test_a_superuser_without_a_type_counts(sales: Group) -> None:
    root = make_user("root", is_superuser=True)
    sales.memberships.create(user=root)
    make_present(root)
    assert group_state(sales) == "online"


def window_ends(user: User, seconds: int) -> None:
    Presence.objects.filter(user=user).update(no_new_after=timezone.now() + timedelta(seconds=seconds))


def test_in_the_last_minutes_nothing_new(sales: Group, anna: User) -> None:
    window_ends(anna, 600)
    assert enqueue(sales).operator == anna
    window_ends(anna, -1)
    assert enqueue(sales).operator is None
    assert assign() == []
    assert group_state(sales) == "offline"


def test_in_the_last_minutes_nothing_is_handed_over_to_them(sales: Group, anna: User) -> None:
    ben = make_operator("ben", sales)
    make_present(ben, seconds=600)
    held = make_request(sales, ben)
    window_ends(anna, -1)
    with pytest.raises(Unavailable):
        transfer(held.pk, ben, operator=anna)


# --- who begins as unavailable ---------------------------------------------------------------------------------------


def status(user: User) -> str:
    return str(Presence.objects.get(user=user).status)


def test_who_begins_as_unavailable_gets_nothing_at_first(sales: Group, anna: User) -> None:
    of_type(anna, starts_unavailable=True)
    leave(anna.pk)
    sign_in(anna.pk)
    arrive(anna.pk)
    assert status(anna) == Status.UNAVAILABLE
    waiting = enqueue(sales)
    assert waiting.operator is None
    set_status(anna.pk, Status.AVAILABLE)
    assert assign() == []
    waiting.refresh_from_db()
    assert waiting.operator == anna


def test_the_very_first_time_too(sales: Group) -> None:
    cleo = make_operator("cleo", sales)
    of_type(cleo, starts_unavailable=True)
    sign_in(cleo.pk)
    assert arrive(cleo.pk).status == Status.UNAVAILABLE


def test_a_page_loaded_again_keeps_the_status(anna: User) -> None:
    of_type(anna, starts_unavailable=True)
    make_present(anna, seconds=-1)
    arrive(anna.pk)
    assert status(anna) == Status.AVAILABLE


def test_a_second_browser_changes_nothing(anna: User) -> None:
    of_type(anna, starts_unavailable=True)
    sign_in(anna.pk)
    assert status(anna) == Status.AVAILABLE


def test_others_begin_with_the_status_they_left_with(anna: User) -> None:
    leave(anna.pk)
    sign_in(anna.pk)
    assert status(anna) == Status.AVAILABLE
