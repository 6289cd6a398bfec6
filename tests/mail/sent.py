"""Reading what left: a mail of the sink, parsed as a strict reader would."""

from __future__ import annotations

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from tests.mail.world import World
from tests.services.sink import Taken
from tickets.models import OutgoingMail

State = OutgoingMail.State


def parsed(raw: bytes) -> EmailMessage:
    mail = message_from_bytes(raw, policy=default)
    assert isinstance(mail, EmailMessage)
    assert mail.defects == []
    return mail


def said(raw: bytes) -> str:
    """The plain text of a mail."""
    body = parsed(raw).get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def files_of(raw: bytes) -> dict[str, bytes]:
    """The files of a mail by name."""
    found = {}
    for part in parsed(raw).iter_attachments():
        content = part.get_content()
        found[part.get_filename() or ""] = content.encode() if isinstance(content, str) else content
    return found


def only(world: World) -> Taken:
    """The one mail that left."""
    (taken,) = world.out()
    return taken


def rows(*kinds: str) -> list[OutgoingMail]:
    """The mails queued, of these kinds or of any, the oldest first."""
    queued = OutgoingMail.objects.order_by("pk")
    return list(queued.filter(kind__in=kinds) if kinds else queued)


def states(*kinds: str) -> list[str]:
    return [str(row.state) for row in rows(*kinds)]
