"""Sessions of people: begun, kept alive by what the person does, and ended."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from accounts.addresses import client_address
from accounts.audit import record
from accounts.models import SignIn, User
from accounts.second_factor import VERIFIED_AT
from accounts.signals import access_changed

KEY = "sign_in"  # in the session: which row is its own, whatever key it has by now
NOTED_EVERY = timedelta(minutes=1)
KEPT_COOKIE = timedelta(days=365)  # when the type sets no longest session


def begin(request: HttpRequest, user: User) -> SignIn:
    """Note the session that a sign-in has just begun. It lasts as long as the user type allows at most."""
    hours = user.user_type.session_hours if user.user_type else 0
    request.session.set_expiry(timedelta(hours=hours) or KEPT_COOKIE)
    if request.session.session_key is None:
        request.session.create()
    facts = {
        "user": user,
        "address": client_address(request),
        "user_agent": request.META.get("HTTP_USER_AGENT", "")[:300].replace("\x00", ""),
        "started_at": timezone.now(),
        "acted_at": timezone.now(),
        "second_factor_at": None,
    }
    begun, _made = SignIn.objects.update_or_create(session_key=request.session.session_key, defaults=facts)
    request.session[KEY] = begun.pk
    return begun


def find(session: SessionBase, user: User) -> SignIn | None:
    """The row of a session (Django's store) of this person; None when it was ended. Notes a second factor shown."""
    kept = session.get(KEY)
    found = SignIn.objects.filter(pk=kept, user=user).first() if kept else None
    if found and found.second_factor_at is None and session.get(VERIFIED_AT):
        found.second_factor_at = timezone.now()
        found.save(update_fields=["second_factor_at"])
    return found


def follow(session: SessionBase) -> None:
    """The session goes on under another key, as after a new password."""
    key = session.session_key
    if key and session.get(KEY):
        SignIn.objects.filter(pk=session[KEY]).exclude(session_key=key).update(session_key=key)


def note_deed(sign_in_id: int, now: datetime | None = None) -> bool:
    """The person did something themselves. Written at most once a minute; whether it was."""
    now = now or timezone.now()
    return SignIn.objects.filter(pk=sign_in_id, acted_at__lt=now - NOTED_EVERY).update(acted_at=now) == 1


@transaction.atomic
def end_sign_ins(user: User, *, but: str | None = None, reason: str = "") -> int:
    """End this person's sessions, all or all `but` the one with that key; how many. Their sockets close at once."""
    ending = SignIn.objects.filter(user=user)
    return _end(user, [one for one in ending if one.session_key != but], reason)


@transaction.atomic
def end_sign_in(sign_in: SignIn, *, reason: str = "") -> bool:
    """End one session; False if somebody else did."""
    return _end(sign_in.user, list(SignIn.objects.filter(pk=sign_in.pk)), reason) == 1


def sweep_sign_ins() -> int:
    """Forget rows whose session has run out by itself. Safe to repeat."""
    alive = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    old = SignIn.objects.filter(started_at__lt=timezone.now() - NOTED_EVERY).exclude(session_key__in=alive)
    return old.delete()[0]


def _end(user: User, ending: list[SignIn], reason: str) -> int:
    keys = [one.session_key for one in ending]
    Session.objects.filter(session_key__in=keys).delete()
    ended, _each = SignIn.objects.filter(pk__in=[one.pk for one in ending]).delete()
    if ended:
        record("session.end", on=user, after={"sessions": ended}, reason=reason)
        access_changed.send(sender=SignIn, user_id=user.pk)
    return ended
