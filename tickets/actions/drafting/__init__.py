"""Composing a queued mail from what the desk stored, when it is first due: its bytes are kept before SMTP begins."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.utils.translation import override

from accounts.sealing import unseal
from tickets.actions.drafting.others import acknowledgement, copy, notice, return_link, self_test
from tickets.actions.drafting.people import recipient
from tickets.actions.drafting.relay import Nothing, relay
from tickets.actions.drafting.transcript import transcript
from tickets.composing.message import Draft, compose
from tickets.composing.signing import Signer, sign
from tickets.models import Correspondent, MailSettings, OutgoingMail

__all__ = ["Nothing", "content_of", "recipient", "signer"]

Kind = OutgoingMail.Kind
WRITERS: dict[str, Callable[[OutgoingMail, str, datetime], Draft]] = {
    Kind.RELAY: relay,
    Kind.ACKNOWLEDGEMENT: acknowledgement,
    Kind.RETURN_LINK: return_link,
    Kind.NOTICE: notice,
    Kind.COPY: copy,
    Kind.TRANSCRIPT: transcript,
    Kind.TEST: self_test,
}


def content_of(mail: OutgoingMail, now: datetime) -> bytes:
    """The mail as it will leave, signed, CRLF line ends. Raises Nothing, and the storage's errors."""
    language = language_of(mail)
    with override(language):
        draft = WRITERS[mail.kind](mail, language, now)
    return sign(compose(draft), signer())


def signer() -> Signer | None:
    """With what the desk signs; None until it has a key."""
    own = MailSettings.load()
    key = unseal(own.dkim_key)
    return Signer(own.relay_domain, own.dkim_selector, key) if key and own.dkim_selector else None


def language_of(mail: OutgoingMail) -> str:
    """The visitor's for the visitor; the desk's for its people and everybody else."""
    known = {code for code, _name in settings.LANGUAGES}
    asked = str(mail.facts.get("language", ""))
    if mail.to is not None and mail.to.side == Correspondent.Side.VISITOR:
        asked = asked or mail.to.conversation.request.language
    return next((each for each in (asked, asked.partition("-")[0]) if each in known), settings.LANGUAGE_CODE)
