"""A desk that gets mail, and who writes to it: for tests of the ways in. Nothing leaves here."""

from __future__ import annotations

from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from typing import Any

from chatdesk.models import Conversation, Entry
from tests.factories import Cast, make_cast, make_conversation
from tickets.actions import correspondents
from tickets.actions.processing import process
from tickets.actions.receiving import keep
from tickets.composing.tokens import kept_local_part
from tickets.models import Correspondent, ForwardingAddress, Held, IncomingMail, Letter, MailSettings
from tickets.reading.envelope import Envelope

RELAY, SUPPORT, SALES = "relay.test", "support@relay.test", "sales@relay.test"
V, X = "v.real@home.test", "x.stranger@else.test"
OUR_SERVER = "mx.relay.test"
PROVEN = f"{OUR_SERVER}; dmarc=pass header.from="


def a_mail(
    sender: str = V,
    to: str = SUPPORT,
    text: str = "Hello, my lamp does not light.",
    *,
    files: dict[str, bytes] | None = None,
    proven: bool = False,
    **headers: str,
) -> bytes:
    """A mail with CRLF line ends. `headers` with _ for -; `files` of plain text by name; `proven` by our own server."""
    mail = EmailMessage(policy.SMTP.clone(max_line_length=900))  # else Python encodes a long Message-ID
    if proven:
        mail["Authentication-Results"] = PROVEN + sender.rpartition("@")[2].strip(">")
    given = {"From": sender, "To": to, "Subject": "A lamp", "Date": "Sun, 22 Nov 2026 10:00:00 +0530"}
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    for name, value in given.items():
        if value:
            mail[name] = value
    mail.set_content(text)
    for name, data in (files or {}).items():
        mail.add_attachment(data, maintype="text", subtype="plain", filename=name)
    return mail.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


@dataclass
class Office:
    """The desk: two groups with an address each; its own server proves senders."""

    cast: Cast = field(default_factory=make_cast)

    def __post_init__(self) -> None:
        MailSettings.objects.update_or_create(pk=1, defaults={"relay_domain": RELAY, "trusted_results": OUR_SERVER})
        ForwardingAddress.objects.create(address=SUPPORT, group=self.cast.support)
        ForwardingAddress.objects.create(address=SALES, group=self.cast.sales)

    def gets(self, raw: bytes, to: str = SUPPORT, **told: Any) -> IncomingMail:
        """As if it came by SMTP: kept, and worked off."""
        return process(self.keeps(raw, to, **told).pk)

    def keeps(self, raw: bytes, to: str = SUPPORT, **told: Any) -> IncomingMail:
        """As our own mail server hands it on."""
        envelope = Envelope(**{"via": "smtp", "recipient": to, "sender": V, **told})
        return keep(raw, envelope).mail

    def talk(self, **facts: Any) -> tuple[Conversation, Correspondent]:
        """A conversation with V, who corresponds by mail."""
        conversation = make_conversation(self.cast.support_button, operator=self.cast.bob, **facts)
        return conversation, correspondents.of_visitor(conversation, V, "Vera")


def token(correspondent: Correspondent) -> str:
    """The address they write to."""
    return f"{kept_local_part(correspondent.nonce, correspondent.token_hash)}@{RELAY}"


def said(conversation: Conversation) -> list[str]:
    """What was said, without joins and notices."""
    return list(conversation.entries.filter(kind="message").order_by("seq").values_list("body", flat=True))


def files(conversation: Conversation) -> list[str]:
    return list(conversation.entries.filter(kind="file").order_by("seq").values_list("body", flat=True))


def letter_of(mail: IncomingMail) -> Letter:
    return Letter.objects.get(entry=entry_of(mail))


def entry_of(mail: IncomingMail) -> Entry:
    assert mail.entry is not None, (mail.state, mail.error, mail.facts)
    return mail.entry


def held(mail: IncomingMail) -> list[str]:
    return list(Held.objects.filter(incoming=mail).order_by("pk").values_list("reason", flat=True))


def of(mail: IncomingMail) -> Conversation:
    assert mail.conversation is not None, (mail.state, mail.error, mail.facts)
    return mail.conversation
