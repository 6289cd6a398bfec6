"""Real threads, each with a database connection of its own: what two people could do at once has one outcome."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from accounts.models import AuditEntry, Directory, DirectoryGroup, User
from routing.actions import arrive, end, enqueue, leave, renew, set_status, sweep, take, transfer
from routing.actions.directory import follow_directory
from routing.errors import AlreadyTaken, Full, RoutingError
from routing.models import DirectoryMembers, Request, State, Status
from tests.factories import make_group, make_membership, make_operator, make_present, make_request, make_user
from tests.routing.conftest import Ear, fresh
from tests.routing.oracle import assert_sound, loads

pytestmark = pytest.mark.django_db(transaction=True)

SECONDS = 60


def at_once(works: Sequence[Callable[[], Any]]) -> list[Any]:
    """Each in its own thread, started together: what it returned, or how routing refused. Anything else is raised."""
    start = Barrier(len(works))

    def run(work: Callable[[], Any]) -> Any:
        try:
            start.wait(SECONDS)
            return work()
        except RoutingError as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as threads:
        return [done.result(SECONDS) for done in [threads.submit(run, work) for work in works]]


def test_twenty_take_one_chat_and_one_has_it() -> None:
    pool = make_group("pool", manual=True)
    people = [make_operator(f"person{number}", pool) for number in range(20)]
    request = make_request(pool)
    outcomes = at_once([partial(take, request.pk, user) for user in people])
    winners = [one for one in outcomes if isinstance(one, Request)]
    losers = [one for one in outcomes if isinstance(one, AlreadyTaken)]
    assert (len(winners), len(losers)) == (1, 19)
    holder = fresh(request).operator
    assert winners[0].operator == holder
    assert {loser.operator for loser in losers} == {holder}


def test_who_signs_in_twice_at_once_becomes_a_member_once() -> None:
    directory = Directory.objects.create(name="Corp", servers="ldap://x", bind_dn="x", base="x", is_active=False)
    row = DirectoryGroup.objects.create(directory=directory, dn="cn=sales")
    DirectoryMembers.objects.create(directory_group=row, group=make_group("sales"))
    nina = make_user("nina")
    at_once([partial(follow_directory, nina.pk, [row.pk])] * 8)
    assert nina.memberships.count() == 1
    assert AuditEntry.objects.filter(object_id=str(nina.pk), reason="directory").count() == 1


def test_one_takes_ten_chats_and_keeps_to_the_limit() -> None:
    pool = make_group("pool", manual=True)
    anna = make_operator("anna", pool, limit=3)
    waiting = [make_request(pool) for _ in range(10)]
    outcomes = at_once([partial(take, one.pk, anna) for one in waiting])
    assert [type(one) for one in outcomes].count(Full) == 7
    assert loads()[anna.pk] == 3


def test_a_taker_and_the_visitor_who_leaves() -> None:
    pool = make_group("pool", manual=True)
    anna = make_operator("anna", pool)
    for _ in range(10):
        request = make_request(pool)
        taken, ended = at_once([partial(take, request.pk, anna, limited=False), partial(end, request.pk)])
        assert ended is True
        assert fresh(request).state == State.CLOSED
        assert (fresh(request).operator == anna) == isinstance(taken, Request)


def test_two_transfers_at_once_leave_one_holder(ear: Ear) -> None:
    sales, support = make_group("sales"), make_group("support")
    anna, ben, cleo = (make_operator(name, of) for name, of in (("anna", sales), ("ben", support), ("cleo", support)))
    for person in (anna, ben, cleo):
        make_present(person, seconds=600)
    request = make_request(sales, anna)
    at_once([lambda: transfer(request.pk, anna, operator=ben), lambda: transfer(request.pk, anna, group=support)])
    assert fresh(request).operator in {ben, cleo}
    assert sum(loads().values()) == 1
    told = [facts for name, facts in ear.told if name in ("request_assigned", "request_moved")]
    assert told[0]["previous"] == anna


def test_new_chats_and_freed_places_never_miss_each_other() -> None:
    """The classic race: one looks for a place, the other for a chat, and neither sees what the other is writing."""
    sales = make_group("sales")
    anna = make_operator("anna", sales, limit=1)
    make_present(anna, seconds=600)
    for _ in range(10):
        held = Request.objects.filter(operator=anna, state=State.ACTIVE).first() or enqueue(sales)
        at_once([partial(end, held.pk), partial(enqueue, sales)])
        assert_sound()
        assert loads()[anna.pk] == 1


PEOPLE, STEPS, WORKERS = 5, 25, 6


class Storm:
    """Two groups, five people, and workers that do anything to anything, each by its own dice."""

    def __init__(self) -> None:
        self.groups = [make_group("sales"), make_group("support")]
        self.people = [make_operator(f"person{number}") for number in range(PEOPLE)]
        for number, user in enumerate(self.people):
            make_membership(self.groups[number % 2], user, limit=2)
            if number % 3 == 0:
                make_membership(self.groups[1 - number % 2], user, limit=3, priority=number % 2)
            make_present(user, seconds=600)

    def worker(self, seed: int) -> None:
        dice = random.Random(seed)
        deeds = [self.ask, self.ask, self.finish, self.come_or_go, self.send, self.hurry]
        for _ in range(STEPS):
            deed = dice.choice(deeds)
            try:
                deed(dice)
            except RoutingError:
                continue

    def some_request(self, dice: random.Random) -> int:
        still_open = Request.objects.exclude(state=State.CLOSED).values_list("pk", flat=True)
        return dice.choice([0, *still_open])

    def ask(self, dice: random.Random) -> None:
        enqueue(dice.choice(self.groups))

    def finish(self, dice: random.Random) -> None:
        end(self.some_request(dice))

    def come_or_go(self, dice: random.Random) -> None:
        user = dice.choice(self.people)
        if dice.random() < 0.3:
            leave(user.pk)
        elif dice.random() < 0.5:
            arrive(user.pk)
        else:
            renew([user.pk])
        set_status(user.pk, dice.choice([Status.AVAILABLE, Status.AVAILABLE, Status.AWAY]))

    def send(self, dice: random.Random) -> None:
        by, to = dice.sample(self.people, 2)
        target: dict[str, Any] = dice.choice([{"operator": to}, {"group": dice.choice(self.groups)}])
        transfer(self.some_request(dice), by, **target)

    def hurry(self, dice: random.Random) -> None:
        sweep()
        take(self.some_request(dice), dice.choice(self.people))


@pytest.mark.parametrize("seed", [1, 2])
def test_a_storm(seed: int, ear: Ear) -> None:
    storm = Storm()
    at_once([partial(storm.worker, 100 * seed + number) for number in range(WORKERS)])
    sweep()
    assert_sound()
    assert Request.objects.count() > WORKERS
    assert holders(ear) == dict(Request.objects.filter(state=State.ACTIVE).values_list("pk", "operator_id"))


def holders(ear: Ear) -> dict[int, int]:
    """Who has which chat, by what was told: in the order of deciding, since it is told inside the lock.

    Fails if a chat was given while somebody else had it, or after it had ended.
    """
    now_with: dict[int, int] = {}
    ended: set[int] = set()
    for name, facts in ear.told:
        pk = facts["request"].pk if "request" in facts else 0
        assert pk not in ended
        if name == "request_assigned":
            assert now_with.get(pk) == key_of(facts["previous"])
            now_with[pk] = facts["operator"].pk
        elif name in ("request_requeued", "request_moved"):
            assert now_with.pop(pk, None) == key_of(facts.get("lost") or facts.get("previous"))
        elif name == "request_ended":
            now_with.pop(pk, None)
            ended.add(pk)
    return now_with


def key_of(user: User | None) -> int | None:
    return user.pk if user else None
