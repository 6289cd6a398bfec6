"""A sign-in between its two steps: the password was right, and nobody is signed in yet."""

from __future__ import annotations

import time
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from accounts.models import User

KEY = "second_step"
SECONDS = 600


@dataclass(frozen=True)
class Pending:
    user: User
    target: str  # where to go once signed in: a path of this site, checked before


def hold(request: HttpRequest, user: User, target: str) -> None:
    """Remember who is at the second step, in a session with a new key and nothing of whoever was here before."""
    request.session.flush()
    kept = {"user": user.pk, "hash": user.get_session_auth_hash(), "target": target, "at": time.time()}
    request.session[KEY] = kept


def pending(request: HttpRequest) -> Pending | None:
    """Who is at the second step here. None after ten minutes, a changed password, or being switched off."""
    kept = request.session.get(KEY)
    if not kept or not 0 <= time.time() - kept["at"] <= SECONDS:
        return None
    user = User.objects.select_related("user_type").filter(pk=kept["user"], is_active=True).first()
    if user is None or not constant_time_compare(kept["hash"], user.get_session_auth_hash()):
        return None
    return Pending(user, kept["target"])


def let_go(request: HttpRequest) -> None:
    request.session.pop(KEY, None)
