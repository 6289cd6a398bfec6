"""Mails of the desk itself: that something came, that something waits, reminders, copies for the owner, self-tests."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.sealing import unseal
from chatdesk.models import Conversation, Entry, Kind
from chatdesk.querysets import SAID
from tickets.actions.drafting.boxes import box_facts
from tickets.actions.drafting.envelope import Said, draft_of
from tickets.actions.drafting.files import enclose
from tickets.actions.drafting.people import visitor_alias, writer_name
from tickets.actions.drafting.relay import Nothing, masked_body
from tickets.actions.drafting.wording import SAMPLE, Wording
from tickets.actions.drafting.wording import Kind as Template
from tickets.actions.maskrules import rules_for
from tickets.actions.pickup.codes import code_of
from tickets.composing.message import Draft
from tickets.masking import Rules
from tickets.models import Correspondent, MailPolicy, MailSettings, OutgoingMail


def acknowledgement(mail: OutgoingMail, language: str, now: datetime) -> Draft:
    return draft_of(mail, Said(template=Template.ACKNOWLEDGEMENT, language=language), now)


def return_link(mail: OutgoingMail, language: str, now: datetime) -> Draft:
    """The secrets of the box come from the box: a row to be sent never holds them."""
    return draft_of(mail, Said(Template.RETURN_LINK, language, facts=box_facts(mail.conversation)), now)


def notice(mail: OutgoingMail, language: str, now: datetime) -> Draft:
    """`facts["template"]` says which; the other facts fill it. `link` is the box's, unless it is given."""
    facts = {name: str(value) for name, value in mail.facts.items() if name not in ("template", "language")}
    template = str(mail.facts.get("template", Template.REMINDER))
    if "trial" in mail.facts:
        return trial(mail, language, now)
    if template in (Template.TOO_LARGE, Template.ENCRYPTED):
        facts = box_facts(mail.conversation) | {"limit": str(MailSettings.load().size_limit_mb)} | facts
    if template == Template.CODE and mail.conversation is not None:
        facts |= {"code": code_of(mail.conversation)}
    facts.setdefault("link", f"{settings.SITE_URL}/desk/")
    return draft_of(mail, Said(template, language, facts=facts), now)


def trial(mail: OutgoingMail, language: str, now: datetime) -> Draft:
    """A template as its admin asked to see it, filled with what only looks real."""
    words = Wording(**mail.facts["trial"])
    return draft_of(mail, Said(Template.MESSAGE, language, text=SAMPLE["text"], facts=SAMPLE, words=words), now)


def self_test(mail: OutgoingMail, language: str, now: datetime) -> Draft:
    text = _("This mail is a test of the desk's own. It is to come back unchanged.")
    text = "\n\n".join([text, *map(str, mail.facts.get("findings", ()))])
    return draft_of(mail, Said(Template.MESSAGE, language, name="chatdesk", subject=_("Self-test"), text=text), now)


def copy(mail: OutgoingMail, language: str, now: datetime) -> Draft:
    """What was said, as the two sides saw it; for a CRM that the admin set so, with the real addresses."""
    conversation = mail.conversation
    if conversation is None:
        raise Nothing
    span = Entry.objects.filter(conversation=conversation, seq__gte=mail.first_seq, seq__lte=mail.last_seq)
    entries = span.filter(kind__in=SAID).order_by("seq")
    shown = list(entries.select_related("conversation", "participant__user", "file", "letter__sender"))
    rules = None if _is_unmasked(mail, conversation) else rules_for(conversation, None)
    plain = rules or Rules()
    enclosed = enclose(shown, rules)
    texts = [_line(entry, rules, plain) for entry in shown]
    left_out = [_("Not attached: %(name)s") % {"name": name} for name in (*enclosed.too_large, *enclosed.held)]
    subject = _("Conversation with %(name)s") % {"name": visitor_alias(conversation, plain)}
    said = Said(
        template=Template.MESSAGE,
        language=language,
        name=conversation.group.name,
        subject=subject,
        text="\n\n".join([*_who(conversation, rules), *texts, *left_out]),
        files=enclosed.attached,
    )
    return draft_of(mail, said, now)


def _is_unmasked(mail: OutgoingMail, conversation: Conversation) -> bool:
    policy = MailPolicy.objects.filter(group=conversation.group_id, crm_unmasked=True)
    return mail.copy_for == "crm" and policy.exists()


def _line(entry: Entry, rules: Rules | None, plain: Rules) -> str:
    head = f"{entry.at.astimezone(UTC):%Y-%m-%d %H:%M} UTC, {writer_name(entry, plain)}:"
    if entry.kind == Kind.FILE:
        return f"{head} {entry.body}" if rules is None else head
    return f"{head}\n{masked_body(entry, rules) if rules is not None else _original(entry)}"


def _original(entry: Entry) -> str:
    """The text as it was written: by mail it is kept sealed beside the masked one."""
    letter = getattr(entry, "letter", None)
    kept = unseal(letter.sealed_original) if letter is not None else ""
    return str(json.loads(kept).get("text") or entry.body) if kept else entry.body


def _who(conversation: Conversation, rules: Rules | None) -> Sequence[str]:
    if rules is not None:
        return []
    people = Correspondent.objects.filter(conversation=conversation).order_by("pk")
    return [f"{person.get_side_display()}: {unseal(person.sealed_address)}" for person in people]
