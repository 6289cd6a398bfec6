"""One row a mail and recipient: with its Message-ID and its envelope sender, before anything is sent."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.rows import change, stored
from accounts.sealing import seal
from chatdesk.models import Conversation
from chatdesk.protocol import Code, Refused
from tickets.composing.ids import new_message_id
from tickets.composing.verp import new_verp
from tickets.models import Correspondent, IncomingMail, MailSettings, OutgoingMail

Kind, State = OutgoingMail.Kind, OutgoingMail.State


class MailOff(Refused):
    """The desk has no domain for mail: nothing can be addressed from it."""

    def __init__(self) -> None:
        super().__init__(Code.CONFLICT, _("This desk does not send mail yet."))


def is_on() -> bool:
    """Whether the desk takes part in mail at all. Rows may be queued; whether they leave is MailSettings.is_sending."""
    return bool(MailSettings.load().relay_domain)


@transaction.atomic
def queue(
    kind: OutgoingMail.Kind | str,
    *,
    conversation: Conversation | None,
    to: Correspondent | None = None,
    address: str = "",
    first_seq: int = 0,
    last_seq: int = 0,
    facts: dict[str, Any] | None = None,
    due_at: datetime | None = None,
    **more: Any,
) -> OutgoingMail:
    """A mail to a correspondent, or to an address of its own (kept sealed), in the transaction of its cause.

    `facts` fill the template and are no place for secrets or addresses. Raises MailOff, and IntegrityError for what is
    mailed once (an entry to a correspondent, an acknowledgement).
    """
    domain = MailSettings.load().relay_domain
    if not domain:
        raise MailOff
    row = OutgoingMail(
        kind=kind,
        conversation=conversation,
        to=to,
        sealed_recipient=seal(address) if address else "",
        first_seq=first_seq,
        last_seq=last_seq or first_seq,
        facts=facts or {},
        message_id=new_message_id(conversation.ref if conversation else "", domain),
        verp=f"new-{secrets.token_hex(16)}",  # until the row has its number
        due_at=due_at or timezone.now(),
        **more,
    )
    stored(row)
    row.verp = new_verp(row.pk, domain)
    change(OutgoingMail, row.pk, verp=row.verp)
    return row


def acknowledge(mail: IncomingMail, correspondent: Correspondent) -> OutgoingMail | None:
    """That a first mail was received: once for each correspondent; None if it was said before or mail is off."""
    if not is_on():
        return None
    try:
        return queue(Kind.ACKNOWLEDGEMENT, conversation=correspondent.conversation, to=correspondent)
    except IntegrityError:
        return None
