"""From what is to be said to the draft of a mail: its words filled in, its headers, its thread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from tickets.actions.drafting.people import recipient, sender, team_of
from tickets.actions.drafting.wording import Wording, filled, recorded_notice, wording
from tickets.composing.ids import loop_mark, thread_id
from tickets.composing.look import page, paragraphs
from tickets.composing.message import Attachment, Draft
from tickets.composing.template import fill, names_in
from tickets.models import MailSettings, OutgoingMail

Kind = OutgoingMail.Kind
REFERENCES = 10
PLACE = "\ue000"  # a private character: stands for what is HTML already
AUTOMATIC: dict[str, str] = {
    Kind.RELAY: "",
    Kind.ACKNOWLEDGEMENT: "auto-replied",
}  # all others: auto-generated (RFC 3834, 5)


@dataclass(frozen=True)
class Said:
    """What a mail is to say. `name` stands above it; an empty `subject` leaves it to the template.

    `html` is what `text` says, as cleaned HTML; without it, it is made from `text`.
    """

    template: str
    language: str
    name: str = ""
    subject: str = ""
    text: str = ""
    html: str = ""
    files: Sequence[Attachment] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    words: Wording | None = None  # these instead of the template's


def draft_of(mail: OutgoingMail, said: Said, now: datetime) -> Draft:
    """The whole draft. `now` is its Date."""
    group = mail.conversation.group if mail.conversation else None
    team = team_of(mail.conversation)
    name = said.name or team
    facts = {"team": team, "sender": name, "name": _called(mail), **said.facts, "text": said.text}
    template = said.words or wording(said.template, group, said.language)
    words = filled(template, facts)
    subject = said.subject or words.subject
    footer = recorded_notice(said.language)
    body = _whole(template, words.body, said.text)
    return Draft(
        sender=sender(mail, name),
        recipient=recipient(mail),
        subject=subject,
        message_id=mail.message_id,
        date=now,
        text=f"{body}\n\n{footer}\n",
        html=page(
            words.html,
            language=said.language,
            subject=subject,
            team=team,
            text=_as_html(template.body, facts, said, body),
            footer=footer,
        ),
        references=references(mail),
        files=said.files,
        automatic=AUTOMATIC.get(mail.kind, "auto-generated"),
        loop_mark=loop_mark(),
    )


def _as_html(template: str, facts: Mapping[str, str], said: Said, body: str) -> str:
    """The template's words as paragraphs, and the HTML in the place of its text."""
    if not said.html or "text" not in names_in(template):
        return paragraphs(body) if not said.html else f"{paragraphs(fill(template, facts))}\n{said.html}"
    around = paragraphs(fill(template, {**facts, "text": PLACE}).strip())
    return around.replace(f'<p dir="auto">{PLACE}</p>', said.html).replace(PLACE, said.html)


def _whole(template: Wording, body: str, text: str) -> str:
    """A template that forgot `{text}` loses nobody's words."""
    missing = text and "text" not in names_in(template.body)
    return f"{body.rstrip()}\n\n{text}".strip() if missing else body.strip()


def references(mail: OutgoingMail) -> list[str]:
    """Ids of ours alone: the thread's own first, then those of the latest mails to the same recipient."""
    if mail.conversation is None:
        return []
    earlier = OutgoingMail.objects.filter(conversation=mail.conversation, to=mail.to, pk__lt=mail.pk)
    sent = earlier.filter(to__isnull=False, sent_at__isnull=False).order_by("-pk")
    ids = list(sent.values_list("message_id", flat=True)[:REFERENCES])
    return [thread_id(mail.conversation.ref, MailSettings.load().relay_domain), *reversed(ids)]


def _called(mail: OutgoingMail) -> str:
    """How the recipient is addressed, if the template wants to."""
    return mail.to.name if mail.to and "@" not in mail.to.name else ""
