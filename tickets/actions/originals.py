"""A mail as it came, with everything in it, and what became of it: for who may see both sides and says why."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from accounts.sealing import unseal
from chatdesk.protocol import Code, Refused
from tickets.actions.maskrules import rules_for
from tickets.actions.reasons import checked_reason
from tickets.masking import Found, mask_text
from tickets.models import Held, IncomingMail, Letter, OutgoingMail
from tickets.permissions import may_read_originals
from tickets.reading.message import read


@dataclass(frozen=True)
class Words:
    subject: str = ""
    text: str = ""
    folded: str = ""


@dataclass(frozen=True)
class Relayed:
    """A mail that brought it to somebody: `side` of Correspondent.Side, `state` of OutgoingMail.State."""

    name: str
    side: str
    state: str
    sent_at: datetime | None
    text: str


@dataclass(frozen=True)
class Original:
    """`raw` is the mail byte for byte. `words`: what a reader would have seen of it; `shown`: what everybody sees."""

    raw: bytes
    sender: str
    recipient: str
    words: Words
    shown: Words
    masked: tuple[Found, ...]
    relayed: tuple[Relayed, ...]
    decisions: tuple[Held, ...]


def readable(user: User, mail_id: int) -> IncomingMail:
    """The mail, if this person may read it as it came. Raises Refused `conversation.unknown`."""
    mail = IncomingMail.objects.select_related("conversation__group", "entry").filter(pk=mail_id).first()
    if mail is None or not may_read_originals(user, mail.conversation):
        raise Refused(Code.UNKNOWN, _("There is no such mail."))
    return mail


@transaction.atomic
def original_of(user: User, mail_id: int, reason: str) -> Original:
    """Raises Refused: `conversation.unknown` (none that this person may read), `form.incomplete` (no reason)."""
    mail = readable(user, mail_id)
    words = checked_reason(reason)
    record("mail.original", actor=user, on=mail.conversation or mail, reason=words, after={"mail": mail.pk})
    letter = Letter.objects.filter(incoming=mail).select_related("entry").first()
    said = said_in(letter) if letter else Words()
    shown = Words(letter.subject, letter.entry.body, letter.folded) if letter else Words()
    return Original(
        raw=bytes(mail.raw),
        sender=mail.envelope_from,
        recipient=mail.recipient,
        words=said,
        shown=shown,
        masked=_masked(mail, said, shown),
        relayed=_relayed(mail),
        decisions=_decisions(mail),
    )


def said_in(letter: Letter) -> Words:
    """What a letter says, unmasked; nothing of one whose visitor had it deleted."""
    return Words(**json.loads(unseal(letter.sealed_original) or "{}"))


def _masked(mail: IncomingMail, said: Words, shown: Words) -> tuple[Found, ...]:
    """Each place once, and only what really is not shown: the rules may have changed since."""
    if mail.conversation is None:
        return ()
    rules = rules_for(mail.conversation, None)
    pairs = ((said.subject, shown.subject), (said.text, shown.text), (said.folded, shown.folded))
    found = [each for text, seen in pairs for each in mask_text(text, rules).found if each.original not in seen]
    return tuple(dict.fromkeys(found))


def _relayed(mail: IncomingMail) -> tuple[Relayed, ...]:
    if mail.entry is None:
        return ()
    seq = mail.entry.seq
    rows = OutgoingMail.objects.filter(conversation=mail.entry.conversation_id, kind=OutgoingMail.Kind.RELAY)
    carriers = rows.filter(first_seq__lte=seq, last_seq__gte=seq, to__isnull=False).select_related("to").order_by("pk")
    return tuple(_as_relayed(row) for row in carriers)


def _as_relayed(row: OutgoingMail) -> Relayed:
    name, side = (row.to.name, row.to.get_side_display()) if row.to else ("", "")
    text = read(bytes(row.content)).text if row.content else ""
    return Relayed(name, side, row.get_state_display(), row.sent_at, text)


def _decisions(mail: IncomingMail) -> tuple[Held, ...]:
    about = Q(incoming=mail) | Q(entry=mail.entry) if mail.entry else Q(incoming=mail)
    return tuple(Held.objects.filter(about).select_related("decided_by").order_by("pk"))
