"""Short ways to write log-in rules for a user type, as an admin would."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from accounts.models import LoginWindow, SignIn, User, UserType

ELSEWHERE = "198.51.100.0/24"  # nobody of a test comes from there
HERE = "127.0.0.1"


def only_between(kind: UserType, start: datetime, end: datetime) -> LoginWindow:
    """One window a week, from one moment to another of the next 24 hours."""
    kind.windows.all().delete()
    zone = ZoneInfo(kind.zone)
    opens, closes = start.astimezone(zone), end.astimezone(zone)
    return LoginWindow.objects.create(
        user_type=kind, weekday=opens.weekday(), start=opens.time(), end=closes.time().replace(tzinfo=None)
    )


def closed_now(kind: UserType, opens_in: timedelta = timedelta(hours=2)) -> datetime:
    """The type's hours begin only then; returns that moment."""
    opens = timezone.now().replace(second=0, microsecond=0) + opens_in
    only_between(kind, opens, opens + timedelta(hours=1))
    return opens


def ends_in(kind: UserType, left: timedelta) -> datetime:
    """The type's hours began an hour ago and end after `left`; returns that moment."""
    end = timezone.now() + left
    only_between(kind, end - timedelta(hours=1) - max(left, timedelta()), end)
    return end


def only_from(kind: UserType, networks: str) -> None:
    kind.networks = networks
    kind.save(update_fields=["networks"])


def typed(user: User) -> UserType:
    """The type of somebody who has one, as it stands in the database."""
    kind = User.objects.select_related("user_type").get(pk=user.pk).user_type
    assert kind is not None
    return kind


def begun_earlier(user: User, started: timedelta, acted: timedelta) -> None:
    """The person's sessions began so long ago, and nothing was done for so long."""
    now = timezone.now()
    SignIn.objects.filter(user=user).update(started_at=now - started, acted_at=now - acted)
