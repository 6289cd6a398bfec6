"""What follows when somebody's second factor changes: every other session of that person ends."""

from __future__ import annotations

from django.http import HttpRequest

from accounts.models import User
from accounts.signals import access_changed


def changed(request: HttpRequest, user: User, what: str, *, added: bool) -> None:
    access_changed.send(sender=User, user_id=user.pk)
