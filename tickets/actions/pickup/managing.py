"""What people of the desk do with a box: show it, send it, withdraw it, and take an ended conversation up again."""

from __future__ import annotations

from contextlib import suppress

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from chatdesk.actions.conversations import take
from chatdesk.actions.reopening import reopen
from chatdesk.models import Conversation
from chatdesk.permissions import conversation_for_operator
from chatdesk.protocol import Code, Refused
from tickets.actions import correspondents, tickets
from tickets.actions.outbox.queueing import Kind, is_on, queue
from tickets.actions.pickup.boxes import box_of, living_box
from tickets.actions.pickup.codes import visitor_by_mail
from tickets.models import OutgoingMail, PickupBox

MORE = gettext_lazy("The desk has something more for this conversation.")


@transaction.atomic
def leave_address(conversation: Conversation, address: str, language: str = "") -> OutgoingMail | None:
    """The visitor left an address, to be told of the answer: they get the link. None where the desk sends no mail."""
    to = correspondents.of_visitor(conversation, address)
    if not is_on():
        return None
    facts = {"language": language or get_language() or ""}
    return queue(Kind.RETURN_LINK, conversation=conversation, to=to, facts=facts)


@transaction.atomic
def send_link(user: User, ref: str) -> OutgoingMail:
    """Mail the visitor the link, a new one if the former opens no more. Raises Refused."""
    conversation = conversation_for_operator(user, ref, "answer")
    if not conversation.email and visitor_by_mail(conversation) is None:
        raise Refused(Code.CONFLICT, _("The visitor left no address."))
    to = visitor_by_mail(conversation) or correspondents.of_visitor(conversation, conversation.email, conversation.name)
    mail = queue(Kind.RETURN_LINK, conversation=conversation, to=to, facts={"language": conversation.request.language})
    record("pickup.send", actor=user, on=conversation)
    return mail


@transaction.atomic
def renew_link(user: User, ref: str) -> None:
    """A link and words that open; what opens already stays. Raises Refused."""
    conversation = conversation_for_operator(user, ref, "answer")
    living_box(conversation)
    record("pickup.renew", actor=user, on=conversation)


@transaction.atomic
def revoke_link(user: User, ref: str) -> None:
    """Link and words open nothing any more, and pages that are open behind them neither. Raises Refused."""
    conversation = conversation_for_operator(user, ref, "answer")
    row = box_of(conversation).row
    if PickupBox.objects.filter(pk=row.pk, revoked_at=None).update(
        revoked_at=timezone.now(), sealed="", sealed_code=""
    ):
        record("pickup.revoke", actor=user, on=conversation)


@transaction.atomic
def ask_code(user: User, ref: str, *, asks: bool) -> None:
    """Whether opening asks for a code by mail. Raises Refused where no address is known to send it to."""
    conversation = conversation_for_operator(user, ref, "answer")
    if asks and (visitor_by_mail(conversation) is None or not is_on()):
        raise Refused(Code.CONFLICT, _("No address is known that a code could be sent to."))
    row = box_of(conversation).row
    if PickupBox.objects.filter(pk=row.pk).exclude(asks_code=asks).update(asks_code=asks):
        record("pickup.code", actor=user, on=conversation, after={"asks_code": asks})


def take_up_again(user: User, ref: str) -> Conversation:
    """An ended conversation stands among the messages again, and with this person if they have room. Raises Refused."""
    with transaction.atomic():
        conversation = conversation_for_operator(user, ref, "answer")
        if tickets.resolve(conversation).pk != conversation.pk:
            raise Refused(Code.CONFLICT, _("This ticket was merged. Answer in the other one."))
        if not reopen(conversation, MORE):
            return conversation
        record("chat.reopen", actor=user, on=conversation)
    with suppress(Refused):  # they may be away, or have enough: then it waits among the messages
        take(user, ref)
    return conversation
