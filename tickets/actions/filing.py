"""Putting a mail into its conversation: the conversation if it is new, the entry, and what the desk knows beside it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.rows import stored
from chatdesk.actions.entries import post_entry
from chatdesk.actions.ledger import Post, begin_with
from chatdesk.actions.reopening import reopen
from chatdesk.models import Conversation, Entry, Kind, Participant
from chatdesk.realtime import publish_all
from tickets.actions import correspondents, outbox, recorded, tickets
from tickets.actions.letters import Words
from tickets.actions.newcomers import Newcomer, begin
from tickets.actions.standing import sender_of
from tickets.actions.threads import MOST_IDS, Route
from tickets.masking import Rules, mask_display
from tickets.models import Correspondent, IncomingMail, Letter, OutgoingMail
from tickets.reading.message import Mailbox, Message

BY_MAIL = _("This conversation was taken up again by mail.")


@dataclass(frozen=True)
class Place:
    """Where a mail goes, and as whose. `writer` is None when its sender could not be made out."""

    conversation: Conversation
    writer: Correspondent | None
    is_new: bool = False

    @property
    def participant(self) -> Participant | None:
        """Who the entry is by: a third party has no part of their own."""
        if self.writer is None:
            return Participant.objects.get(conversation=self.conversation, user=None)
        return self.writer.participant


def content_id(mail: IncomingMail) -> str:
    """A client id of the mail's content: the copy that took another way to the same conversation is the same entry."""
    content = f"{mail.message_id}\n{mail.digest}"
    return f"mail-{hashlib.sha256(content.encode()).hexdigest()[:32]}"


def place_of(mail: IncomingMail, message: Message, route: Route) -> Place:
    """The conversation, made if this mail begins one. Safe to repeat; call it, as `file`, while `deciding`."""
    if route.correspondent is not None:
        return Place(route.correspondent.conversation, route.correspondent)
    if route.address is None:
        raise ValueError("a route leads to a correspondent or to an address")
    sender = sender_of(message)
    start_id = f"{content_id(mail)}-{hashlib.sha256(mail.recipient.encode()).hexdigest()[:16]}"
    newcomer = Newcomer(route.address, start_id, shown_name(sender) if sender else "")
    conversation = begin(newcomer)
    writer = _writer(newcomer, conversation, sender.address) if sender else None
    return Place(conversation, writer, is_new=newcomer.participant is not None)


def _writer(newcomer: Newcomer, conversation: Conversation, address: str) -> Correspondent:
    if newcomer.participant is None:
        return correspondents.of_visitor(conversation, address, newcomer.name)
    return correspondents.first_of(newcomer.participant, address)


def shown_name(sender: Mailbox) -> str:
    """What they call themselves, if that is no address."""
    return mask_display(sender.name, Rules(protected=frozenset({sender.address})))


def answered(message: Message, place: Place) -> Correspondent | None:
    """Whom an operator's mail answers: who wrote what the mail brought that it refers to."""
    if place.writer is None or place.writer.side != Correspondent.Side.OPERATOR:
        return None
    ids = [*message.in_reply_to, *reversed(message.references)][:MOST_IDS]
    sent = OutgoingMail.objects.filter(conversation=place.conversation, to=place.writer, message_id__in=ids)
    newest = sent.order_by("-pk").first()
    return outbox.writer_of(newest) if newest else None


def file(mail: IncomingMail, place: Place, words: Words, facts: dict[str, Any]) -> Entry:
    """The mail's entry and its letter; the same mail again, or a copy of it, is the first entry."""
    client_id = content_id(mail)
    earlier = None if place.is_new else _entry_before(place, client_id)
    entry = earlier or _posted(place, words.body, client_id)
    if earlier is None:
        letter = words.letter | facts | {"incoming": mail, "sender": place.writer}
        recorded.letter(stored(Letter(entry=entry, **letter)), bytes(mail.raw))
    ticketed = tickets.begin if place.is_new else tickets.ensure
    ticketed(place.conversation, words.letter["subject"])
    return entry


def _entry_before(place: Place, client_id: str) -> Entry | None:
    return Entry.objects.filter(conversation=place.conversation, client_id=client_id).first()


def _posted(place: Place, body: str, client_id: str) -> Entry:
    if not place.is_new:
        reopen(place.conversation, BY_MAIL)
        return post_entry(place.conversation, place.participant, body, client_id)
    return _first_entry(place, body, client_id)


def _first_entry(place: Place, body: str, client_id: str) -> Entry:
    """What `post_entry` does, of a conversation that nobody else can know yet: it is told of once, with its head."""
    part = place.participant
    entry = begin_with(Post(place.conversation.pk, part.pk if part else None, Kind.MESSAGE, body, client_id))
    publish_all([["state", place.conversation.pk], ["head", place.conversation.pk, entry.seq]])
    return entry
