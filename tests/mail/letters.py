"""Mails as people's programs write them, in few words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from email.message import EmailMessage
from email.utils import make_msgid

from tests.mail.people import SUPPORT, Person, V

File = tuple[str, str, bytes]  # name, media type, bytes


def letter(
    by: Person = V,
    text: str = "Hello",
    *,
    to: str = SUPPORT,
    subject: str = "A question",
    html: str = "",
    files: Sequence[File] = (),
    headers: Mapping[str, str] | None = None,
    message_id: str = "",
) -> bytes:
    """A mail as bytes, with CRLF. `headers` replace what stands there, or are added."""
    mail = EmailMessage()
    facts = {
        "From": by.mailbox,
        "To": to,
        "Subject": subject,
        "Date": "Sun, 22 Nov 2026 16:30:00 +0530",
        "Message-ID": message_id or make_msgid(domain=by.host),
    }
    for name, value in (facts | dict(headers or {})).items():
        mail[name] = value
    mail.set_content(text)
    if html:
        mail.add_alternative(html, subtype="html")
    for name, media_type, data in files:
        main, _, sub = media_type.partition("/")
        mail.add_attachment(data, maintype=main, subtype=sub, filename=name)
    return mail.as_bytes(policy=mail.policy.clone(linesep="\r\n"))


def proven(raw: bytes, domain: str, server: str) -> bytes:
    """As our own server hands it on: with what it found out about the sender, above everything else."""
    return f"Authentication-Results: {server}; dmarc=pass header.from={domain}\r\n".encode() + raw
