"""What mail and boxes keep of a conversation whose visitor had it deleted."""

from __future__ import annotations

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
    mails = IncomingMail.objects.filter(Q(conversation=conversation) | Q(letters__entry__conversation=conversation))
    _forget_mails(dict(mails.values_list("pk", "message_id")))
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
