"""Building a mail from what the desk stored: no byte of a mail that came in is in a mail that goes out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage, MIMEPart
from email.policy import SMTP
from email.utils import format_datetime

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
HEADER_LINES = SMTP.clone(max_line_length=200)  # an id that is folded is no id any more
AUTOMATIC = {"Precedence": "auto_reply", "X-Auto-Response-Suppress": "All"}
LONGEST_SUBJECT = 200


@dataclass(frozen=True)
class Mailbox:
    """Somebody in a header: the name that people see, and the address."""

    name: str
    address: str


@dataclass(frozen=True)
class Attachment:
    """A file to go along. `content_id` (without brackets) only if the HTML shows it in place."""

    name: str
    media_type: str
    data: bytes
    content_id: str = ""


@dataclass(frozen=True)
class Draft:
    """All that a mail says. `automatic` is '' for what a person wrote, else the value of Auto-Submitted (RFC 3834)."""

    sender: Mailbox
    recipient: str
    subject: str
    message_id: str
    date: datetime
    text: str
    html: str = ""
    references: Sequence[str] = ()
    files: Sequence[Attachment] = field(default=())
    automatic: str = ""
    loop_mark: str = ""


def compose(draft: Draft) -> bytes:
    """The whole mail with CRLF line ends, ready for DATA but for dot-stuffing.

    Its headers are From, To, Subject, Date (UTC), Message-ID, References, MIME-Version and Content-*; on what a machine
    wrote also those that keep other machines silent.
    """
    mail = EmailMessage(policy=SMTP)
    mail["From"] = _address(draft.sender)
    mail["To"] = Address(addr_spec=draft.recipient)
    mail["Subject"] = one_line(draft.subject)[:LONGEST_SUBJECT]
    mail["Date"] = format_datetime(draft.date.astimezone(UTC))
    mail["Message-ID"] = draft.message_id
    if draft.references:
        mail["In-Reply-To"] = draft.references[-1]
        mail["References"] = " ".join(draft.references)
    if draft.automatic:
        _say_automatic(mail, draft)
    _fill(mail, draft)
    return mail.as_bytes(policy=HEADER_LINES)


def one_line(text: str) -> str:
    """`text` without line ends, control characters and encoded words (RFC 2047): it stays in its header as it is."""
    return CONTROL.sub(" ", text).replace("=?", "= ?").strip()


def _address(mailbox: Mailbox) -> Address:
    return Address(one_line(mailbox.name), addr_spec=mailbox.address)


def _say_automatic(mail: EmailMessage, draft: Draft) -> None:
    mail["Auto-Submitted"] = draft.automatic
    for name, value in AUTOMATIC.items():
        mail[name] = value
    if draft.loop_mark:
        mail["X-Desk-Relay"] = draft.loop_mark


def _fill(mail: EmailMessage, draft: Draft) -> None:
    mail.set_content(draft.text)
    if draft.html:
        mail.add_alternative(draft.html, subtype="html")
        _show_in_place(mail, [file for file in draft.files if file.content_id])
    for file in draft.files:
        if not (file.content_id and draft.html):
            main, sub = _kind(file)
            mail.add_attachment(file.data, main, sub, filename=_name(file), params={"name": _name(file)})


def _show_in_place(mail: EmailMessage, files: Sequence[Attachment]) -> None:
    html = mail.get_body(("html",))
    if not isinstance(html, MIMEPart):
        return
    for file in files:
        main, sub = _kind(file)
        name = _name(file)
        html.add_related(file.data, main, sub, cid=f"<{file.content_id}>", filename=name, disposition="inline")


def _name(file: Attachment) -> str:
    return one_line(file.name) or "file"


def _kind(file: Attachment) -> tuple[str, str]:
    """Text travels as bytes too: its line ends and letters are not ours to change."""
    main, _slash, sub = file.media_type.partition("/")
    return (main, sub) if main and sub and main not in ("multipart", "message") else ("application", "octet-stream")
