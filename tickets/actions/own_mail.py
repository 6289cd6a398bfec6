"""What people of the desk set about their own mail."""

from __future__ import annotations

from django.db import transaction

from accounts.audit import record
from accounts.models import User
from tickets.models import OperatorMail, SmtpAccount


def own_mail(user: User) -> OperatorMail:
    """Theirs; not stored while they never set anything."""
    return OperatorMail.objects.filter(user=user).first() or OperatorMail(user=user)


def own_server(user: User) -> SmtpAccount:
    """Theirs, or a new one that is not stored."""
    return SmtpAccount.objects.filter(user=user).first() or SmtpAccount(user=user)


@transaction.atomic
def keep(user: User, row: OperatorMail | SmtpAccount) -> None:
    """Store it and note that it changed, never what it says."""
    row.user = user
    row.save()
    record("mail.own", actor=user, on=user, after={"what": row._meta.model_name})


@transaction.atomic
def remove_server(user: User) -> bool:
    """Back to the group's and the desk's ways out; False if there was none."""
    gone, _rows = SmtpAccount.objects.filter(user=user).delete()
    if gone:
        record("mail.own", actor=user, on=user, after={"what": "removed"})
    return bool(gone)
