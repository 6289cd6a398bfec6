from __future__ import annotations

import pytest

from accounts.models import User
from routing.availability import group_state, group_states, members_available, status_of
from routing.models import Group, Status
from tests.factories import make_membership, make_operator, make_outsider, make_present, make_request


@pytest.fixture
def anna(sales: Group) -> User:
    person = make_operator("anna", sales, limit=1)
    make_present(person)
    return person


def test_nobody_at_all(sales: Group) -> None:
    assert group_state(sales) == "offline"


def test_a_free_place(sales: Group, anna: User) -> None:
    assert group_state(sales) == "online"


def test_all_full(sales: Group, anna: User) -> None:
    make_request(sales, anna)
    assert group_state(sales) == "busy"


def test_full_by_the_chats_of_another_group(sales: Group, support: Group, anna: User) -> None:
    make_request(support, anna)
    assert group_state(sales) == "busy"


def test_one_of_two_is_free(sales: Group, anna: User) -> None:
    make_request(sales, anna)
    make_present(make_operator("ben", sales))
    assert group_state(sales) == "online"


@pytest.mark.parametrize("status", [Status.AWAY, Status.UNAVAILABLE])
def test_here_but_not_available_is_not_online(sales: Group, anna: User, status: Status) -> None:
    make_present(anna, status)
    assert group_state(sales) == "offline"


def test_a_lease_that_ended(sales: Group, anna: User) -> None:
    make_present(anna, seconds=-1)
    assert group_state(sales) == "offline"


def test_who_is_never_given_a_chat_does_not_count(sales: Group) -> None:
    make_present(make_operator("anna", sales, limit=0))
    assert group_state(sales) == "offline"


def test_who_may_not_open_the_dashboard_does_not_count(sales: Group) -> None:
    charlie = make_outsider()
    make_membership(sales, charlie)
    make_present(charlie)
    assert group_state(sales) == "offline"


def test_by_hand_it_is_the_same(pool: Group) -> None:
    make_present(make_operator("anna", pool))
    assert group_state(pool) == "online"


def test_switched_off(sales: Group, anna: User) -> None:
    sales.is_active = False
    assert group_state(sales) == "offline"


def test_many_at_once(sales: Group, support: Group, pool: Group, anna: User) -> None:
    ben = make_operator("ben", support, limit=1)
    make_present(ben)
    make_request(support, ben)
    assert group_states([sales, support, pool]) == {sales.pk: "online", support.pk: "busy", pool.pk: "offline"}
    assert group_states([]) == {}


def test_the_cost_does_not_grow_with_groups(anna: User, django_assert_max_num_queries: object) -> None:
    groups = [Group.objects.create(name=f"Group {n}", slug=f"group-{n}") for n in range(12)]
    with django_assert_max_num_queries(2):  # type: ignore[operator]
        group_states(groups)


def test_the_list_to_hand_over_to(sales: Group, anna: User) -> None:
    ben, cleo, dora = (make_operator(name, sales, limit=2) for name in ("ben", "cleo", "dora"))
    make_present(ben, Status.AWAY)
    make_present(cleo)
    make_request(sales, anna)
    make_request(sales, cleo)
    assert [tuple(one) for one in members_available([sales])[sales.pk]] == [
        (cleo, 1, 2, Status.AVAILABLE),
        (anna, 1, 1, Status.AVAILABLE),
        (ben, 0, 2, Status.AWAY),
        (dora, 0, 2, Status.UNAVAILABLE),
    ]
    assert [one.is_free for one in members_available([sales])[sales.pk]] == [True, False, False, False]


def test_who_was_switched_off_is_not_in_the_list(sales: Group, anna: User) -> None:
    User.objects.filter(pk=anna.pk).update(is_active=False)
    assert members_available([sales])[sales.pk] == []


def test_a_person(sales: Group, anna: User) -> None:
    ben = make_operator("ben", sales)
    make_present(anna, Status.AWAY, seconds=-1)
    assert (status_of(anna), status_of(ben)) == (Status.AWAY, Status.AVAILABLE)
