"""The mail that brings one side's words and files to the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chatdesk.models import Conversation, Entry, Kind
from tickets.actions.drafting.boxes import box_facts
from tickets.actions.drafting.envelope import Said, draft_of
from tickets.actions.drafting.files import Enclosed, enclose
from tickets.actions.drafting.people import shown_writer, visitor_alias, writer_name
from tickets.actions.drafting.rich import rich
from tickets.actions.drafting.wording import Kind as Template
from tickets.actions.maskrules import rules_for
from tickets.actions.outbox.reach import for_them
from tickets.composing.look import paragraphs
from tickets.composing.message import Draft
from tickets.masking import Rules, What, mask_text
from tickets.models import Correspondent, Held, Letter, OperatorMail, OutgoingMail

Side = Correspondent.Side


class Nothing(Exception):
    """There is nothing in it for this reader any more."""


def relay(mail: OutgoingMail, language: str, now: datetime) -> Draft:
    """Words and files of the mail's entries for its correspondent. Raises Nothing, and the storage's errors."""
    if mail.to is None or mail.conversation is None:
        raise Nothing
    entries = for_them(mail.to, mail.first_seq, mail.last_seq)
    if not entries:
        raise Nothing
    rules = rules_for(mail.conversation, mail.to)
    html, shown = rich(entries, rules)
    enclosed = enclose(entries, rules, shown)
    below = [part for part in (*_beside(mail.to, mail.conversation, enclosed), _signature(entries)) if part]
    said = Said(
        template=Template.MESSAGE,
        language=language,
        name=shown_writer(entries, mail.to, rules),
        subject=_subject(mail.to, rules),
        text="\n\n".join([*_texts(entries, rules), *below]),
        html=html + paragraphs("\n\n".join(below)) if html else "",
        files=enclosed.attached,
    )
    return draft_of(mail, said, now)


def _texts(entries: Sequence[Entry], rules: Rules) -> list[str]:
    said = [entry for entry in entries if entry.kind == Kind.MESSAGE]
    names = [writer_name(entry, rules) for entry in said]
    several = len(set(names)) > 1
    texts = [masked_body(entry, rules) for entry in said]
    return [f"{name}:\n{text}" if several else text for name, text in zip(names, texts, strict=True)]


def masked_body(entry: Entry, rules: Rules) -> str:
    """The text as it may leave: what a person released of it stays, but never an address of the people here."""
    masked = mask_text(entry.body, rules)
    released = Held.objects.filter(entry=entry, reason=Held.Reason.ADDRESS_WRITTEN, state=Held.State.RELEASED)
    if not masked.found or not released.exists():
        return masked.text
    stays = {each.original.lower() for each in masked.found if each.kind == What.ADDRESS}
    return mask_text(entry.body, replace(rules, allowed=rules.allowed | stays)).text


def _beside(to: Correspondent, conversation: Conversation, enclosed: Enclosed) -> list[str]:
    """What is said of files that do not come along."""
    words = []
    if enclosed.too_large:
        count = len(enclosed.too_large)
        text = ngettext("This file is too large for a mail:", "These files are too large for a mail:", count)
        words.append("\n".join([text, *enclosed.too_large, "", _collect_here(to, conversation)]))
    if enclosed.held:
        text = _("Being checked before it is passed on; it follows in a mail of its own:")
        words.append("\n".join([text, *enclosed.held]))
    return words


def _collect_here(to: Correspondent, conversation: Conversation) -> str:
    if to.side == Side.THIRD:
        return _("Ask for another way to get it by answering this mail.")
    link = box_facts(conversation)["link"] if to.side == Side.VISITOR else f"{settings.SITE_URL}/desk/"
    return _("Collect it here: %(link)s") % {"link": link}


def _signature(entries: Sequence[Entry]) -> str:
    writers = {entry.participant.user_id for entry in entries if entry.participant}
    if len(writers) != 1:
        return ""
    wish = OperatorMail.objects.filter(user__in=writers).first()
    return f"-- \n{wish.signature}" if wish and wish.signature else ""


def _subject(to: Correspondent, rules: Rules) -> str:
    """The thread's own subject, masked; empty if it has none."""
    letters = Letter.objects.filter(entry__conversation=to.conversation_id).exclude(subject="")
    if to.side == Side.THIRD:
        letters = letters.filter(sender=to)
    subject = letters.order_by("pk").values_list("subject", flat=True).first()
    if subject:
        bare = mask_text(_without_re(subject), rules).text
        return bare if to.side == Side.OPERATOR else f"Re: {bare}"
    if to.side == Side.OPERATOR:
        return _("Conversation with %(name)s") % {"name": visitor_alias(to.conversation, rules)}
    return ""


def _without_re(subject: str) -> str:
    while subject[:3].lower() in ("re:", "aw:", "sv:"):
        subject = subject[3:].strip()
    return subject
