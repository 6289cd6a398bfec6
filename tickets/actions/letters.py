"""What a mail says, as an entry and what goes with it: trimmed, masked, and the original sealed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy

from accounts.rows import answers
from accounts.sealing import seal
from chatdesk.hiding import hidden
from chatdesk.language import for_everybody
from chatdesk.models import Entry
from chatdesk.sitelimits import site_settings
from tickets import remarks
from tickets.actions.events import told_events
from tickets.actions.standing import sender_of
from tickets.masking import Found, Rules, What, mask_html, mask_text
from tickets.models import IncomingMail, Letter
from tickets.reading.html import clean_html
from tickets.reading.message import Message
from tickets.reading.trimming import Trimmed
from tickets.reading.visible import visible_text

LONGEST_SUBJECT = 300
UNSTORABLE = {0: None} | dict.fromkeys(range(0xD800, 0xE000), "\ufffd")
NO_TEXT = gettext_lazy("(no text)")
SAME_ID = "SELECT 1 FROM tickets_incomingmail WHERE message_id = %s AND received_at < %s AND digest <> %s LIMIT 1"


@dataclass(frozen=True)
class Words:
    """`body` is the entry's text; `letter` the fields of its Letter. `written`: addresses of nobody here, masked."""

    body: str
    letter: dict[str, Any]
    written: int = 0


def words_of(message: Message, mail: IncomingMail, rules: Rules) -> Words:
    """The mail's words for everybody who may read the conversation, and the sealed original for who may see contacts.

    Never raises for what a mail contains.
    """
    trimmed = Trimmed("") if message.is_encrypted or mail.is_cut else visible_text(message)
    said, cut = storable(_said(trimmed, message)), storable(trimmed.folded)
    subject = storable(" ".join(message.subject.split()))
    visible, folded = mask_text(said, rules), mask_text(cut, rules)
    html = mask_html(clean_html(storable(message.html)), rules) if message.html and not message.is_encrypted else None
    title = mask_text(subject, rules)
    body, rest = _fitted(visible.text or _nothing_said(message, mail))
    original = {"subject": subject, "text": said, "folded": cut}
    letter = {
        "subject": title.text[:LONGEST_SUBJECT],
        "folded": "\n".join(part for part in (rest, folded.text) if part),
        "html": html.text if html else "",
        "sealed_original": seal(json.dumps(original)),
        "masked_count": sum(len(each.found) for each in (visible, folded, title) + ((html,) if html else ())),
        "remarks": _remarks(message, mail, bool(rest)),
    }
    return Words(body, letter, written=_addresses(visible.found))


def _said(trimmed: Trimmed, message: Message) -> str:
    """What its writer wrote, and the events it announces."""
    told = told_events(message.files)
    return "\n\n".join(part for part in (trimmed.visible.strip(), hidden(told).text if told else "") if part)


def _addresses(found: Sequence[Found]) -> int:
    return sum(each.kind == What.ADDRESS for each in found)


def add_remarks(entry: Entry, words: Sequence[str]) -> None:
    """Once each."""
    letter = Letter.objects.filter(entry=entry).first() if words else None
    if letter is not None and not set(words) <= set(letter.remarks):
        letter.remarks = list(dict.fromkeys([*letter.remarks, *words]))
        letter.save(update_fields=["remarks"])


def storable(text: str) -> str:
    return text.translate(UNSTORABLE)


def _nothing_said(message: Message, mail: IncomingMail) -> str:
    if mail.is_cut or message.is_encrypted:
        return for_everybody(remarks.WORDS[remarks.TOO_LARGE if mail.is_cut else remarks.ENCRYPTED])
    return for_everybody(NO_TEXT if message.is_readable else remarks.WORDS[remarks.UNREADABLE])


def _fitted(text: str) -> tuple[str, str]:
    """What an entry can hold, and the rest."""
    limit = site_settings().message_limit
    if len(text) <= limit:
        return text, ""
    cut = text.rfind("\n", limit // 2, limit)
    cut = cut if cut > 0 else limit
    return text[:cut], text[cut:]


def _remarks(message: Message, mail: IncomingMail, is_cut: bool) -> list[str]:
    found = {
        remarks.CUT: is_cut,
        remarks.TOO_LARGE: mail.is_cut,
        remarks.ENCRYPTED: message.is_encrypted,
        remarks.UNREADABLE: not message.is_readable and not mail.is_cut,
        remarks.ID_USED_AGAIN: _id_was_used(mail),
        remarks.ANSWERS_ELSEWHERE: _answers_elsewhere(message),
    }
    return [remark for remark, holds in found.items() if holds]


def _id_was_used(mail: IncomingMail) -> bool:
    return mail.message_id != "" and bool(answers(SAME_ID, (mail.message_id, mail.received_at, mail.digest)))


def _answers_elsewhere(message: Message) -> bool:
    sender = sender_of(message)
    wanted = {each.address.lower() for each in message.reply_to}
    return bool(wanted) and (sender is None or wanted != {sender.address.lower()})
