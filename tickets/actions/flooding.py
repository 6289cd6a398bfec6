"""Many mails from one sender in a short time: all are kept and can be read, in one conversation instead of in many."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import QuerySet

from accounts.rows import answers
from tickets import remarks
from tickets.actions.threads import Route
from tickets.models import Correspondent, IncomingMail

MOST, IN_TIME = 20, timedelta(minutes=10)
FLOOD = "flood"
BEFORE = """
SELECT 1 FROM tickets_incomingmail
WHERE sender_hash = %s AND recipient = %s AND id < %s AND received_at > %s AND received_at <= %s LIMIT %s
"""


def is_flooding(mail: IncomingMail) -> bool:
    """Whether its sender had sent as many as a person does to this address within the ten minutes before."""
    if not mail.sender_hash:
        return False
    since = mail.received_at - IN_TIME
    asked = (mail.sender_hash, mail.recipient, mail.pk, since, mail.received_at, MOST)
    return len(answers(BEFORE, asked)) >= MOST


def folded(mail: IncomingMail, way: Route, state: str) -> Route:
    """The way of a mail too many: into the conversation of the first one too many, if its sender was proven as well.

    `state`: of the proof of its sender.
    """
    if way.correspondent is not None:
        return Route(way.correspondent, remarks=(*way.remarks, remarks.FLOOD))
    writer = _writer_of(mail) if mail.entry_id else _writer_before(mail, state)
    if writer is None:
        return Route(address=way.address, remarks=(*way.remarks, remarks.FLOOD), related=way.related)
    return Route(writer, remarks=(remarks.FLOOD,))


def _lately(mail: IncomingMail) -> QuerySet[IncomingMail]:
    same = IncomingMail.objects.filter(sender_hash=mail.sender_hash, recipient=mail.recipient, pk__lt=mail.pk)
    span = same.filter(received_at__gt=mail.received_at - IN_TIME, received_at__lte=mail.received_at)
    return span.defer("raw").order_by("-pk")


def _writer_before(mail: IncomingMail, state: str) -> Correspondent | None:
    before = _lately(mail).filter(facts__flood=state, conversation__closed_at=None).exclude(conversation=None).first()
    return _writer_of(before) if before is not None else None


def _writer_of(mail: IncomingMail) -> Correspondent | None:
    side = Correspondent.Side.VISITOR
    rows = Correspondent.objects.select_related("conversation__group", "participant__user")
    return rows.filter(conversation=mail.conversation_id, side=side, revoked_at=None).first()
