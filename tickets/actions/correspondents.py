"""Who corresponds by mail in a conversation, and which address stands for them."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.audit import record
from accounts.models import User
from accounts.rows import stored
from accounts.sealing import seal, unseal
from chatdesk.actions.conversations import operator_part
from chatdesk.models import Conversation, Participant
from chatdesk.permissions import conversation_for_operator
from tickets.composing.tokens import local_part, token_hash, token_hashes
from tickets.models import Correspondent, PickupBox
from tickets.models.address import new_nonce
from tickets.reading.addresses import mailbox, normal

Side = Correspondent.Side


def address_hash(address: str) -> str:
    """How a mailbox is looked up: equal for all its spellings, and telling nothing without the desk's key."""
    return salted_hmac("tickets.address", mailbox(address), algorithm="sha256").hexdigest()


def of_visitor(conversation: Conversation, address: str, name: str = "") -> Correspondent:
    """The visitor of the conversation, who is reached at `address` from now on; the token address stays the same."""
    part = Participant.objects.get(conversation=conversation, user=None)
    return _of(conversation, Side.VISITOR, address, name or part.name, part)


def first_of(part: Participant, address: str) -> Correspondent:
    """The visitor of a conversation that was made in this transaction: nobody else can be in it yet."""
    return _made(part.conversation, Side.VISITOR, address, part.name, part)


def of_operator(conversation: Conversation, user: User) -> Correspondent:
    """A person of the desk, reached at the address they sign in with."""
    part = operator_part(conversation, user)
    return _of(conversation, Side.OPERATOR, user.email, user.display_name, part)


def of_third(conversation: Conversation, address: str, name: str) -> Correspondent:
    """Somebody else who takes part by mail alone."""
    return _of(conversation, Side.THIRD, address, name, None)


def find(local: str) -> Correspondent | None:
    """Whose token this local part is, revoked or not."""
    rows = Correspondent.objects.select_related("conversation__group", "participant__user")
    return rows.filter(token_hash__in=token_hashes(local)).first()


def at_address(conversation: Conversation, address: str) -> Correspondent | None:
    """Who of the conversation has this address."""
    rows = Correspondent.objects.select_related("conversation__group", "participant__user")
    return rows.filter(conversation=conversation, address_hash=address_hash(address)).first()


def address_of(correspondent: Correspondent) -> str:
    """The real address. For sending and for revealing alone: never log or show it."""
    return unseal(correspondent.sealed_address)


@transaction.atomic
def revoke(user: User, correspondent: Correspondent) -> None:
    """Their token address is dead from now on. Raises Refused (`conversation.unknown`, `auth.denied`)."""
    conversation = conversation_for_operator(user, correspondent.conversation.ref, "contact")
    living = Correspondent.objects.filter(pk=correspondent.pk, revoked_at=None)
    if living.update(revoked_at=timezone.now()):
        record("mail.revoke", actor=user, on=conversation, after={"correspondent": correspondent.pk})


@transaction.atomic
def _of(
    conversation: Conversation, side: Correspondent.Side, address: str, name: str, part: Participant | None
) -> Correspondent:
    Conversation.objects.select_for_update().get(pk=conversation.pk)  # two mails at once must not make two of one
    known = _known(conversation, address_hash(address), part)
    if known is None:
        return _made(conversation, side, address, name, part)
    if known.address_hash != address_hash(address):
        known.sealed_address, known.address_hash = seal(normal(address)), address_hash(address)
        known.is_proven, known.wants_mail, known.hard_bounces = False, True, 0
        known.save(update_fields=["sealed_address", "address_hash", "is_proven", "wants_mail", "hard_bounces"])
        PickupBox.objects.filter(conversation=conversation).update(sealed_code="")  # it went to another mailbox
    return known


def _known(conversation: Conversation, hashed: str, part: Participant | None) -> Correspondent | None:
    rows = Correspondent.objects.filter(conversation=conversation)
    if part is not None:
        found = rows.filter(participant=part).first()
        if found is not None:
            return found
    return rows.filter(address_hash=hashed).first()


def _made(
    conversation: Conversation, side: Correspondent.Side, address: str, name: str, part: Participant | None
) -> Correspondent:
    nonce = new_nonce()
    made = Correspondent(
        conversation=conversation,
        participant=part,
        side=side,
        sealed_address=seal(normal(address)),
        address_hash=address_hash(address),
        name=name[:80],
        nonce=nonce,
        token_hash=token_hash(local_part(nonce)),
    )
    return stored(made)
