"""What leaves a conversation for other eyes: the visitor's address, and whole transcripts. Each time is recorded."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import AuditEntry, User
from chatdesk import exporting
from chatdesk.exporting import Exported
from chatdesk.hiding import hidden
from chatdesk.models import Conversation
from chatdesk.permissions import conversation_for_operator, may_do
from chatdesk.protocol import Code, Refused
from chatdesk.signals import contact_revealed

REVEALED_FOR = timedelta(hours=1)  # who said why need not say it again while they work on it
REASON_CHARS = (3, 200)


@transaction.atomic
def reveal_contact(user: User, ref: str, reason: str) -> Conversation:
    """The conversation, its visitor's address open to this person for an hour from now.

    Raises Refused: `conversation.unknown`, `auth.denied`, and `form.incomplete` (a reason has 3 to 200 characters).
    """
    conversation = conversation_for_operator(user, ref, "contact")
    words = hidden(" ".join(reason.split())).text
    if not REASON_CHARS[0] <= len(words) <= REASON_CHARS[1]:
        raise Refused(Code.FORM, _("Please say in a few words what you need the address for."))
    record("contact.reveal", actor=user, on=conversation, reason=words)
    contact_revealed.send(None, conversation=conversation, user=user)
    return conversation


def asked_lately(user: User, conversation: Conversation) -> bool:
    """Whether this person said why they need the visitor's address, within the last hour."""
    mine = AuditEntry.objects.filter(action="contact.reveal", actor_id=user.pk, at__gt=timezone.now() - REVEALED_FOR)
    return mine.filter(object_type=conversation._meta.label_lower, object_id=str(conversation.pk)).exists()


@transaction.atomic
def export_conversation(user: User, ref: str, form: str) -> Exported:
    """One transcript as `text`, `html` or `json`, with the visitor's address if this person may see contact data.

    Raises Refused: `conversation.unknown`, `auth.denied`, and `frame.invalid` for another form.
    """
    conversation = conversation_for_operator(user, ref, "export")
    if form not in exporting.FORMS:
        raise Refused(Code.INVALID, _("A transcript can be exported as text, html or json."))
    with_contact = may_do(user, conversation, "contact")
    record("chat.export", actor=user, on=conversation, after={"form": form, "contact": with_contact})
    return exporting.export(conversation, form, with_contact=with_contact, by=user)
