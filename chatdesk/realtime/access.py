"""Whether the people behind open sockets may still be here."""

from __future__ import annotations

from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.models import User
from accounts.permissions import opens
from chatdesk.protocol import Close

SignIn = tuple[str, int]  # session key, user id


def withdrawn(sign_ins: set[SignIn]) -> dict[SignIn, Close]:
    """The sign-ins that hold no longer, each with the code its sockets are closed with. Two queries."""
    keys = {key for key, _ in sign_ins}
    alive = set(
        Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now()).values_list("pk", flat=True)
    )
    users = User.objects.select_related("user_type").in_bulk({user_id for _, user_id in sign_ins})
    codes: dict[SignIn, Close] = {}
    for key, user_id in sign_ins:
        user = users.get(user_id)
        if key not in alive:
            codes[key, user_id] = Close.NOT_SIGNED_IN
        elif user is None or not user.is_active or not opens(user, "dashboard"):
            codes[key, user_id] = Close.WITHDRAWN
    return codes
