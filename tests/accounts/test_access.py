"""access() alone: no database, no request. The rules one by one, then 100,000 cases against a slow model."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.access import Person, Session, access
from accounts.rules import networks
from accounts.windows import Window
from tests.accounts.clockwork import in_a_window

BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
HOME = "192.0.2.7"
MONDAY_NINE = datetime(2026, 11, 23, 9, tzinfo=BERLIN)
OFFICE = tuple(Window(day, time(8), time(17)) for day in range(5))


def at(text: str, zone: ZoneInfo = BERLIN, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold)


def session(started: datetime, acted: datetime | None = None, *, second: bool = False) -> Session:
    return Session(started, acted or started, second)


def office_person(**facts: object) -> Person:
    return Person(zone=BERLIN, windows=OFFICE, **facts)  # type: ignore[arg-type]


# --- who ---


def test_nothing_stands_in_the_way_of_a_person_without_rules() -> None:
    decision = access(Person(), HOME, MONDAY_NINE)
    assert (decision.allowed, decision.code, decision.until) == (True, "ok", None)


def test_who_is_switched_off_never_gets_in() -> None:
    person = Person(is_active=False, lifted_until=MONDAY_NINE + timedelta(hours=1))
    assert access(person, HOME, MONDAY_NINE).code == "inactive"
    assert not access(person, HOME, MONDAY_NINE).allowed


def test_without_a_type_a_person_is_let_in_and_told_so() -> None:
    decision = access(Person(has_type=False), HOME, MONDAY_NINE)
    assert (decision.allowed, decision.code) == (True, "no_type")


# --- hours ---


@pytest.mark.parametrize(
    ("moment", "allowed"),
    [
        ("2026-11-23T07:59:59.999999", False),
        ("2026-11-23T08:00", True),
        ("2026-11-23T16:59:59.999999", True),
        ("2026-11-23T17:00", False),
        ("2026-11-22T12:00", False),
    ],
)
def test_a_window_holds_its_start_and_not_its_end(moment: str, allowed: bool) -> None:
    decision = access(office_person(), HOME, at(moment))
    assert (decision.allowed, decision.code) == (allowed, "ok" if allowed else "hours")


def test_inside_a_window_its_end_is_known() -> None:
    decision = access(office_person(grace=timedelta(minutes=10)), HOME, MONDAY_NINE)
    assert decision.until == at("2026-11-23T17:00")
    assert decision.ends_at == at("2026-11-23T17:10")


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        ("2026-11-23T07:00", "2026-11-23T08:00"),
        ("2026-11-23T17:00", "2026-11-24T08:00"),
        ("2026-11-27T18:00", "2026-11-30T08:00"),
    ],
)
def test_outside_the_hours_the_next_opening_is_told(moment: str, opens: str) -> None:
    assert access(office_person(), HOME, at(moment)).opens_at == at(opens)


def test_a_window_may_end_after_midnight() -> None:
    night = Person(zone=BERLIN, windows=(Window(4, time(22), time(6)),))
    for moment, allowed in (
        ("2026-11-27T21:59", False),
        ("2026-11-27T23:00", True),
        ("2026-11-28T05:59", True),
        ("2026-11-28T06:00", False),
        ("2026-11-27T05:00", False),
    ):
        assert access(night, HOME, at(moment)).allowed is allowed, moment


def test_windows_that_touch_are_one() -> None:
    twice = Person(zone=BERLIN, windows=(Window(0, time(8), time(12)), Window(0, time(12), time(17))))
    assert access(twice, HOME, MONDAY_NINE).until == at("2026-11-23T17:00")


def test_whole_days_all_week_never_end() -> None:
    always = Person(zone=BERLIN, windows=tuple(Window(day, time(), time()) for day in range(7)))
    for day in range(1, 29):
        assert access(always, HOME, datetime(2026, 3, day, 13, tzinfo=BERLIN)).until is None
    assert access(always, HOME, MONDAY_NINE).allowed


def test_a_window_that_the_clocks_swallow_opens_a_week_later() -> None:
    swallowed = Person(zone=BERLIN, windows=(Window(6, time(2, 30), time(3, 15)),))
    decision = access(swallowed, HOME, at("2026-03-29T01:00"))
    assert (decision.allowed, decision.opens_at) == (False, at("2026-04-05T02:30"))


# --- the two nights on which clocks change ---


def test_a_start_that_does_not_exist_is_moved_forward() -> None:
    person = Person(zone=BERLIN, windows=(Window(6, time(2, 30), time(6)),))
    assert not access(person, HOME, at("2026-03-29T03:29")).allowed
    assert access(person, HOME, at("2026-03-29T03:30")).allowed


def test_an_end_that_does_not_exist_is_moved_forward() -> None:
    person = Person(zone=NEW_YORK, windows=(Window(5, time(22), time(2, 30)),))
    assert access(person, HOME, at("2026-03-08T03:29", NEW_YORK)).allowed
    assert not access(person, HOME, at("2026-03-08T03:30", NEW_YORK)).allowed


def test_of_a_time_that_comes_twice_a_start_is_the_first() -> None:
    person = Person(zone=BERLIN, windows=(Window(6, time(2, 30), time(6)),))
    assert not access(person, HOME, at("2026-10-25T02:29")).allowed
    assert access(person, HOME, at("2026-10-25T02:30")).allowed
    assert access(person, HOME, at("2026-10-25T02:10", fold=1)).allowed


def test_of_a_time_that_comes_twice_an_end_is_the_second() -> None:
    person = Person(zone=NEW_YORK, windows=(Window(5, time(20), time(1, 30)),))
    assert access(person, HOME, at("2026-11-01T01:45", NEW_YORK)).allowed
    assert access(person, HOME, at("2026-11-01T01:29", NEW_YORK, fold=1)).allowed
    assert not access(person, HOME, at("2026-11-01T01:30", NEW_YORK, fold=1)).allowed


# --- addresses ---


@pytest.mark.parametrize(
    ("rule", "address", "allowed"),
    [
        ("192.0.2.0/24", "192.0.2.255", True),
        ("192.0.2.0/24", "192.0.3.0", False),
        ("192.0.2.7", "192.0.2.7", True),
        ("192.0.2.0/24", "::ffff:192.0.2.9", True),
        ("192.0.2.0/24", "::ffff:c000:0209", True),
        ("::ffff:192.0.2.0/120", "192.0.2.9", True),
        ("2001:db8::/32", "2001:db8:1::5", True),
        ("2001:db8::/32", "2001:db9::5", False),
        ("2001:db8::/32", "192.0.2.9", False),
        ("198.51.100.0/24\n\n  2001:db8::/32  ", "2001:db8::1%eth0", True),
        ("192.0.2.0/24", "", False),
        ("192.0.2.0/24", "unknown", False),
        ("", "", True),
    ],
)
def test_networks_say_from_where(rule: str, address: str, allowed: bool) -> None:
    decision = access(Person(networks=networks(rule)), address, MONDAY_NINE)
    assert (decision.allowed, decision.code) == (allowed, "ok" if allowed else "address")


# --- sessions ---


def test_a_session_ends_when_nothing_is_done() -> None:
    def code(minutes: int) -> str:
        one = session(MONDAY_NINE, MONDAY_NINE + timedelta(minutes=30))
        person = Person(idle=timedelta(minutes=60), session=one)
        return access(person, HOME, MONDAY_NINE + timedelta(minutes=minutes)).code

    assert (code(89), code(90)) == ("ok", "idle")


def test_a_session_ends_however_busy() -> None:
    later = MONDAY_NINE + timedelta(hours=12)
    person = Person(idle=timedelta(hours=1), longest=timedelta(hours=12), session=session(MONDAY_NINE, later))
    assert access(person, HOME, later - timedelta(seconds=1)).code == "ok"
    assert access(person, HOME, later).code == "expired"


def test_the_second_factor_counts_for_a_session_only() -> None:
    person = Person(needs_second_factor=True)
    assert access(person, HOME, MONDAY_NINE).allowed
    for shown, code in ((False, "second_factor"), (True, "ok")):
        inside = Person(needs_second_factor=True, session=session(MONDAY_NINE, second=shown))
        assert access(inside, HOME, MONDAY_NINE).code == code


# --- grace and break-glass ---


@pytest.mark.parametrize(
    ("moment", "started", "code"),
    [
        ("2026-11-23T17:09", "2026-11-23T16:00", "ok"),
        ("2026-11-23T17:10", "2026-11-23T16:00", "hours"),
        ("2026-11-23T17:05", None, "hours"),
        ("2026-11-23T17:05", "2026-11-23T17:00", "hours"),
    ],
)
def test_grace_is_for_who_was_there(moment: str, started: str | None, code: str) -> None:
    kept = session(at(started)) if started else None
    decision = access(office_person(grace=timedelta(minutes=10), session=kept), HOME, at(moment))
    assert decision.code == code
    if code == "ok":
        assert (decision.until, decision.ends_at) == (at("2026-11-23T17:00"), at("2026-11-23T17:10"))


def test_lifted_rules_hold_for_their_time_only() -> None:
    sunday = at("2026-11-22T12:00")
    lifted = office_person(
        networks=networks("198.51.100.1"),
        needs_second_factor=True,
        session=session(sunday),
        lifted_until=sunday + timedelta(hours=1),
    )
    assert access(lifted, HOME, sunday).allowed
    assert access(lifted, HOME, sunday + timedelta(hours=1)).code == "address"


# --- many cases ---

NIGHTS = [date(2026, 3, 29), date(2026, 10, 25), date(2026, 3, 8), date(2026, 11, 1)]
ZONES = ["Europe/Berlin", "America/New_York"]
CASES = 100_000


def clock(random: Random) -> time:
    """Often in the hours in which clocks change."""
    hour = random.choice((0, 1, 2, 3, 4, random.randrange(24)))
    return time(hour, random.choice((0, 15, 30, 45)))


def week(random: Random) -> tuple[Window, ...]:
    days = (random.choice((5, 6, 6, 0, random.randrange(7))) for _ in range(random.randint(1, 4)))
    return tuple(Window(day, clock(random), clock(random)) for day in days)


def moments(random: Random, count: int) -> list[datetime]:
    """Around one of the nights, on a quarter of an hour or one second beside it."""
    midnight = datetime.combine(random.choice(NIGHTS), time(), UTC)
    quarters = (random.randrange(-6 * 4, 12 * 4) for _ in range(count))
    return [midnight + timedelta(minutes=15 * q, seconds=random.choice((-1, 0, 0, 1))) for q in quarters]


def test_a_hundred_thousand_cases_agree_with_a_clock_on_the_wall() -> None:
    random, tried, opened = Random(20261122), 0, 0
    while tried < CASES:
        zone, windows = random.choice(ZONES), week(random)
        person = Person(zone=ZoneInfo(zone), windows=windows)
        for now in moments(random, 50):
            decision = access(person, HOME, now)
            expected = in_a_window(windows, zone, now)
            assert decision.allowed is expected, (zone, windows, now)
            assert decision.until is None or now < decision.until
            assert decision.opens_at is None or now < decision.opens_at
            tried, opened = tried + 1, opened + expected
    assert CASES / 5 < opened < 4 * CASES / 5


def test_what_is_said_about_later_comes_true() -> None:
    random = Random(7)
    second = timedelta(seconds=1)
    for _ in range(2_000):
        person = Person(zone=ZoneInfo(random.choice(ZONES)), windows=week(random))
        now = moments(random, 1)[0]
        decision = access(person, HOME, now)
        if decision.until:
            assert access(person, HOME, decision.until - second).allowed
            assert not access(person, HOME, decision.until).allowed
        elif decision.opens_at:
            assert access(person, HOME, decision.opens_at).allowed
            assert not access(person, HOME, decision.opens_at - second).allowed


@given(st.booleans(), st.booleans(), st.booleans(), st.integers(0, 5_000))
def test_it_always_answers_the_same(active: bool, typed: bool, factor: bool, hours: int) -> None:
    now = MONDAY_NINE + timedelta(hours=hours)
    person = office_person(is_active=active, has_type=typed, needs_second_factor=factor, session=session(now))
    assert access(person, HOME, now) == access(person, HOME, now.astimezone(NEW_YORK))
    assert active or not access(person, HOME, now).allowed
