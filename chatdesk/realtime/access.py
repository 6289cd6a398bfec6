"""Whether the people behind open sockets may still be here."""

from __future__ import annotations

from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from accounts.models import User
from accounts.permissions import opens
from chatdesk.protocol import Close

SignIn = tuple[str, int]  # session key, user id


def withdrawn(sign_ins: set[SignIn]) -> dict[SignIn, Close]:
    """The sign-ins that hold no longer, each with the code its sockets are closed with. Two queries."""
    sessions = Session.objects.filter(session_key__in={key for key, _ in sign_ins}, expire_date__gt=timezone.now())
    proofs = {session.pk: session.get_decoded().get(HASH_SESSION_KEY, "") for session in sessions}
    users = User.objects.select_related("user_type").in_bulk({user_id for _, user_id in sign_ins})
    codes: dict[SignIn, Close] = {}
    for key, user_id in sign_ins:
        user = users.get(user_id)
        if user is None or not user.is_active or not opens(user, "dashboard"):
            codes[key, user_id] = Close.WITHDRAWN
        # A session made with another password than today's is worth nothing (django.contrib.auth.get_user).
        elif key not in proofs or not constant_time_compare(proofs[key], user.get_session_auth_hash()):
            codes[key, user_id] = Close.NOT_SIGNED_IN
    return codes
