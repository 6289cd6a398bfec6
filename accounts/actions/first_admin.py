from __future__ import annotations

from typing import Any

from django.db import transaction

from accounts.audit import record
from accounts.models import Scope, User, UserType

NAME = "Admin"
EVERYTHING: dict[str, Any] = {
    "opens_dashboard": True,
    "opens_transcripts": False,  # who sets the desk up does not also read, hold and destroy its records
    "opens_admin": True,
    "see": Scope.ALL,
    "answer": Scope.ALL,
    "take": Scope.ALL,
    "transfer": Scope.ALL,
    "close": Scope.ALL,
    "store": Scope.ALL,
    "export": Scope.ALL,
    "monitor": Scope.ALL,
    "contact": Scope.ALL,
    "whispers": True,
    "counts_for_presence": False,
}


class AlreadyThere(Exception):
    """Somebody can sign in already, so nobody becomes admin by a link."""


@transaction.atomic
def make_first_admin(email: str, display_name: str, password: str) -> User:
    """The first person of the desk. Raises AlreadyThere; of two at once, one wins: the type's row is the lock."""
    kind, _made = UserType.objects.get_or_create(name=NAME, defaults=EVERYTHING)
    UserType.objects.select_for_update().get(pk=kind.pk)
    if User.objects.exists():
        raise AlreadyThere
    admin = User.objects.create_user(email, password, display_name=display_name, user_type=kind)
    record("setting.add", actor=admin, on=admin, after={"user_type": NAME}, reason="the first person of the desk")
    return admin
