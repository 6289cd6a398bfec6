"""A second question in one conversation gets a conversation of its own, with links both ways."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.audit import record
from accounts.models import User
from chatdesk.actions.entries import post_entry
from chatdesk.language import for_everybody
from chatdesk.models import Conversation, Entry, Kind, Participant
from chatdesk.protocol import Code, Refused
from chatdesk.realtime import publish
from routing.actions import queue
from routing.locks import deciding
from routing.models import Request
from tickets.actions import correspondents, recorded
from tickets.actions.tickets.opening import ticket_for
from tickets.actions.tickets.timeline import note_down
from tickets.models import Correspondent, Letter, Ticket
from transcripts.kinds import Kind as RecordKind

SPLIT = gettext_lazy("This goes on from another conversation, to be answered by itself.")
MOST = 50
CARRIED = ("visitor", "button", "name", "email", "page", "referrer", "earlier_groups")
COPIED = ("subject", "folded", "html", "sealed_original", "masked_count", "is_machine", "is_unproven", "remarks")


@dataclass
class Branch:
    """The new conversation: the same visitor, the same button, the same group."""

    trunk: Conversation
    from_seq: int
    conversation: Conversation = field(init=False)

    def store(self, request: Request) -> None:
        old = self.trunk
        facts = {name: getattr(old, name) for name in CARRIED}
        start_id = f"split-{old.pk}-{self.from_seq}"
        made = Conversation.objects.create(group=request.group, request=request, start_id=start_id, **facts)
        Participant.objects.create(conversation=made, name=made.name)
        self.conversation = made
        publish("state", made.pk)


def split(user: User, ref: str, from_seq: int) -> Ticket:
    """A ticket of its own for what the visitor wrote from entry `from_seq` on, which is copied; the old one stays.

    Files stay where they are. Asked for again it is the first one. Raises Refused as for every change, `state.conflict`
    while the chat goes on, and where there is nothing of the visitor's to split off.
    """
    with deciding(), transaction.atomic():
        ticket = ticket_for(user, ref)
        said = _said(ticket.conversation, from_seq)
        earlier = ticket.split.filter(conversation__start_id=f"split-{ticket.conversation_id}-{from_seq}").first()
        if earlier is not None:
            return earlier
        branch = Branch(ticket.conversation, from_seq)
        queue.leave(ticket.conversation.group, branch.store, language=ticket.conversation.request.language)
        _fill(branch.conversation, ticket.conversation, said)
        return _linked(user, ticket, branch.conversation, from_seq)


def _said(conversation: Conversation, from_seq: int) -> list[Entry]:
    if conversation.standing in ("waiting", "active"):
        raise Refused(Code.CONFLICT, _("This chat goes on just now. Split it when it has ended."))
    rows = Entry.objects.filter(conversation=conversation, seq__gte=from_seq, kind=Kind.MESSAGE, participant__user=None)
    found = list(rows.exclude(participant=None).select_related("letter__incoming").order_by("seq")[:MOST])
    if not found or from_seq < 1:
        raise Refused(Code.CONFLICT, _("From there on the visitor wrote nothing that could be answered by itself."))
    return found


def _fill(new: Conversation, old: Conversation, said: list[Entry]) -> None:
    """What the visitor wrote, again; and they are reached as before."""
    post_entry(new, None, for_everybody(SPLIT), kind=Kind.NOTICE)
    part = new.participants.get(user=None)
    writer = _writer(new, old)
    for entry in said:
        copy = post_entry(new, part, entry.body, f"split-{entry.pk}")
        letter = getattr(entry, "letter", None)
        if letter is not None:
            facts = {name: getattr(letter, name) for name in COPIED}
            made = Letter.objects.create(entry=copy, incoming=letter.incoming, sender=writer, **facts)
            recorded.letter(made, bytes(letter.incoming.raw))


def _writer(new: Conversation, old: Conversation) -> Correspondent | None:
    known = Correspondent.objects.filter(conversation=old, side=Correspondent.Side.VISITOR, revoked_at=None).first()
    if known is None:
        return None
    address = correspondents.address_of(known)
    return correspondents.of_visitor(new, address, known.name) if address else None


def _linked(user: User, ticket: Ticket, new: Conversation, from_seq: int) -> Ticket:
    new.refresh_from_db(fields=["last_seq"])
    facts = {"subject": ticket.subject, "priority": ticket.priority, "seen_seq": new.last_seq, "split_from": ticket}
    branch = Ticket.objects.get_or_create(conversation=new, defaults=facts)[0]
    recorded.joined(ticket.conversation, new, RecordKind.SPLIT)
    note_down(ticket, user, "split", before=from_seq, after=branch.pk)
    note_down(branch, user, "split_from", before=from_seq, after=ticket.pk)
    record("ticket.split", actor=user, on=ticket.conversation, after={"ticket": branch.pk, "from": from_seq})
    return branch
