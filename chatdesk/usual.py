"""The user types that a desk begins with. An admin may change or delete each; none comes back by itself."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from accounts.actions.first_admin import EVERYTHING
from accounts.models import Scope, UserType

NOTHING_WITH_CHATS = dict.fromkeys(("answer", "take", "transfer", "close", "monitor"), Scope.NONE)
USER_TYPES: dict[str, dict[str, Any]] = {
    "Admin": EVERYTHING,
    "Operator": {},  # as the model has it: sees the chats of their groups, answers their own
    "Supervisor": {
        "see": Scope.ALL,
        "take": Scope.ALL,
        "transfer": Scope.ALL,
        "close": Scope.ALL,
        "store": Scope.ALL,
        "monitor": Scope.ALL,
        "contact": Scope.ALL,
        "whispers": True,
        "starts_unavailable": True,
    },
    "Compliance": {
        "opens_dashboard": False,
        "opens_transcripts": True,
        "see": Scope.ALL,
        "store": Scope.ALL,
        "export": Scope.ALL,
        "contact": Scope.ALL,
        "counts_for_presence": False,
        **NOTHING_WITH_CHATS,
    },
}


def user_type(name: str) -> UserType:
    """The usual user type of that name, made if missing."""
    return UserType.objects.get_or_create(name=name, defaults=USER_TYPES[name])[0]


@transaction.atomic
def make_usual_types() -> None:
    """All of them, on a desk that has no user type at all."""
    if not UserType.objects.exists():
        for name in USER_TYPES:
            user_type(name)
