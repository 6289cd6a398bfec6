"""Sending again what did not get through, because a person wants it."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from chatdesk.permissions import conversation_for_operator
from chatdesk.protocol import Code, Refused
from tickets.models import OutgoingMail

State = OutgoingMail.State
ENDED = (State.FAILED, State.BOUNCED, State.UNCERTAIN)


@transaction.atomic
def resend(user: User, mail_id: int) -> OutgoingMail:
    """Queue the same mail again: the same bytes under the same Message-ID, so that a reader who got it sees one.

    Raises Refused (`conversation.unknown`, `auth.denied`; `state.conflict` if it waits, or has arrived).
    """
    mail = OutgoingMail.objects.select_related("conversation").filter(pk=mail_id, conversation__isnull=False).first()
    if mail is None or mail.conversation is None:
        raise Refused(Code.UNKNOWN, _("There is no such mail."))
    conversation = conversation_for_operator(user, mail.conversation.ref, "answer")
    fresh = {"state": State.QUEUED, "due_at": timezone.now(), "tries": 0, "doubts": 0}
    again = OutgoingMail.objects.filter(pk=mail_id, state__in=ENDED)
    if not again.update(**fresh, first_tried_at=None, ended_at=None, handed_at=None, code=None, reason=""):
        raise Refused(Code.CONFLICT, _("This mail is on its way or has arrived."))
    record("mail.resend", actor=user, on=conversation, after={"mail": mail_id})
    mail.refresh_from_db()
    return mail
