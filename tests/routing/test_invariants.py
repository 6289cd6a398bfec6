"""Whatever happens in whatever order: no chat waits while a place is free, nobody is over the limit, no overtaking."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from routing import signals
from routing.actions import accept, arrive, end, enqueue, leave, renew, set_status, sweep, take, transfer
from routing.errors import RoutingError
from routing.holding import hold
from routing.models import Group, Membership, Policy, Presence, Request, State, Status
from tests.factories import make_group, make_hours, make_membership, make_operator, make_present, make_request
from tests.routing.oracle import abandoned, assert_sound, overloaded, queues, stuck

NAMES = ("anna", "ben", "cleo", "dora")
person = st.integers(0, len(NAMES) - 1)
any_group = st.integers(0, 2)
any_request = st.integers(0, 12)
settings_of_a_group = st.fixed_dictionaries(
    {
        "policy": st.sampled_from([Policy.FEWEST, Policy.ROUND_ROBIN]),
        "chat_limit": st.sampled_from([0, 0, 1, 3]),
        "pause_seconds": st.sampled_from([0, 0, 3600]),
        "accept_seconds": st.sampled_from([0, 30]),
    }
)


class Desk(RuleBasedStateMachine):
    """Two groups that assign by themselves and one by hand; everything is rolled back at the end."""

    def __init__(self) -> None:
        super().__init__()
        self.stage = transaction.atomic()
        self.stage.__enter__()
        signals.requests_given.connect(self.hear, weak=False)
        self.given: list[Request] = []

    def teardown(self) -> None:
        signals.requests_given.disconnect(self.hear)
        transaction.set_rollback(True)
        self.stage.__exit__(None, None, None)

    def hear(self, requests: list[Request], **_: Any) -> None:
        self.given.extend(requests)

    @initialize(limits=st.lists(st.sampled_from([None, 0, 1, 1, 2, 3]), min_size=12, max_size=12), first=person)
    def open(self, limits: list[int | None], first: int) -> None:
        """A limit for each person and group; None: not a member. One is here already, and some wait."""
        self.never = make_hours("Never")
        self.groups = [make_group("sales"), make_group("support"), make_group("pool", manual=True)]
        self.people = [make_operator(name) for name in NAMES]
        for number, limit in enumerate(limits):
            if limit is not None:
                make_membership(self.groups[number // 4], self.people[number % 4], limit=limit, priority=number % 2)
        arrive(self.people[first].pk)
        for group in (0, 1, 0, 1, 2, 0):
            enqueue(self.groups[group])

    def closed(self, group_id: int) -> bool:
        return Group.objects.filter(pk=group_id, hours=self.never).exists()

    def request(self, number: int) -> int:
        """One that is open, held ones first: what has ended is refused, which other tests say."""
        known = list(Request.objects.exclude(state=State.CLOSED).order_by("state", "pk").values_list("pk", flat=True))
        return known[number % len(known)] if known else 0

    # --- what people do ----------------------------------------------------------------------------------------------

    @rule(group=any_group, times=st.integers(1, 3))
    def ask(self, group: int, times: int) -> None:
        for _ in range(times):
            enqueue(self.groups[group])

    @rule(number=any_request)
    def finish(self, number: int) -> None:
        end(self.request(number))

    @rule(who=person)
    def come(self, who: int) -> None:
        arrive(self.people[who].pk)

    @rule(who=person)
    def go(self, who: int) -> None:
        leave(self.people[who].pk)

    @rule(who=person, status=st.sampled_from(Status))
    def say(self, who: int, status: Status) -> None:
        set_status(self.people[who].pk, status)

    @rule(who=person, back=st.booleans())
    def lose_the_line(self, who: int, back: bool) -> None:
        lapsed = timezone.now() - timedelta(seconds=1)
        Presence.objects.filter(user=self.people[who], is_here=True).update(lease_until=lapsed)
        if back:
            renew([self.people[who].pk])
        else:
            sweep()

    @rule(who=person, number=any_request)
    def pick_up(self, who: int, number: int) -> None:
        if Presence.objects.filter(user=self.people[who], is_here=True).exists():
            self.try_to(take, self.request(number), self.people[who])
        self.given.clear()  # by hand one may choose whom one likes

    @rule(who=person, number=any_request, group=any_group)
    def send_to_a_group(self, who: int, number: int, group: int) -> None:
        self.try_to(transfer, self.request(number), self.people[who], group=self.groups[group])

    @rule(who=person, number=any_request, to=person)
    def send_to_a_person(self, who: int, number: int, to: int) -> None:
        if who != to:
            self.try_to(transfer, self.request(number), self.people[who], operator=self.people[to])

    @rule(group=any_group, closed=st.booleans())
    def open_or_close(self, group: int, closed: bool) -> None:
        """A group opens, or its hours are over; nothing else tells routing so."""
        Group.objects.filter(pk=self.groups[group].pk).update(hours=self.never if closed else None)
        sweep()

    @rule(group=any_group, facts=settings_of_a_group)
    def change_the_settings(self, group: int, facts: dict[str, Any]) -> None:
        Group.objects.filter(pk=self.groups[group].pk).update(**facts)
        sweep()

    @rule(who=person)
    def rest(self, who: int) -> None:
        Presence.objects.filter(user=self.people[who]).update(given_at=None)
        sweep()

    @rule(who=person, near=st.booleans())
    def near_the_end_of_the_window(self, who: int, near: bool) -> None:
        until = timezone.now() + timedelta(hours=-1 if near else 1)
        Presence.objects.filter(user=self.people[who]).update(no_new_after=until)
        sweep()

    @rule(number=any_request, accepted=st.booleans())
    def begin_or_let_pass(self, number: int, accepted: bool) -> None:
        offered = Request.objects.filter(accept_by__isnull=False).order_by("pk").first()
        if offered and accepted:
            accept(offered.pk, offered.operator_id or 0)
        elif offered:
            Request.objects.filter(pk=offered.pk).update(accept_by=timezone.now() - timedelta(seconds=1))
            sweep()

    @rule(group=any_group, to=any_group)
    def overflow(self, group: int, to: int) -> None:
        target = None if group == to else self.groups[to]
        Group.objects.filter(pk=self.groups[group].pk).update(overflow_group=target, overflow_seconds=0)
        sweep()

    @rule(which=st.integers(0, 11))
    def raise_a_limit(self, which: int) -> None:
        Membership.objects.filter(user=self.people[which % 4], group=self.groups[which // 4]).update(chat_limit=3)
        sweep()

    def try_to(self, verb: Any, *words: Any, **more: Any) -> None:
        """A refusal changes nothing, says nothing."""
        rows = list(Request.objects.order_by("pk").values())
        try:
            verb(*words, **more)
        except RoutingError:
            assert list(Request.objects.order_by("pk").values()) == rows
            assert self.given == []

    # --- what must hold ----------------------------------------------------------------------------------------------

    @invariant()
    def sound(self) -> None:
        assert_sound()

    @invariant()
    def drained_in_the_order_of_arrival(self) -> None:
        """Whoever was given somebody, nobody of the same queue who came earlier still waits for that person."""
        waiting = queues()
        for given in self.given:
            earlier = [
                one
                for one in waiting.get(given.group_id, [])
                if (one.arrived_at, one.pk) < (given.arrived_at, given.pk)
                and one.given_by_id != given.operator_id
                and not self.closed(given.group_id)
            ]
            assert earlier == []
        self.given.clear()

    @invariant()
    def never_waited_twice_in_one_group(self) -> None:
        for request in Request.objects.exclude(overflowed_from=[]):
            assert len(set(request.overflowed_from)) == len(request.overflowed_from)

    @invariant()
    def whole(self) -> None:
        for request in Request.objects.exclude(state=State.CLOSED):
            assert (request.operator_id is not None) == (request.state == State.ACTIVE)
            offered = request.accept_by is not None
            assert request.waited_seconds is not None or offered or request.state == State.WAITING
            assert not offered or request.state == State.ACTIVE
            assert request.given_by_id is None or request.state == State.WAITING


@pytest.mark.django_db
def test_in_any_order_of_events() -> None:
    run_state_machine_as_test(
        Desk,
        settings=settings(
            max_examples=12,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate],  # making a failure shorter takes minutes with a database
        ),
    )


@pytest.mark.django_db
def test_the_judge_convicts() -> None:
    """One who never does proves nothing."""
    sales, pool = make_group("sales"), make_group("pool", manual=True)
    anna = make_operator("anna", sales, pool, limit=1)
    make_present(anna, seconds=60)
    by_hand, stuck_one = make_request(pool), make_request(sales)
    assert [str(stuck_one.pk) in complaint for complaint in stuck()] == [True]
    for request in (by_hand, stuck_one):
        hold(request, anna, timezone.now())
    assert (stuck(), overloaded(), abandoned()) == ([], [f"{anna.pk} holds 2 of 1"], [])
    make_present(anna, seconds=-1)
    assert sorted(abandoned()) == [by_hand.pk, stuck_one.pk]
