"""One-time codes: a box may ask for one that only the visitor's own mailbox gets."""

from __future__ import annotations

import hmac
import secrets
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.sealing import seal, unseal
from chatdesk.models import Conversation
from chatdesk.protocol import Code, Refused
from tickets.actions.outbox.queueing import Kind, queue
from tickets.models import Correspondent, MailTemplate, PickupBox

FIGURES = 6
GOOD_FOR = timedelta(minutes=15)
TRIES = 5


def visitor_by_mail(conversation: Conversation) -> Correspondent | None:
    """The visitor as somebody who can be written to."""
    known = Correspondent.objects.filter(conversation=conversation, side=Correspondent.Side.VISITOR, revoked_at=None)
    return known.exclude(sealed_address="").first()


@transaction.atomic
def send_code(row: PickupBox) -> None:
    """Mail a new code to the visitor's address; the one before is dead. Raises Refused where no address is known."""
    to = visitor_by_mail(row.conversation)
    if to is None:
        raise Refused(Code.CONFLICT, _("No address is known that a code could be sent to."))
    row.sealed_code = seal(f"{secrets.randbelow(10**FIGURES):0{FIGURES}d}")
    row.code_until, row.code_tries = timezone.now() + GOOD_FOR, 0
    row.save(update_fields=["sealed_code", "code_until", "code_tries"])
    facts = {"template": MailTemplate.Kind.CODE.value, "language": get_language() or ""}
    queue(Kind.NOTICE, conversation=row.conversation, to=to, facts=facts)


def code_of(conversation: Conversation) -> str:
    """For the mail that brings it alone; empty if there is none any more."""
    row = PickupBox.objects.filter(conversation=conversation).first()
    return unseal(row.sealed_code) if row else ""


@transaction.atomic
def check_code(row: PickupBox, typed: str) -> bool:
    """True once for the right code: each try counts before it is looked at, and five are all there are.

    Who has the code reads the mail of the visitor's address: it is proven from now on. While the conversation is
    locked no other address can take its place (correspondents.of_visitor).
    """
    Conversation.objects.select_for_update().get(pk=row.conversation_id)
    if not _is_right(row, typed):
        return False
    to = visitor_by_mail(row.conversation)
    if to is not None:
        Correspondent.objects.filter(pk=to.pk).update(is_proven=True)
    return True


def _is_right(row: PickupBox, typed: str) -> bool:
    living = PickupBox.objects.filter(pk=row.pk, code_until__gt=timezone.now(), code_tries__lt=TRIES)
    if not living.exclude(sealed_code="").update(code_tries=F("code_tries") + 1):
        return False
    code = unseal(row.sealed_code)
    if not code or not hmac.compare_digest(code.encode(), "".join(typed.split()).encode()):
        return False
    return bool(PickupBox.objects.filter(pk=row.pk, sealed_code=row.sealed_code).update(sealed_code=""))
