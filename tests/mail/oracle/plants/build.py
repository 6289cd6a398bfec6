from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from email.message import EmailMessage

Plant = Callable[[str], bytes]  # from the address that leaks to the mail it leaks in


def plain(**headers: str) -> EmailMessage:
    """A mail as the desk sends it, clean."""
    mail = EmailMessage()
    mail["From"], mail["To"] = "Vera <t-aaaaaaaaaaaaaaaaaaaaaaaaaa@relay.test>", "Olga <o.real@va.test>"
    mail["Subject"], mail["Message-ID"] = "A question", "<a.b.c@relay.test>"
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content("Thank you. Look at it when you are at home. Test it there.\n")
    return mail


def sealed(mail: EmailMessage) -> bytes:
    return mail.as_bytes(policy=mail.policy.clone(linesep="\r\n"))


def with_file(name: str, media_type: str, data: bytes) -> bytes:
    mail = plain()
    main, _, sub = media_type.partition("/")
    mail.add_attachment(data, maintype=main, subtype=sub, filename=name)
    return sealed(mail)


def by_hand(headers: str, body: bytes) -> bytes:
    """Exactly these bytes: what no library would write."""
    return headers.strip().replace("\n", "\r\n").encode() + b"\r\n\r\n" + body


def zipped(members: dict[str, bytes], comment: bytes = b"") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.comment = comment
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()
