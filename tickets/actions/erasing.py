"""What mail and boxes keep of a conversation whose visitor had it deleted."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import F, Q, Value
from django.db.models.fields import CharField
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from chatdesk.models import Conversation
from tickets.actions.knowing import FORGOTTEN, forgotten_id
from tickets.models import (
    Correspondent,
    FollowUp,
    Held,
    IncomingMail,
    Letter,
    OutgoingMail,
    PendingAnswer,
    PickupBox,
    Ticket,
)

UNSENT = (OutgoingMail.State.HELD, OutgoingMail.State.QUEUED, OutgoingMail.State.UNCERTAIN)
NOTHING = {"subject": "", "folded": "", "html": "", "sealed_original": ""}


def forget(conversation: Conversation) -> None:
    """Addresses, originals, and what has not left yet; in the transaction that erases the conversation.

    A hash of a mail's Message-ID and its digest stay: without them the same mail, delivered again, would bring
    everything back.
    """
    now = timezone.now()
    _forget_people(conversation)
    _forget_mails(_mails_of(conversation))
    Letter.objects.filter(entry__conversation=conversation).update(**NOTHING)
    outgoing = OutgoingMail.objects.filter(conversation=conversation)
    outgoing.filter(state__in=UNSENT).update(state=OutgoingMail.State.CANCELLED, ended_at=now)
    outgoing.update(content=None, sealed_recipient="", facts={})
    held = Held.objects.filter(Q(conversation=conversation) | Q(entry__conversation=conversation))
    held.filter(state=Held.State.HELD).update(state=Held.State.REFUSED, decided_at=now)
    held.update(name="", detail="")
    PendingAnswer.objects.filter(conversation=conversation).delete()
    PickupBox.objects.filter(conversation=conversation).delete()
    Ticket.objects.filter(conversation=conversation).update(subject="")
    promises = FollowUp.objects.filter(conversation=conversation)
    promises.filter(state=FollowUp.State.PROMISED).update(state=FollowUp.State.WITHDRAWN, ended_at=now)
    promises.update(sealed_contact="", question="", reason="")


def destroy(conversation: Conversation) -> None:
    """Before its rows go: of the mails that began or continued it a hash stays, so that none brings it back.

    Whatever else points to the conversation is deleted by who destroys it.
    """
    mails = _mails_of(conversation)
    _forget_mails(mails)
    Held.objects.filter(incoming__in=mails).delete()
    Letter.objects.filter(incoming__in=mails).delete()
    IncomingMail.objects.filter(pk__in=mails).update(conversation=None, entry=None, error="", source_key="")


def close_ways(conversation: Conversation) -> None:
    """Nothing comes into it any more, by whoever's address, and nothing that waits leaves it: it is only kept."""
    now = timezone.now()
    Correspondent.objects.filter(conversation=conversation, revoked_at=None).update(revoked_at=now)
    outgoing = OutgoingMail.objects.filter(conversation=conversation, state__in=UNSENT)
    outgoing.update(state=OutgoingMail.State.CANCELLED, ended_at=now)
    PickupBox.objects.filter(conversation=conversation, revoked_at=None).update(
        revoked_at=now, sealed="", sealed_code=""
    )


def forget_contact(conversation: Conversation) -> None:
    """Who the people of its correspondence are: addresses, and the originals that show them."""
    _forget_people(conversation)
    OutgoingMail.objects.filter(conversation=conversation).update(sealed_recipient="", facts={})
    FollowUp.objects.filter(conversation=conversation).update(sealed_contact="")
    forget_mails(conversation.pk)


def forget_mails(conversation_id: int) -> int:
    """Mails as they came and as they left, byte for byte; what was read from them stays. How many."""
    conversation = Conversation.objects.get(pk=conversation_id)
    mails = _mails_of(conversation)
    _forget_mails(mails)
    Letter.objects.filter(entry__conversation=conversation).update(sealed_original="", html="")
    sent = OutgoingMail.objects.filter(conversation=conversation, content__isnull=False).update(content=None)
    return len(mails) + sent


def by_mail(conversation_ids: Collection[int]) -> set[int]:
    """Those of these conversations in which somebody wrote by mail."""
    letters = Letter.objects.filter(entry__conversation__in=conversation_ids)
    return set(letters.values_list("entry__conversation", flat=True))


def _mails_of(conversation: Conversation) -> dict[int, str]:
    mails = IncomingMail.objects.filter(Q(conversation=conversation) | Q(letters__entry__conversation=conversation))
    return dict(mails.values_list("pk", "message_id"))


def _forget_mails(ids: dict[int, str]) -> None:
    nobody: dict[str, Any] = {"envelope_from": "", "sender_hash": "", "client_ip": None, "helo": "", "facts": {}}
    for pk, message_id in ids.items():
        known = message_id if message_id.startswith(FORGOTTEN) else forgotten_id(message_id)
        rows = IncomingMail.objects.filter(pk=pk)
        rows.update(raw=b"", message_id=known, state=IncomingMail.State.DONE, **nobody)


def _forget_people(conversation: Conversation) -> None:
    people = Correspondent.objects.filter(conversation=conversation).exclude(side=Correspondent.Side.OPERATOR)
    gone = Concat(Value("erased-"), Cast(F("pk"), CharField()))  # no two alike, as the rows demand
    people.update(sealed_address="", address_hash=gone, name="", wants_mail=False, revoked_at=timezone.now())
