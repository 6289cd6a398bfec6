"""A contact was given for one purpose and until a day: then it is gone from wherever this purpose put it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.audit import record
from tickets.models import Correspondent, FollowUp, OutgoingMail

AT_ONCE = 200
WAITING = (OutgoingMail.State.HELD, OutgoingMail.State.QUEUED, OutgoingMail.State.UNCERTAIN)


def forget_due(now: datetime | None = None) -> int:
    """Delete the contacts whose time is up; how many. Safe to repeat."""
    due = FollowUp.objects.filter(delete_at__lte=now or timezone.now()).exclude(sealed_contact="")
    return sum(_forget(pk) for pk in due.order_by("pk").values_list("pk", flat=True)[:AT_ONCE])


@transaction.atomic
def _forget(pk: int) -> bool:
    rows = FollowUp.objects.select_for_update(of=("self",)).select_related("conversation", "correspondent")
    return forget(rows.get(pk=pk))


def forget(follow_up: FollowUp) -> bool:
    """The contact of this promise, in the transaction of its cause; false if there is none any more."""
    if not follow_up.sealed_contact:
        return False
    FollowUp.objects.filter(pk=follow_up.pk).update(sealed_contact="")
    if follow_up.correspondent is not None:
        _disconnect(follow_up.correspondent)
    record("promise.forget", on=follow_up.conversation, after={"promise": follow_up.pk})
    return True


def _disconnect(correspondent: Correspondent) -> None:
    """They are reached by mail no more, and what left to them keeps no trace of where to."""
    mails = OutgoingMail.objects.filter(to=correspondent)
    mails.filter(state__in=WAITING).update(state=OutgoingMail.State.CANCELLED, ended_at=timezone.now())
    mails.exclude(state=OutgoingMail.State.SENDING).update(content=None, sealed_recipient="")
    gone = {"sealed_address": "", "address_hash": f"forgotten-{correspondent.pk}", "wants_mail": False}
    Correspondent.objects.filter(pk=correspondent.pk).update(revoked_at=timezone.now(), **gone)
