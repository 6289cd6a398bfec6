"""Mail that happened outside, and that a person of the desk sent a blind copy of to be logged: kept, never relayed."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from chatdesk.actions.conversations import operator_part
from chatdesk.actions.entries import post_entry
from chatdesk.actions.reopening import reopen
from chatdesk.actions.saying import tell_hidden
from chatdesk.models import Conversation, Entry
from chatdesk.permissions import reached
from routing.locks import deciding
from tickets import remarks
from tickets.actions import recorded
from tickets.actions.arrival import Arrival, Facts, is_released
from tickets.actions.attachments import Shelf, put_all
from tickets.actions.correspondents import address_hash
from tickets.actions.filing import content_id
from tickets.actions.holding import hold
from tickets.actions.letters import Words, words_of
from tickets.actions.maskrules import rules_for
from tickets.actions.outbox.reach import LOGGED_ID
from tickets.actions.standing import PROVEN, sender_of
from tickets.actions.unkept import settle
from tickets.models import Correspondent, Held, IncomingMail, Letter

LOGGED = _("Mail that happened elsewhere was logged here.")


def log(arrival: Arrival) -> Facts:
    """An entry in the conversation with the other party, by who sent it; held if either can't be made out.

    Safe to repeat; to be called outside a transaction.
    """
    settle(arrival)
    user = _person(arrival)
    if user is None:
        return _held(arrival, Held.Reason.SPOOFED, "to be logged, and not by a proven person of the desk")
    conversation = _conversation(arrival, user)
    if conversation is None:
        return _held(arrival, Held.Reason.NEW_SENDER, "to be logged, and no conversation with who it was for")
    rules = rules_for(conversation, None, arrival.mail)
    words = words_of(arrival.message, arrival.mail, rules)
    client_id = LOGGED_ID + content_id(arrival.mail).removeprefix("mail")
    entry = _entry(arrival.mail, conversation, user, words, client_id)
    tell_hidden(conversation.pk, arrival.hidden)
    shelf = Shelf(conversation, entry.participant, entry, arrival.mail, client_id)
    files = put_all(shelf, () if arrival.is_sealed else arrival.message.files, rules)
    return {"place": "log", "proof": arrival.proof, "machine": arrival.machine, "files": files}


def _person(arrival: Arrival) -> User | None:
    """Who of the desk sent it: only a proven sender may put words into their own mouth."""
    sender = sender_of(arrival.message)
    proven = arrival.proof == PROVEN or is_released(arrival.mail, Held.Reason.SPOOFED)
    if sender is None or not proven:
        return None
    people = User.objects.select_related("user_type").filter(is_active=True)
    return people.filter(email__iexact=sender.address).first()


def _conversation(arrival: Arrival, user: User) -> Conversation | None:
    """The newest that this person may answer, with somebody the mail was for; an open one before one that ended."""
    named = {address_hash(each.address) for each in (*arrival.message.to, *arrival.message.cc) if each.address}
    theirs = Correspondent.objects.filter(address_hash__in=named).exclude(side=Correspondent.Side.OPERATOR)
    rows = Conversation.objects.filter(reached(user, "answer"), pk__in=theirs.values("conversation"))
    rows = rows.select_related("group", "button", "request")
    return rows.filter(closed_at=None).order_by("-pk").first() or rows.order_by("-pk").first()


def _entry(mail: IncomingMail, conversation: Conversation, user: User, words: Words, client_id: str) -> Entry:
    with deciding():
        entry = Entry.objects.filter(conversation=conversation, client_id=client_id).first()
        if entry is None:
            reopen(conversation, LOGGED)
            entry = post_entry(conversation, operator_part(conversation, user), words.body, client_id)
            facts = words.letter | {"remarks": [*words.letter["remarks"], remarks.LOGGED]}
            recorded.letter(Letter.objects.create(entry=entry, incoming=mail, **facts), bytes(mail.raw))
        IncomingMail.objects.filter(pk=mail.pk).update(conversation=conversation, entry=entry)
    return entry


def _held(arrival: Arrival, reason: str, detail: str) -> Facts:
    held = hold(reason, incoming=arrival.mail, detail=detail)
    return {"place": "log", "held": [held.pk], "proof": arrival.proof, "machine": arrival.machine}
