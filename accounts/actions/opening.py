"""Break-glass: when the rules shut everybody out, whoever has the console lets one person in."""

from __future__ import annotations

from datetime import timedelta

from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.audit import record
from accounts.models import DirectoryIdentity, User, normal_email
from accounts.signals import access_changed

SALT = "accounts.opening"
LONGEST = timedelta(hours=24)


class NotPossible(Exception):
    """There is no such person, or an admin switched them off."""


@transaction.atomic
def open_access(email: str, lasting: timedelta) -> str:
    """Lift log-in hours, networks and second factor for this person for so long (at most a day).

    Whom a directory switched off is switched on, and left alone by it for that time. Answers the path of a page that
    signs them in once, within that time. Recorded as `access.opened`. Raises NotPossible.
    """
    user = User.objects.select_for_update().filter(email=normal_email(email)).first()
    if user is None or not (user.is_active or _given_back(user)):
        raise NotPossible
    switched_on = {} if user.is_active else {"is_active": True}
    user.is_active, user.rules_lifted_until = True, timezone.now() + min(lasting, LONGEST)
    user.save(update_fields=["is_active", "rules_lifted_until"])
    facts = {"until": user.rules_lifted_until, **switched_on}
    record("access.opened", actor=user, on=user, after=facts, reason="from the console")
    access_changed.send(sender=User, user_id=user.pk)
    return reverse("accounts:opening", args=[signing.dumps(_proof(user), salt=SALT)])


def _given_back(user: User) -> bool:
    """Whether it was a directory that switched this person off; it no longer counts as that."""
    return bool(DirectoryIdentity.objects.filter(user=user).exclude(withdrawn="").update(withdrawn=""))


def opened_for(token: str) -> User | None:
    """Whom a link signs in; None once it was used, its time is over, or the person was switched off."""
    try:
        proof = signing.loads(token, salt=SALT, max_age=LONGEST)
    except signing.BadSignature:
        return None
    user = User.objects.select_related("user_type").filter(pk=proof["user"], is_active=True).first()
    if user is None or user.rules_lifted_until is None or user.rules_lifted_until <= timezone.now():
        return None
    return user if proof == _proof(user) else None


def _proof(user: User) -> dict[str, object]:
    """Changes with every sign-in, every new password and every later opening: so the link works once."""
    until, last = user.rules_lifted_until, user.last_login
    return {
        "user": user.pk,
        "until": until.isoformat() if until else "",
        "last": last.isoformat() if last else "",
        "key": user.get_session_auth_hash()[:16],
    }
