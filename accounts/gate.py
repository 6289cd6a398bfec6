"""The question at every door, asked of what stands in the database: may this person be signed in, from there, now?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import prefetch_related_objects
from django.utils import timezone

from accounts.access import Person, Session, access
from accounts.decision import Decision
from accounts.models import SignIn, User, UserType
from accounts.rules import networks
from accounts.windows import Window

ENDING = timedelta(minutes=5)  # before the end of a window: people are told, and given no new chats


def decide(user: User, address: str, now: datetime | None = None, session: SignIn | None = None) -> Decision:
    """Whether this person may be signed in; `session` is the one they have, None at the sign-in form."""
    return access(person_of(user, session), address, now or timezone.now())


def no_new_chats_after(decision: Decision) -> datetime | None:
    """From when on a person is given no new chats, because the log-in window ends. None: no such moment."""
    return None if decision.until is None else decision.until - ENDING


def with_rules(users: Iterable[User]) -> None:
    """Load what `decide` asks of these people in two queries for all."""
    prefetch_related_objects(list(users), "user_type__windows")


def person_of(user: User, session: SignIn | None = None) -> Person:
    kept = _session(session) if session else None
    if user.user_type is None:
        return Person(user.is_active, user.is_superuser, lifted_until=user.rules_lifted_until, session=kept)
    return _typed(user, user.user_type, kept)


def _typed(user: User, kind: UserType, session: Session | None) -> Person:
    return Person(
        is_active=user.is_active,
        zone=ZoneInfo(kind.zone),
        windows=tuple(Window(each.weekday, each.start, each.end) for each in kind.windows.all()),
        networks=networks(kind.networks),
        grace=timedelta(minutes=kind.grace_minutes),
        idle=timedelta(minutes=kind.idle_minutes) or None,
        longest=timedelta(hours=kind.session_hours) or None,
        needs_second_factor=kind.needs_second_factor,
        lifted_until=user.rules_lifted_until,
        session=session,
    )


def _session(sign_in: SignIn) -> Session:
    return Session(sign_in.started_at, sign_in.acted_at, sign_in.second_factor_at is not None)
