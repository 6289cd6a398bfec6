"""P1, P3 and P8 in any order: holds come and go, policies change, days pass, chats go on, people bring back."""

from __future__ import annotations

import contextlib
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from chatdesk.models import Conversation
from chatdesk.protocol import Refused
from tests.factories import Cast, make_conversation, make_entry
from tests.transcripts.retention.conftest import Court
from tests.transcripts.retention.stage import age, policy
from transcripts.actions import quarantine
from transcripts.actions.destroying.ending import destroy
from transcripts.actions.retaining.running import run
from transcripts.models import Disposition, RetentionClock, RetentionPolicy, Tombstone

CHATS = 3
which = st.integers(0, CHATS - 1)
events = st.lists(
    st.one_of(
        st.tuples(st.just("days"), st.integers(1, 45)),
        st.tuples(st.just("hold"), which),
        st.tuples(st.just("release"), which),
        st.tuples(st.just("policy"), st.sampled_from([20, 60, 400])),
        st.tuples(st.just("reopen"), which),
        st.tuples(st.just("restore"), which),
        st.tuples(st.just("again"), which),
    ),
    min_size=3,
    max_size=10,
)


class Played(Exception):
    """The end of an example: everything is taken back."""


class Story:
    def __init__(self, cast: Cast, court: Court, cora: User) -> None:
        self.court, self.cora, self.now = court, cora, timezone.now()
        self.chats = [make_conversation(cast.sales_button, closed=True) for _ in range(CHATS)]
        for number, chat in enumerate(self.chats):
            make_entry(chat)
            age(chat, 10 + 30 * number)
        self.rule = policy(delete_days=30)
        self.kept: dict[int, datetime] = {}

    def play(self, event: str, value: int) -> None:
        getattr(self, event)(value)

    def days(self, count: int) -> None:
        self.now += timedelta(days=count)
        RetentionClock.objects.update(seen_at=self.now)
        run(self.now)
        self.check()

    def hold(self, number: int) -> None:
        if Conversation.objects.filter(pk=self.chats[number].pk).exists():
            self.court.holds.add(self.chats[number].pk)

    def release(self, number: int) -> None:
        self.court.holds.discard(self.chats[number].pk)

    def policy(self, count: int) -> None:
        RetentionPolicy.objects.filter(pk=self.rule.pk).update(delete_days=count)

    def reopen(self, number: int) -> None:
        rows = Conversation.objects.filter(pk=self.chats[number].pk)
        rows.update(closed_at=self.now, last_at=self.now, hidden_at=None)

    def restore(self, number: int) -> None:
        found = Disposition.objects.filter(conversation=self.chats[number].pk, state="quarantined").first()
        if found is not None:
            with contextlib.suppress(Refused):
                quarantine.restore(self.cora, found.pk, "still needed", 40)

    def again(self, number: int) -> None:
        for pk in Disposition.objects.filter(ref=self.chats[number].ref).values_list("pk", flat=True):
            destroy(pk, self.now)

    def check(self) -> None:
        refs = {chat.ref for chat in self.chats}
        there = set(Conversation.objects.filter(ref__in=refs).values_list("ref", flat=True))
        gone = set(Tombstone.objects.filter(ref__in=refs).values_list("ref", flat=True))
        assert there | gone == refs
        assert not there & gone
        held = {chat.ref for chat in self.chats if chat.pk in self.court.holds}
        assert held <= there
        hidden = Conversation.objects.filter(hidden_at__isnull=False).values_list("ref", flat=True)
        alive = Disposition.objects.filter(state__in=("quarantined", "destroying", "pending"))
        assert set(hidden) == set(alive.values_list("ref", flat=True))
        assert not held & set(hidden)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(events)
def test_p1_p3_p8_whatever_happens_in_between(
    cast: Cast, court: Court, cora: User, told: list[tuple[str, int]]
) -> None:
    court.holds.clear()
    with pytest.raises(Played):
        play_out(cast, court, cora, told)


@transaction.atomic
def play_out(cast: Cast, court: Court, cora: User, told: list[tuple[str, int]]) -> None:
    story = Story(cast, court, cora)
    for event, value in told:
        story.play(event, value)
    story.days(1)
    story.days(45)
    raise Played
