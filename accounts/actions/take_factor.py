from __future__ import annotations

from django.db import transaction

from accounts.actions.password_mails import tell_factor_removed
from accounts.actions.second_factors import remove_all
from accounts.actions.sign_ins import end_sign_ins
from accounts.audit import record
from accounts.models import User


@transaction.atomic
def take_factor_away(user: User) -> None:
    """By an admin, for somebody who lost it. Sessions end, and the person is told: it may have been a trick."""
    remove_all(user)
    record("factor.remove", on=user, before={"second_factor": "all"})
    end_sign_ins(user, reason="second factor removed")
    tell_factor_removed(user)
