from __future__ import annotations

import pytest
from django.db import transaction

from routing.actions import enqueue
from routing.errors import Unavailable
from routing.models import Group, Request, State, Status
from tests.factories import make_membership, make_operator, make_outsider, make_present, make_request, make_user
from tests.routing.conftest import Ear, fresh


def test_with_nobody_here_it_waits(sales: Group, ear: Ear) -> None:
    request = enqueue(sales)
    assert (fresh(request).state, request.operator) == (State.WAITING, None)
    assert ear.names() == ["queue_changed"]
    assert ear.queues() == [{sales.pk}]


def test_it_is_given_to_who_is_free(sales: Group, ear: Ear) -> None:
    anna = make_operator("anna", sales)
    make_present(anna)
    request = enqueue(sales)
    assert (request.state, request.operator) == (State.ACTIVE, anna)
    assert (fresh(request).operator, fresh(request).waited_seconds) == (anna, 0)
    facts = ear.one("request_assigned")
    assert (facts["request"], facts["operator"], facts["by"], facts["previous"]) == (request, anna, None, None)


def test_to_each_in_turn(sales: Group) -> None:
    people = [make_operator(name, sales, limit=2) for name in ("anna", "ben", "cleo")]
    for person in people:
        make_present(person)
    order = [enqueue(sales).operator for _ in range(7)]
    assert order == [*people, *people, None]


@pytest.mark.parametrize("status", [Status.AWAY, Status.UNAVAILABLE])
def test_never_to_who_is_not_available(sales: Group, status: Status) -> None:
    make_present(make_operator("anna", sales), status)
    assert enqueue(sales).state == State.WAITING


def test_never_to_whose_lease_ended(sales: Group) -> None:
    make_present(make_operator("anna", sales), seconds=-1)
    assert enqueue(sales).state == State.WAITING


def test_never_to_who_is_switched_off(sales: Group) -> None:
    anna = make_operator("anna", sales)
    make_present(anna)
    anna.is_active = False
    anna.save()
    assert enqueue(sales).state == State.WAITING


def test_never_to_whose_type_may_not_open_the_dashboard(sales: Group) -> None:
    charlie = make_outsider()
    make_membership(sales, charlie)
    make_present(charlie)
    assert enqueue(sales).state == State.WAITING


def test_a_superuser_without_a_type_may_answer(sales: Group) -> None:
    root = make_user("root", is_superuser=True)
    make_membership(sales, root)
    make_present(root)
    assert enqueue(sales).operator == root


def test_never_to_people_of_another_group(sales: Group, support: Group) -> None:
    make_present(make_operator("ben", support))
    assert enqueue(sales).state == State.WAITING


def test_never_over_the_limit_in_all_groups_together(sales: Group, support: Group) -> None:
    anna = make_operator("anna", sales, limit=2)
    make_membership(support, anna, limit=4)
    make_present(anna)
    for group in (support, support):
        assert enqueue(group).operator == anna
    assert enqueue(sales).operator is None
    assert enqueue(support).operator == anna


def test_a_limit_of_nothing_is_given_nothing(sales: Group) -> None:
    make_present(make_operator("anna", sales, limit=0))
    assert enqueue(sales).state == State.WAITING


def test_picked_up_by_hand_it_waits(pool: Group, ear: Ear) -> None:
    make_present(make_operator("anna", pool))
    assert enqueue(pool).state == State.WAITING
    assert ear.names() == ["queue_changed"]


def test_it_does_not_overtake(sales: Group) -> None:
    anna = make_operator("anna", sales, limit=1)
    first = make_request(sales)
    make_present(anna)
    later = enqueue(sales)
    assert (fresh(first).operator, later.state) == (anna, State.WAITING)


def test_what_belongs_to_it_is_stored_before_anybody_is_given_it(sales: Group, ear: Ear) -> None:
    make_present(make_operator("anna", sales))
    seen: list[tuple[str, list[str]]] = []
    request = enqueue(sales, link=lambda new: seen.append((new.state, ear.names())))
    assert seen == [(State.WAITING, [])]
    assert request.state == State.ACTIVE


def test_a_group_that_is_switched_off_takes_none(sales: Group, ear: Ear) -> None:
    Group.objects.update(is_active=False)
    with pytest.raises(Unavailable):
        enqueue(sales)
    assert (Request.objects.count(), ear.told) == (0, [])


def test_a_failing_link_leaves_nothing(sales: Group) -> None:
    def fail(_: Request) -> None:
        raise ValueError("no room")

    with pytest.raises(ValueError, match="no room"), transaction.atomic():
        enqueue(sales, link=fail)
    assert Request.objects.count() == 0
