from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from routing.assigner import assign
from routing.models import Group, Membership, Presence, Request, State
from tests.factories import make_group, make_operator, make_present, make_request
from tests.routing.conftest import Ear, fresh
from tests.routing.oracle import assert_sound, loads


def test_nothing_to_do(sales: Group, ear: Ear) -> None:
    make_present(make_operator("anna", sales))
    assert assign() == []
    assert ear.told == []


def test_only_the_groups_that_are_named(sales: Group, support: Group) -> None:
    make_present(make_operator("anna", sales, support))
    here, there = make_request(sales), make_request(support)
    assert assign([support.pk]) == [there]
    assert fresh(here).state == State.WAITING
    assert assign() == [here]


def test_no_group_named_is_no_group(sales: Group) -> None:
    make_present(make_operator("anna", sales))
    make_request(sales)
    assert assign([]) == []


def test_by_arrival_across_groups(sales: Group, support: Group, ear: Ear) -> None:
    anna = make_operator("anna", sales, support, limit=2)
    make_present(anna)
    now = timezone.now()
    late, early, middle = (
        make_request(group, arrived_at=now - timedelta(minutes=minutes))
        for group, minutes in ((sales, 1), (support, 9), (sales, 5))
    )
    assert assign() == [early, middle]
    assert ear.assigned() == [(early.pk, anna.pk), (middle.pk, anna.pk)]
    assert ear.queues() == [{sales.pk, support.pk}]
    assert fresh(late).state == State.WAITING


def test_a_full_group_in_front_does_not_hide_another(sales: Group, support: Group) -> None:
    """More wait in front than one page holds, for people who are full."""
    ben = make_operator("ben", support, limit=1)
    make_present(ben)
    make_present(make_operator("anna", sales, limit=1))
    Request.objects.bulk_create([Request(group=sales) for _ in range(600)])
    last = make_request(support)
    assert {request.operator for request in assign()} >= {ben}
    assert fresh(last).operator == ben


def test_what_its_giver_must_not_get_back_does_not_stop_the_rest(sales: Group) -> None:
    anna, ben = make_operator("anna", sales, limit=2), make_operator("ben", sales, limit=1)
    for person in (anna, ben):
        make_present(person)
    make_request(sales, ben)
    for _ in range(250):
        make_request(sales, given_by=anna)
    last = make_request(sales)
    assert assign() == [last]
    assert fresh(last).operator == anna


def test_a_row_that_changed_behind_its_back_is_left_alone(sales: Group, monkeypatch: pytest.MonkeyPatch) -> None:
    make_present(make_operator("anna", sales))
    request = make_request(sales)
    monkeypatch.setattr("routing.assigner.hold", lambda *_, **__: False)
    assert assign() == []
    assert fresh(request).state == State.WAITING


def a_big_desk(*, waiting: int, people: int, groups: int, limit: int) -> None:
    departments = [make_group(f"group-{number}") for number in range(groups)]
    users = [make_operator(f"person{number}") for number in range(people)]
    until = timezone.now() + timedelta(minutes=10)
    Presence.objects.bulk_create([Presence(user=user, lease_until=until) for user in users])
    Membership.objects.bulk_create(
        Membership(user=user, group=departments[(number + step) % groups], chat_limit=limit)
        for number, user in enumerate(users)
        for step in (0, 1, 7)
    )
    start = timezone.now() - timedelta(hours=1)
    Request.objects.bulk_create(
        Request(group=departments[number % groups], arrived_at=start + timedelta(seconds=number))
        for number in range(waiting)
    )


def test_a_big_desk_is_drained_in_one_pass(db: None) -> None:
    a_big_desk(waiting=1000, people=100, groups=20, limit=8)
    given = assign()
    assert len(given) == 800
    assert set(loads().values()) == {8}
    assert_sound()
    arrived = [request.arrived_at for request in given]
    assert arrived == sorted(arrived)


@pytest.mark.parametrize("waiting", [50, 400])
def test_the_cost_of_one_assignment_is_flat(db: None, waiting: int) -> None:
    """One statement for each chat, and a few for the pass, however many wait."""
    a_big_desk(waiting=waiting, people=100, groups=20, limit=10)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert len(assign()) == waiting
    assert len(queries) <= waiting + 20


def test_a_long_queue_is_not_read_for_one_place(db: None) -> None:
    a_big_desk(waiting=600, people=10, groups=20, limit=1)
    assign()
    Membership.objects.filter(user__email="person0@desk.example").update(chat_limit=2)
    with CaptureQueriesContext(connection) as queries:
        assert len(assign()) == 1
    assert len(queries) <= 14
    (page,) = [query["sql"] for query in queries if 'ORDER BY "routing_request"' in query["sql"]]
    assert "LIMIT 2" in page
