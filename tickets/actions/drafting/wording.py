"""The words around a mail: an admin's template, a group's own before the desk's; without one the usual ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from routing.models import Group
from tickets.composing.template import fill
from tickets.models import MailSettings, MailTemplate

Kind = MailTemplate.Kind


@dataclass(frozen=True)
class Wording:
    """What a template says, before anything is filled in."""

    subject: str
    body: str
    html: str = ""


USUAL: dict[str, tuple[Promise, Promise]] = {
    Kind.MESSAGE: (_("Your conversation with {team}"), _("{text}")),
    Kind.ACKNOWLEDGEMENT: (
        _("We have received your message"),
        _("Hello,\n\nyour message to {team} is here, and somebody will answer it. To add something, answer this mail."),
    ),
    Kind.RETURN_LINK: (
        _("Your private link to {team}"),
        _(
            "Hello,\n\nhere you find your conversation with {team}, with answers and documents as they come:"
            "\n\n{link}\n\nOn another device these eight words open it too:\n\n{words}\n\n"
            "Nobody needs your name or address for that. Don't pass it on: whoever has the link can open it."
        ),
    ),
    Kind.REMINDER: (
        _("A promise is due: {question}"),
        _("Hello {name},\n\nyou promised an answer by {due}:\n\n{question}\n\n{link}"),
    ),
    Kind.TOO_LARGE: (
        _("Your mail was too large"),
        _(
            "Hello,\n\nyour mail to {team} was larger than {limit} MB, so it could not be passed on. It is not lost, "
            "but please send the files here instead:\n\n{link}"
        ),
    ),
    Kind.ENCRYPTED: (
        _("Your encrypted mail could not be passed on"),
        _(
            "Hello,\n\nyour mail to {team} is encrypted, and can't be read here. Please write and send files "
            "here instead, over a protected connection:\n\n{link}"
        ),
    ),
    Kind.CODE: (
        _("Your code for {team}"),
        _("Hello,\n\nthis code opens your documents at {team}, once and for fifteen minutes:\n\n{code}"),
    ),
}
# What a template is shown with before anybody gets it.
SAMPLE = {
    "team": "Sales",
    "name": "Vera",
    "sender": "Alice",
    "text": "The linen jacket is back in stock, sizes S to L.",
    "question": "When is the linen jacket back?",
    "due": "Friday, 10:00",
    "link": "https://desk.example/return/sample/",
    "words": "apple river stone cloud paper music lemon tiger",
    "limit": "30",
    "code": "314 159",
}
RECORDED = _("This correspondence is recorded and may be read by the people responsible for it.")


def wording(kind: str, group: Group | None, language: str) -> Wording:
    """The template to use, never none."""
    rows = MailTemplate.objects.filter(kind=kind, language__in=(language, settings.LANGUAGE_CODE))
    for own in (group, None) if group else (None,):
        for spoken in dict.fromkeys((language, settings.LANGUAGE_CODE)):
            found = rows.filter(group=own, language=spoken).first()
            if found is not None:
                return Wording(found.subject, found.body, found.html)
    return usual(kind, language)


def usual(kind: str, language: str) -> Wording:
    """What the desk says where no admin wrote anything: also what a new template begins with."""
    with override(language):
        subject, body = USUAL[kind]
        return Wording(str(subject), str(body))


def recorded_notice(language: str) -> str:
    """The sentence below every mail: both sides are told that the correspondence is recorded."""
    with override(language):
        return MailSettings.load().recorded_text or str(RECORDED)


def filled(words: Wording, facts: Mapping[str, str]) -> Wording:
    return Wording(fill(words.subject, facts), fill(words.body, facts), words.html)
