"""Two tickets about one thing become one: what was said stays where it is, what comes later goes to one place."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.audit import record
from accounts.models import User
from chatdesk.actions.conversations import close_beside
from chatdesk.language import for_everybody
from chatdesk.models import Conversation
from chatdesk.permissions import conversation_for_operator
from chatdesk.protocol import Code, Refused
from routing.locks import deciding
from tickets.actions import recorded
from tickets.actions.tickets.opening import resolve, ticket_for
from tickets.actions.tickets.timeline import note_down
from tickets.models import Correspondent, Ticket
from transcripts.kinds import Kind

JOINED = gettext_lazy("%(name)s joined this with another conversation about the same.")


def merge(user: User, ref: str, number: int) -> Ticket:
    """Mail and answers to the ticket of `ref` go to ticket `number` from now on; answers that one.

    Raises Refused as for every change, and `state.conflict` where the visitor could not be reached any more.
    """
    with deciding(), transaction.atomic():
        ticket = ticket_for(user, ref)
        target = _target(user, ticket, number)
        _check_reach(user, ticket.conversation, target.conversation)
        ticket.merged_into, ticket.state = target, Ticket.State.SOLVED
        ticket.save(update_fields=["merged_into", "state"])
        if ticket.conversation.closed_at is None:
            close_beside(ticket.conversation, user, for_everybody(JOINED, name=user.display_name))
        recorded.joined(ticket.conversation, target.conversation, Kind.MERGED)
        note_down(ticket, user, "merged_into", after=target.pk)
        note_down(target, user, "merged", after=ticket.pk)
        record("ticket.merge", actor=user, on=ticket.conversation, after={"into": target.pk})
        return target


def _target(user: User, ticket: Ticket, number: int) -> Ticket:
    """The ticket of that number, or the one it was merged into itself."""
    found = Ticket.objects.select_related("conversation").filter(pk=number).first()
    if found is None:
        raise Refused(Code.CONFLICT, _("There is no ticket of this number."))
    end = resolve(found.conversation)
    try:
        conversation_for_operator(user, end.ref, "take")
    except Refused as refused:
        raise Refused(Code.CONFLICT, _("There is no ticket of this number.")) from refused
    if end.pk == ticket.conversation_id:
        raise Refused(Code.CONFLICT, _("That is this ticket itself, or was merged into it."))
    if ticket.merged_into_id is not None:
        raise Refused(Code.CONFLICT, _("This ticket was merged already."))
    return Ticket.objects.select_related("conversation__request").select_for_update(of=("self",)).get(conversation=end)


def _check_reach(user: User, old: Conversation, new: Conversation) -> None:
    """Nobody is cut off: neither who can be reached in one conversation alone, nor who is answered just now."""
    by_mail = Correspondent.objects.filter(conversation=old, side=Correspondent.Side.VISITOR, revoked_at=None)
    if old.visitor_id != new.visitor_id and not by_mail.exists():
        raise Refused(Code.CONFLICT, _("This visitor gave no address and can be reached in their own chat alone."))
    if old.standing in ("waiting", "active") and old.request.operator_id != user.pk:
        raise Refused(Code.CONFLICT, _("This chat goes on just now. Take it first, or wait for its end."))
