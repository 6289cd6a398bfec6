"""What the desk's own pages and exports may tell of correspondence by mail."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from chatdesk.exporting import Beside
from chatdesk.models import Conversation
from tickets.actions.correspondents import address_of
from tickets.actions.originals import said_in
from tickets.models import Correspondent, IncomingMail, Letter, OutgoingMail
from tickets.permissions import may_read_originals


def visitor_address(conversation: Conversation) -> str:
    """Where the visitor's mail goes; '' if they have none."""
    rows = Correspondent.objects.filter(conversation=conversation, side=Correspondent.Side.VISITOR)
    known = rows.exclude(sealed_address="").first()
    return address_of(known) if known else ""


def told(user: User, conversation: Conversation) -> Mapping[int, Beside]:
    """For an export, of each entry that came or left by mail: what both sides read of it besides its text, and how
    far it got; for who may read originals also who wrote it, where to, and what, unmasked.
    """
    letters = Letter.objects.filter(entry__conversation=conversation).select_related("entry", "incoming")
    opens = may_read_originals(user, conversation)
    facts = {letter.entry.seq: _came(letter, opens) for letter in letters}
    for seq, each in _left(conversation):
        facts.setdefault(seq, {}).setdefault("sent", []).append(each)
    return {seq: Beside("mail", each, tuple(_lines(each))) for seq, each in facts.items()}


def _came(letter: Letter, opens: bool) -> dict[str, Any]:
    facts = {
        "received": letter.incoming.received_at,
        "subject": letter.subject,
        "folded": letter.folded,
        "by_machine": letter.is_machine,
        "sender_proven": not letter.is_unproven,
        "places_masked": letter.masked_count,
    }
    return facts | {"original": _original(letter, letter.incoming)} if opens else facts


def _original(letter: Letter, mail: IncomingMail) -> dict[str, str]:
    said = said_in(letter)
    words = {"subject": said.subject, "text": said.text, "folded": said.folded}
    return {"from": mail.envelope_from, "to": mail.recipient, **words}


def _left(conversation: Conversation) -> Iterable[tuple[int, dict[str, Any]]]:
    rows = OutgoingMail.objects.filter(conversation=conversation, kind=OutgoingMail.Kind.RELAY).select_related("to")
    for mail in rows.defer("content").order_by("pk"):
        fact = {"to": mail.to.side if mail.to else "", "state": mail.state, "at": mail.sent_at}
        yield from ((seq, fact) for seq in range(mail.first_seq, mail.last_seq + 1))


def _lines(facts: dict[str, Any]) -> Iterable[str]:
    """The same to read."""
    if "received" in facts:
        yield _("[by mail] %(subject)s") % {"subject": facts["subject"]}
    if facts.get("folded"):
        yield _("[folded away] %(text)s") % {"text": facts["folded"]}
    for key, value in facts.get("original", {}).items():
        if value:
            yield _("[original, %(what)s] %(text)s") % {"what": key, "text": value}
    for each in facts.get("sent", ()):
        yield _("[mailed] %(to)s: %(state)s") % {"to": each["to"], "state": each["state"]}
