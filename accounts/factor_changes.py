"""What follows when somebody's second factor changes: it is written down, and every other session ends."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest

from accounts.actions.sign_ins import end_sign_ins
from accounts.audit import record
from accounts.models import User


@transaction.atomic
def changed(request: HttpRequest, user: User, what: str, *, added: bool) -> None:
    """`what`: app, passkey, recovery codes. The session that changed it goes on."""
    facts = {"second_factor": what}
    if added:
        record("factor.add", actor=user, on=user, after=facts)
    else:
        record("factor.remove", actor=user, on=user, before=facts)
    end_sign_ins(user, but=request.session.session_key, reason="second factor changed")
