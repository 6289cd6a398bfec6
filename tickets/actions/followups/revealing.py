"""The contact of a promise, for who may see contacts and says why: somebody has to ring that number."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from accounts.sealing import unseal
from chatdesk.actions.records import REASON_CHARS
from chatdesk.hiding import hidden
from chatdesk.permissions import conversation_for_operator
from chatdesk.protocol import Code, Refused
from tickets.lines import one_line
from tickets.models import FollowUp


@transaction.atomic
def reveal_contact(user: User, ref: str, number: int, reason: str) -> str:
    """It, recorded with the reason; empty if it was forgotten. Raises Refused (unknown, denied, `form.incomplete`)."""
    conversation = conversation_for_operator(user, ref, "contact")
    words = hidden(one_line(reason)).text
    if not REASON_CHARS[0] <= len(words) <= REASON_CHARS[1]:
        raise Refused(Code.FORM, _("Please say in a few words what you need the contact for."))
    found = FollowUp.objects.filter(conversation=conversation, pk=number).first()
    if found is None:
        raise Refused(Code.CONFLICT, _("This promise stands no longer."))
    record("contact.reveal", actor=user, on=conversation, after={"promise": found.pk}, reason=words)
    return unseal(found.sealed_contact)
