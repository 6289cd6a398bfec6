"""The mail as it came, with everything in it: for who may see contact data, who says why, each time noted."""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import Scope, User
from accounts.permissions import may
from accounts.sealing import unseal
from chatdesk.permissions import may_do
from chatdesk.protocol import Code, Refused
from tickets.actions.reasons import checked_reason
from tickets.models import IncomingMail, Letter


@dataclass(frozen=True)
class Original:
    """`raw` is the mail byte for byte; the rest what a reader would have seen of it."""

    raw: bytes
    sender: str
    recipient: str
    subject: str
    text: str
    folded: str


def may_read(user: User, mail: IncomingMail) -> bool:
    """A mail of a conversation by its permission; one of none for who may see all contact data."""
    if mail.conversation is None:
        return may(user, "contact") == Scope.ALL
    return may_do(user, mail.conversation, "contact")


@transaction.atomic
def original_of(user: User, mail_id: int, reason: str) -> Original:
    """Raises Refused: `conversation.unknown` (none that this person may read), `form.incomplete` (no reason)."""
    mail = IncomingMail.objects.select_related("conversation").filter(pk=mail_id).first()
    if mail is None or not may_read(user, mail):
        raise Refused(Code.UNKNOWN, _("There is no such mail."))
    words = checked_reason(reason)
    record("mail.original", actor=user, on=mail.conversation or mail, reason=words, after={"mail": mail.pk})
    letter = Letter.objects.filter(incoming=mail).first()
    said = json.loads(unseal(letter.sealed_original) or "{}") if letter else {}
    return Original(
        raw=bytes(mail.raw),
        sender=mail.envelope_from,
        recipient=mail.recipient,
        subject=said.get("subject", ""),
        text=said.get("text", ""),
        folded=said.get("folded", ""),
    )
