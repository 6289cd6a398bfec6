"""Bringing back what was put away, for a while, and keeping what somebody needs longer."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from chatdesk.models import Conversation
from chatdesk.protocol import Code, Refused
from transcripts import sight
from transcripts.actions.retaining.clock import database_now
from transcripts.actions.retaining.proposing import check_staff, checked
from transcripts.models import Disposition, KeptByHand
from transcripts.retention.rules import WHOLE

KEPT_FOR = timedelta(days=90)
MOST_DAYS = 3650


@transaction.atomic
def restore(user: User, disposition_id: int, reason: str, days: int = KEPT_FOR.days) -> Conversation:
    """Bring one back as it was, and keep it for so many days from now. Raises Refused: `auth.denied`,
    `form.incomplete` (no reason, or a strange number), `state.conflict` once its destruction has begun."""
    check_staff(user)
    why = checked(reason)
    if not 1 <= days <= MOST_DAYS:
        raise Refused(Code.FORM, _("Choose a number of days between 1 and %(most)s.") % {"most": MOST_DAYS})
    conversation = _locked(disposition_id)
    now = database_now()
    rows = Disposition.objects.filter(pk=disposition_id, state=Disposition.State.QUARANTINED)
    if conversation is None or not rows.update(
        state=Disposition.State.RESTORED, ended_at=now, ended_by=user, reason=why
    ):
        raise Refused(Code.CONFLICT, _("This can't be brought back any more."))
    if Disposition.objects.get(pk=disposition_id).data == WHOLE:
        sight.show([conversation.pk])
    _keep(user, conversation, now + timedelta(days=days), why)
    return conversation


def _locked(disposition_id: int) -> Conversation | None:
    rows = Conversation.objects.filter(dispositions=disposition_id)
    return rows.select_for_update(no_key=True, of=("self",)).first()


def _keep(user: User, conversation: Conversation, until: datetime, why: str) -> None:
    facts = {"until": until, "reason": why, "by": user, "at": database_now()}
    KeptByHand.objects.update_or_create(conversation=conversation, defaults=facts)
    record("retention.restore", actor=user, on=conversation, after={"until": until}, reason=why)
