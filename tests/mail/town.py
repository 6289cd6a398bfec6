"""Real mailboxes: Dovecot keeps them, OpenSMTPD carries between them and the desk's own listener."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage

from imap_tools import MailBoxUnencrypted

from tests.mail.doorbell import open_door
from tests.mail.letters import File
from tests.mail.oracle import search
from tests.mail.people import RELAY, Person
from tests.mail.world import World
from tests.services.dovecot import PASSWORD, Dovecot
from tests.services.opensmtpd import OpenSmtpd
from tests.services.process import wait_until
from tickets.actions.processing import process
from tickets.listener import Desk
from tickets.models import SmtpAccount

SECONDS = 30.0


@dataclass
class Town:
    world: World
    dovecot: Dovecot
    server: OpenSmtpd

    def post(self, by: Person, to: str, raw: bytes) -> None:
        """A person's program hands a mail to the server."""
        with smtplib.SMTP("127.0.0.1", self.server.port, by.host, timeout=SECONDS) as line:
            line.sendmail(by.address, [to], raw)

    def inbox(self, person: Person) -> list[bytes]:
        """Every mail in the mailbox, the oldest first, as it lies there."""
        with MailBoxUnencrypted("127.0.0.1", self.dovecot.port).login(person.address, PASSWORD) as box:
            return [mail.obj.as_bytes() for mail in box.fetch(mark_seen=False, headers_only=False)]

    def arrived(self, person: Person, words: str) -> EmailMessage:
        """The mail in the mailbox that says `words`, once it is there. Raises StartFailed after some time."""
        wait_until(lambda: self.find(person, words) is not None, SECONDS, f"{words!r} reaches {person.party}")
        found = self.find(person, words)
        assert found is not None
        return found

    def find(self, person: Person, words: str) -> EmailMessage | None:
        mails = (message_from_bytes(raw, policy=policy.default) for raw in self.inbox(person))
        return next((mail for mail in mails if words in text_of(mail)), None)

    def leaks(self, *people: Person) -> list[str]:
        """What the oracle finds in everything that lies in these mailboxes."""
        found = ((person, raw) for person in people for raw in self.inbox(person))
        return [str(hit) for person, raw in found for hit in search(raw, self.world.secrets_from(person.party))]


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain", "html"))
    return str(body.get_content()) if body else ""


def files_of(mail: EmailMessage) -> dict[str, bytes]:
    return {part.get_filename() or "": part.get_content() for part in mail.iter_attachments()}


def replied(mail: EmailMessage, by: Person, text: str, files: Sequence[File] = ()) -> tuple[str, bytes]:
    """To whom the answer of a person's program goes, and the answer: below it, quoted, what it answers."""
    to = str(mail["Reply-To"] or mail["From"])
    answer = EmailMessage(policy.SMTP)
    answer["From"], answer["To"], answer["Subject"] = by.mailbox, to, f"Re: {mail['Subject']}"
    answer["Message-ID"], answer["In-Reply-To"] = f"<answer.{len(text)}@{by.host}>", str(mail["Message-ID"])
    answer["References"] = " ".join(filter(None, [str(mail["References"] or ""), str(mail["Message-ID"])]))
    quoted = "\n".join(f"> {line}" for line in text_of(mail).splitlines())
    answer.set_content(
        f"{text}\n\nOn Sunday, {to} wrote:\n> To: {by.mailbox}\n{quoted}\n\n-- \n{by.name}, {by.phone}\n"
    )
    for name, media_type, data in files:
        main, _, sub = media_type.partition("/")
        answer.add_attachment(data, maintype=main, subtype=sub, filename=name)
    return to.rpartition("<")[2].rstrip(">"), answer.as_bytes()


@contextmanager
def a_town(world: World, dovecot: Dovecot) -> Iterator[Town]:
    """The desk stands behind the server, and sends through it."""
    desk = Desk(process=process, behind=frozenset({"127.0.0.1"}))
    with open_door(desk) as door, OpenSmtpd(RELAY, door.port, dovecot.folder / "mail") as server:
        SmtpAccount.objects.update(port=server.port)
        yield Town(world, dovecot, server)
