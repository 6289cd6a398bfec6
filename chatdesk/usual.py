"""The user types that a desk begins with. An admin may change or delete each; none comes back by itself."""

from __future__ import annotations

from django.db import transaction

from accounts.actions.first_admin import EVERYTHING
from accounts.models import Scope, UserType

NOTHING_WITH_CHATS = dict.fromkeys(("answer", "take", "transfer", "close"), Scope.NONE)
USER_TYPES: dict[str, dict[str, bool | Scope]] = {
    "Admin": EVERYTHING,
    "Operator": {},  # as the model has it: sees the chats of their groups, answers their own
    "Supervisor": {
        "opens_transcripts": True,
        "see": Scope.ALL,
        "take": Scope.ALL,
        "transfer": Scope.ALL,
        "close": Scope.ALL,
    },
    "Compliance": {
        "opens_dashboard": False,
        "opens_transcripts": True,
        "see": Scope.ALL,
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
