"""The mails of the demo archive: what brought the first entry of some conversations."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from email.message import EmailMessage
from email.utils import format_datetime

from accounts.sealing import seal
from chatdesk.models import Conversation, Entry
from tickets.models import IncomingMail, Letter

TO = "help@desk.example"


def invent_mails(conversations: Sequence[Conversation]) -> None:
    """An incoming mail and a letter for the first entry of each, in the transaction that made them."""
    entries = Entry.objects.filter(conversation__in=conversations, seq=1).select_related("conversation")
    rows = list(entries.order_by("conversation"))
    mails = IncomingMail.objects.bulk_create(_mail(entry) for entry in rows)
    Letter.objects.bulk_create(_letters(rows, mails))


def _mail(entry: Entry) -> IncomingMail:
    raw = _raw(entry)
    return IncomingMail(
        via=IncomingMail.Via.FILE,
        recipient=TO,
        envelope_from=_sender(entry),
        message_id=f"<{entry.conversation.ref}@shop.example>",
        digest=hashlib.sha256(raw).hexdigest(),
        raw=raw,
        size=len(raw),
        received_at=entry.at,
        state=IncomingMail.State.DONE,
        conversation=entry.conversation,
        entry=entry,
    )


def _letters(rows: Iterable[Entry], mails: Iterable[IncomingMail]) -> list[Letter]:
    return [
        Letter(
            entry=entry,
            incoming=mail,
            subject=_subject(entry),
            sealed_original=seal(json.dumps({"subject": _subject(entry), "text": entry.body, "folded": ""})),
        )
        for entry, mail in zip(rows, mails, strict=True)
    ]


def _raw(entry: Entry) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = _sender(entry), TO, _subject(entry)
    mail["Date"] = format_datetime(entry.at)
    mail["Message-ID"] = f"<{entry.conversation.ref}@shop.example>"
    mail.set_content(entry.body)
    return mail.as_bytes()


def _sender(entry: Entry) -> str:
    return entry.conversation.email or f"{entry.conversation.mark.lower()}@shop.example"


def _subject(entry: Entry) -> str:
    return entry.body[:60]
