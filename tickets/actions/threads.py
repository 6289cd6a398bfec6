"""Which conversation a mail belongs to: the envelope decides, then our own signed Message-IDs, never the subject."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.rows import answers
from chatdesk.models import Conversation
from tickets import remarks
from tickets.actions import correspondents, tickets
from tickets.actions.destinations import Forwarding, Token, destination, relay_domain
from tickets.actions.standing import PROVEN, sender_of
from tickets.composing.ids import signed_conversation
from tickets.models import Correspondent, ForwardingAddress
from tickets.reading.message import Message

MOST_IDS = 20  # of those a mail names, the newest first
MOST_RECIPIENTS = 50
LINKED = 5
OPEN_OF_SENDER = """
SELECT conversation.ref FROM tickets_correspondent known
JOIN chatdesk_conversation conversation ON conversation.id = known.conversation_id AND conversation.closed_at IS NULL
WHERE known.address_hash = %s AND known.side = %s ORDER BY known.id DESC LIMIT %s
"""


@dataclass(frozen=True)
class Route:
    """Into the conversation of `correspondent`; without one, into a new one at `address`."""

    correspondent: Correspondent | None = None
    address: ForwardingAddress | None = None
    remarks: tuple[str, ...] = ()
    related: tuple[str, ...] = ()  # refs of open conversations of the same sender


def route(place: Token | Forwarding, message: Message, state: str) -> Route:
    """`state`: of the proof of its sender."""
    if isinstance(place, Token):
        return Route(correspondent=followed(place.correspondent))
    writer = _token_beside(message) or _by_our_ids(message, state)
    if writer is not None:
        return Route(correspondent=followed(writer))
    related = _other_conversations(message)
    claims = remarks.FORGED_REFERENCE if _names_ours(message) else ""
    marks = (claims, remarks.SAME_SENDER if related else "")
    return Route(address=place.address, remarks=tuple(mark for mark in marks if mark), related=related)


def followed(writer: Correspondent) -> Correspondent:
    """The same person in the conversation that theirs was merged into."""
    target = tickets.resolve(writer.conversation)
    if target.pk == writer.conversation_id:
        return writer
    address = correspondents.address_of(writer)
    known = correspondents.at_address(target, address)
    if known is not None:
        return known
    if writer.side == Correspondent.Side.OPERATOR and writer.participant and writer.participant.user:
        return correspondents.of_operator(target, writer.participant.user)
    return correspondents.of_third(target, address, writer.name)


def _token_beside(message: Message) -> Correspondent | None:
    """A mail to one of our addresses that names its sender's token beside it: the copy that took the other way."""
    sender = sender_of(message)
    if sender is None:
        return None
    for mailbox in (*message.to, *message.cc)[:MOST_RECIPIENTS]:
        place = destination(mailbox.address)
        if isinstance(place, Token) and not place.is_revoked and _is_of(place.correspondent, sender.address):
            return place.correspondent
    return None


def _is_of(correspondent: Correspondent, address: str) -> bool:
    return correspondents.address_hash(address) == correspondent.address_hash


def _named_refs(message: Message) -> list[str]:
    """The conversations whose Message-IDs, signed by us, the mail names; the nearest first."""
    ids = [*message.in_reply_to, *reversed(message.references)][:MOST_IDS]
    refs = (signed_conversation(each) for each in ids)
    return list(dict.fromkeys(ref for ref in refs if ref))


def _by_our_ids(message: Message, state: str) -> Correspondent | None:
    """An id alone is no password: its sender must be a proven participant of that conversation."""
    sender = sender_of(message)
    if sender is None or state != PROVEN:
        return None
    for ref in _named_refs(message):
        conversation = Conversation.objects.filter(ref=ref).first()
        writer = correspondents.at_address(conversation, sender.address) if conversation else None
        if writer is not None and writer.revoked_at is None:
            return writer
    return None


def _names_ours(message: Message) -> bool:
    """Whether it names an id in our domain, well signed or not, or another's conversation."""
    domain = f"@{relay_domain()}"
    return any(each.strip("<> ").lower().endswith(domain) for each in (*message.in_reply_to, *message.references))


def _other_conversations(message: Message) -> tuple[str, ...]:
    sender = sender_of(message)
    if sender is None:
        return ()
    asked = (correspondents.address_hash(sender.address), Correspondent.Side.VISITOR, LINKED)
    return tuple(ref for (ref,) in answers(OPEN_OF_SENDER, asked))
