"""Whether a person may be signed in, from an address, at a moment: pure, so that every rule can be tried by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from accounts.addresses import Network, parse
from accounts.decision import UTC, Code, Decision
from accounts.windows import Window, last_closing, next_opening, open_until


@dataclass(frozen=True, slots=True)
class Session:
    """A sign-in that exists already. All times are aware."""

    started_at: datetime
    acted_at: datetime
    has_second_factor: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """What counts of a person and their user type. No windows: at any time. No networks: from anywhere."""

    is_active: bool = True
    has_type: bool = True
    zone: ZoneInfo = UTC
    windows: tuple[Window, ...] = ()
    networks: tuple[Network, ...] = ()
    grace: timedelta = timedelta()
    idle: timedelta | None = None
    longest: timedelta | None = None
    needs_second_factor: bool = False
    lifted_until: datetime | None = None
    session: Session | None = None


def access(person: Person, address: str, now: datetime) -> Decision:
    """May they be signed in? `address` is the client's, resolved; `now` is aware.

    Without a session it is the question of the sign-in form: grace, idleness and the second factor don't count yet.
    """
    if not person.is_active:
        return Decision(False, "inactive", zone=person.zone)
    lifted = person.lifted_until is not None and now < person.lifted_until
    if not lifted and not _address_fits(person, address):
        return Decision(False, "address", zone=person.zone)
    hours = Decision(True, "ok", zone=person.zone) if lifted else _hours(person, now)
    if not hours.allowed:
        return hours
    code = _session_ends(person, now, lifted=lifted)
    if code != "ok":
        return Decision(False, code, hours.until, hours.ends_at, zone=person.zone)
    return hours if person.has_type else Decision(True, "no_type", zone=person.zone)


def _address_fits(person: Person, address: str) -> bool:
    if not person.networks:
        return True
    known = parse(address)
    return known is not None and any(known in network for network in person.networks)


def _hours(person: Person, now: datetime) -> Decision:
    if not person.windows:
        return Decision(True, "ok", zone=person.zone)
    span = open_until(person.windows, person.zone, now)
    if span.is_open:
        ends_at = None if span.until is None else span.until + person.grace
        return Decision(True, "ok", span.until, ends_at, zone=person.zone)
    return _in_grace(person, now) or Decision(
        False, "hours", opens_at=next_opening(person.windows, person.zone, now), zone=person.zone
    )


def _in_grace(person: Person, now: datetime) -> Decision | None:
    """Who was signed in when the window ended has some minutes more, to finish."""
    if person.session is None or not person.grace:
        return None
    ended = last_closing(person.windows, person.zone, now)
    if ended is None or person.session.started_at >= ended or now >= ended + person.grace:
        return None
    return Decision(True, "ok", ended, ended + person.grace, zone=person.zone)


def _session_ends(person: Person, now: datetime, *, lifted: bool) -> Code:
    session = person.session
    if session is None:
        return "ok"
    if person.longest is not None and now >= session.started_at + person.longest:
        return "expired"
    if person.idle is not None and now >= session.acted_at + person.idle:
        return "idle"
    if person.needs_second_factor and not session.has_second_factor and not lifted:
        return "second_factor"
    return "ok"
