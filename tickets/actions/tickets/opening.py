"""Which conversations are tickets, and where a merged one went."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from accounts.permissions import Verb
from accounts.rows import stored
from chatdesk.models import Conversation
from chatdesk.permissions import conversation_for_operator
from chatdesk.protocol import Code, Refused
from routing.models import Outcome, State
from tickets.actions.tickets.timeline import note_down
from tickets.models import Ticket

LONGEST_CHAIN = 20
AT_ONCE = 200
LEFT = (Outcome.MESSAGE, Outcome.ABANDONED)


def ensure(conversation: Conversation, subject: str = "") -> Ticket:
    """The conversation's ticket, made if there is none."""
    facts = {"subject": subject[:200], "seen_seq": conversation.last_seq}
    return Ticket.objects.get_or_create(conversation=conversation, defaults=facts)[0]


def begin(conversation: Conversation, subject: str = "") -> Ticket:
    """The ticket of a conversation that was made in this transaction: nobody else can have made one."""
    return stored(Ticket(conversation=conversation, subject=subject[:200], seen_seq=conversation.last_seq))


def ensure_left() -> int:
    """A ticket for each conversation that was left as a message; how many were made. The sweep of what nobody made."""
    left = Q(request__state=State.CLOSED, request__outcome__in=LEFT, closed_at=None, ticket=None)
    found = Conversation.objects.filter(left).order_by("pk")[:AT_ONCE]
    return len([ensure(conversation) for conversation in found])


@transaction.atomic
def make(user: User, ref: str) -> Ticket:
    """Make a ticket of a chat. Raises Refused (`conversation.unknown`, `auth.denied`)."""
    conversation = conversation_for_operator(user, ref, "take")
    facts = {"seen_seq": conversation.last_seq, "owner": _holder(conversation)}
    ticket, is_new = Ticket.objects.get_or_create(conversation=conversation, defaults=facts)
    if is_new:
        note_down(ticket, user, "made")
        record("ticket.make", actor=user, on=conversation, after={"ticket": ticket.pk})
    return ticket


def ticket_for(user: User, ref: str, verb: Verb = "take") -> Ticket:
    """The ticket, if this person may `verb` its conversation. Call it in a transaction: the row stays locked.

    Raises Refused: `conversation.unknown`, `auth.denied`, `state.conflict` if the conversation is no ticket.
    """
    conversation = conversation_for_operator(user, ref, verb)
    ticket = Ticket.objects.select_for_update().filter(conversation=conversation).first()
    if ticket is None:
        raise Refused(Code.CONFLICT, _("This conversation is no ticket."))
    ticket.conversation = conversation
    return ticket


def resolve(conversation: Conversation) -> Conversation:
    """Where it went when it was merged, and where that went; itself when it was not."""
    for _step in range(LONGEST_CHAIN):
        ticket = Ticket.objects.select_related("merged_into__conversation").filter(conversation=conversation).first()
        if ticket is None or ticket.merged_into is None:
            break
        conversation = ticket.merged_into.conversation
    return conversation


def _holder(conversation: Conversation) -> User | None:
    return conversation.request.operator if conversation.request.state == State.ACTIVE else None
