"""Coming and going, written into the audit log as Django tells it."""

from __future__ import annotations

from typing import Any

from axes.helpers import get_cool_off
from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from accounts.addresses import client_address
from accounts.audit import record
from accounts.models import AuditEntry, User, normal_email

LOCKED = "too many tries: locked for a while"
NO_ADDRESS = "(no e-mail address)"  # a person who types the password into the wrong field is not to find it in a log


@receiver(user_logged_in)
def on_signed_in(user: User, **kwargs: Any) -> None:
    record("sign_in", actor=user, on=user)


@receiver(user_logged_out)
def on_signed_out(user: User | None, **kwargs: Any) -> None:
    if isinstance(user, User):
        record("sign_out", actor=user, on=user)


@receiver(user_login_failed)
def on_refused(credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any) -> None:
    """While a lock lasts its further tries are not written down: nobody may fill the log by hammering at the door."""
    if not getattr(request, "axes_locked_out", False):
        _refused(credentials.get("username"), "these do not fit together")


@receiver(user_locked_out)
def on_locked_out(username: str | None, request: HttpRequest, **kwargs: Any) -> None:
    """Axes says it again with every try while the lock lasts."""
    since = timezone.now() - get_cool_off()
    recent = AuditEntry.objects.filter(action="sign_in.refused", reason=LOCKED, at__gt=since)
    if not recent.filter(object_name=_written_name(username), address=client_address(request)).exists():
        _refused(username, LOCKED)


def _refused(typed: object, reason: str) -> None:
    known = User.objects.filter(email=normal_email(str(typed or ""))).first()
    record("sign_in.refused", on=known, name=_written_name(typed), reason=reason)


def _written_name(typed: object) -> str:
    name = normal_email(str(typed or ""))
    return name if "@" in name else NO_ADDRESS
