"""How much somebody may send: never more than the bucket and the minutes allow, whoever asks and however often."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from chatdesk import buckets
from chatdesk.buckets import Bucket, Buckets
from chatdesk.pace import check
from chatdesk.protocol import Code, Refused
from chatdesk.quietlog import quiet

pytestmark = pytest.mark.once


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(buckets, "time", clock)
    return clock


@examples(max_examples=100)
@given(
    size=st.integers(1, 20),
    per_minute=st.integers(1, 120),
    waits=st.lists(st.floats(0, 30, allow_nan=False), min_size=1, max_size=60),
)
def test_never_more_than_the_bucket_and_what_ran_in(size: int, per_minute: int, waits: list[float]) -> None:
    clock = Clock()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(buckets, "time", clock)
        bucket, began, taken = Bucket(size, per_minute), clock.now, 0
        for wait in waits:
            clock.now += wait
            taken += bucket.take()
            assert taken <= size + (clock.now - began) * per_minute / 60 + 1e-6
    assert taken >= min(size, len(waits))


def test_an_empty_bucket_fills_with_time_and_no_further_than_it_holds(clock: Clock) -> None:
    paces = Buckets(3, 60)
    assert [paces.take("a") for _ in range(4)] == [True, True, True, False]
    clock.now += 0.9
    assert not paces.take("a")
    clock.now += 0.2
    assert paces.take("a")
    clock.now += 3600
    assert [paces.take("a") for _ in range(4)] == [True, True, True, False]


def test_trying_while_it_is_empty_does_not_lengthen_the_wait(clock: Clock) -> None:
    paces = Buckets(1, 6)
    assert paces.take("a")
    for _ in range(99):
        clock.now += 0.1
        assert not paces.take("a")
    clock.now += 0.2
    assert paces.take("a")


def test_many_threads_at_once_share_one_count(clock: Clock) -> None:
    paces = Buckets(50, 1)
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda _n: paces.take("a"), range(400)))
    assert sum(taken) == 50


def test_who_is_remembered_is_who_came_last(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(buckets, "REMEMBERED", 2)
    paces = Buckets(1, 0.001)
    assert paces.take("a")
    assert paces.take("b")
    assert not paces.take("a")  # and so used later than b
    assert paces.take("c")
    assert not paces.take("a")
    assert paces.take("b")


def test_keys_of_different_kinds_are_different_people(clock: Clock) -> None:
    paces = Buckets(1, 0.001)
    assert all(paces.take(key) for key in (1, "1", ("1",), None, ""))
    assert not paces.take("1")


def test_cleared_is_as_new(clock: Clock) -> None:
    paces = Buckets(1, 0.001)
    paces.take("a")
    paces.clear()
    assert paces.take("a")


def test_a_refusal_says_that_trying_again_helps(clock: Clock) -> None:
    paces = Buckets(1, 0.001)
    check(paces, "a")
    with pytest.raises(Refused, match="wait") as refused:
        check(paces, "a")
    assert (refused.value.code, refused.value.retry) == (Code.RATE, True)


def test_without_limits_nobody_is_held_up(clock: Clock, settings: Settings) -> None:
    settings.LIMITS = False
    paces = Buckets(1, 0.001)
    assert all(paces.take("a") for _ in range(50))
    settings.LIMITS = True
    assert not paces.take("a")


# --- the log ---------------------------------------------------------------------------------------------------------

NAMES = st.text("abcdefghijklmnopqrstuvwxyzäöü0123456789.+_-", min_size=1, max_size=20)
HOSTS = st.text("abcdefghijklmnopqrstuvwxyzé0123456789-", min_size=1, max_size=20)
ENDINGS = st.sampled_from(["com", "de", "test", "museum", "co.uk", "例え"])
AROUND = st.text(st.sampled_from(" <>()[]'\",;:=|\n\t"), max_size=3)


@examples(max_examples=200)
@given(parts=st.tuples(NAMES, st.sampled_from(["@", "%40"]), HOSTS, st.just("."), ENDINGS), before=AROUND, after=AROUND)
def test_x09_no_address_stays_in_a_line_whatever_stands_around_it(
    parts: tuple[str, ...], before: str, after: str
) -> None:
    line = f"refused{before} {''.join(parts)}{after} twice"
    assert quiet(line) == f"refused{before} [address]{after} twice"


@examples(max_examples=200)
@given(line=st.text(max_size=120))
def test_a_line_is_made_quiet_once(line: str) -> None:
    assert quiet(quiet(line)) == quiet(line)


@examples(max_examples=100)
@given(
    token=st.text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-", min_size=16, max_size=64),
    path=st.sampled_from(["/return/", "/accounts/opening/", "/accounts/first-run/", "/accounts/password/set/MQ/"]),
)
def test_a_path_that_is_a_password_is_never_written_whole(token: str, path: str) -> None:
    assert token not in quiet(f'"GET {path}{token}/ HTTP/1.1" 404')
