"""Changing a ticket: each change is a line of its timeline and a row of the audit log."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.audit import record
from accounts.models import User
from chatdesk.actions.conversations import close_beside
from chatdesk.hiding import hidden
from chatdesk.language import for_everybody
from chatdesk.models import Conversation
from chatdesk.permissions import may_be_asked, reached
from chatdesk.protocol import Code, Refused
from tickets.actions.tickets.opening import ticket_for
from tickets.actions.tickets.timeline import note_down
from tickets.lines import one_line
from tickets.models import Tag, Ticket

State, Priority = Ticket.State, Ticket.Priority
MOST_TAGS = 10
LONGEST_TAG = 40
LONGEST_SUBJECT = 200
SOLVED = gettext_lazy("%(name)s has marked this as solved. Write again if it is not.")


@transaction.atomic
def set_state(user: User, ref: str, state: str) -> Ticket:
    """`state`: a value of Ticket.State. What is solved and waits for nobody ends.

    This and what follows raise Refused: `conversation.unknown`, `auth.denied`, `state.conflict`, `form.incomplete`.
    """
    ticket = ticket_for(user, ref)
    if state not in State.values:
        raise Refused(Code.INVALID, _("There is no such state."))
    ticket.seen_seq = ticket.conversation.last_seq
    _change(user, ticket, "state", state)
    if state == State.SOLVED and ticket.conversation.standing == "message":
        close_beside(ticket.conversation, user, for_everybody(SOLVED, name=user.display_name))
    return ticket


@transaction.atomic
def assign(user: User, ref: str, owner: User | None) -> Ticket:
    """Whose it is; nobody's without one."""
    ticket = ticket_for(user, ref)
    if owner is not None and not may_own(owner, ticket.conversation):
        raise Refused(Code.CONFLICT, _("%(name)s may not see this conversation.") % {"name": owner.display_name})
    return _change(user, ticket, "owner", owner)


@transaction.atomic
def set_due(user: User, ref: str, due_at: datetime | None) -> Ticket:
    """Until when (aware)."""
    return _change(user, ticket_for(user, ref), "due_at", due_at)


@transaction.atomic
def prioritise(user: User, ref: str, priority: int) -> Ticket:
    ticket = ticket_for(user, ref)
    if priority not in Priority.values:
        raise Refused(Code.INVALID, _("There is no such priority."))
    return _change(user, ticket, "priority", priority)


@transaction.atomic
def rename(user: User, ref: str, subject: str) -> Ticket:
    return _change(user, ticket_for(user, ref), "subject", hidden(one_line(subject)).text[:LONGEST_SUBJECT])


@transaction.atomic
def tag(user: User, ref: str, names: str) -> Ticket:
    """`names`: all its tags from now on, separated by commas. Those nobody has used yet are made."""
    ticket = ticket_for(user, ref)
    wanted = _tag_names(names)
    before = sorted(ticket.tags.values_list("name", flat=True))
    if before == sorted(wanted):
        return ticket
    ticket.tags.set([Tag.objects.get_or_create(name=name)[0] for name in wanted])
    _tell(user, ticket, "tags", ", ".join(before), ", ".join(sorted(wanted)))
    return ticket


def may_own(person: User, conversation: Conversation) -> bool:
    """Whether somebody can be given it: they answer at the desk and may see it."""
    seen = Conversation.objects.filter(reached(person, "see"), pk=conversation.pk)
    return person.is_active and may_be_asked(person) and seen.exists()


def _tag_names(names: str) -> set[str]:
    found = {one_line(name).lower() for name in hidden(names).text.split(",")} - {""}
    if len(found) > MOST_TAGS or any(len(name) > LONGEST_TAG for name in found):
        words = _("A ticket has at most %(n)s tags, of %(chars)s characters each.")
        raise Refused(Code.FORM, words % {"n": MOST_TAGS, "chars": LONGEST_TAG})
    return found


def _change(user: User, ticket: Ticket, field: str, value: Any) -> Ticket:
    before = getattr(ticket, field)
    setattr(ticket, field, value)
    ticket.save(update_fields=[field, "seen_seq"])
    if before != value:
        _tell(user, ticket, field, _plain(before), _plain(value))
    return ticket


def _tell(user: User, ticket: Ticket, what: str, before: str, after: str) -> None:
    """The subject may be the visitor's words: the audit log tells that it changed, and no more."""
    note_down(ticket, user, what, before, after)
    is_told = what != "subject"
    old, new = ({what: before}, {what: after}) if is_told else (None, None)
    record("ticket.change", actor=user, on=ticket.conversation, before=old, after=new)


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes")
    return "" if value is None else str(value)
