"""Cases A, by IMAP from a real Dovecot: nothing is marked before it is stored, and nothing comes twice."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db import OperationalError, connections
from imap_tools import AND, MailBoxFolderManager, MailBoxUnencrypted

from chatdesk.models import Conversation
from tests.mail.office import SUPPORT, Office, a_mail, entry_of, files, letter_of, of, said, token
from tests.services.dovecot import PASSWORD, Dovecot
from tests.services.process import free_port
from tickets import fetching, remarks
from tickets.actions import receiving
from tickets.models import ImapAccount, IncomingMail, MailSettings, OutgoingMail, Security

MANY = 200


@dataclass
class Box:
    """A fresh mailbox at the real server, and the desk's account for it."""

    user: str
    account: ImapAccount
    server: Dovecot

    @contextmanager
    def opened(self, folder: str = "INBOX") -> Iterator[MailBoxUnencrypted]:
        with MailBoxUnencrypted("127.0.0.1", self.server.port).login(self.user, PASSWORD, folder) as box:
            yield box

    def puts(self, *raws: bytes) -> None:
        with self.opened() as box:
            for raw in raws:
                box.append(raw, "INBOX")

    def count(self, folder: str = "INBOX") -> int:
        with self.opened(folder) as box:
            return len(box.uids())

    def unseen(self) -> int:
        with self.opened() as box:
            return len(box.uids(AND(seen=False)))


def make_box(server: Dovecot, address: str = SUPPORT) -> Box:
    user = f"u{secrets.token_hex(6)}"
    account = ImapAccount(host="127.0.0.1", port=server.port, security=Security.NONE, address=address, username=user)
    account.password = PASSWORD
    account.save()
    return Box(user, account, server)


@pytest.fixture
def box(office: Office, dovecot: Dovecot) -> Box:
    return make_box(dovecot)


def test_a2_the_database_is_down_at_store(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    """The mail stays in the INBOX, unseen; after the database is back there is one ticket, and it was moved."""

    def broken(*_what: object, **_more: object) -> None:
        raise OperationalError

    box.puts(a_mail())
    with monkeypatch.context() as patch:
        patch.setattr(fetching, "keep", broken)
        with pytest.raises(OperationalError):
            fetching.fetch(box.account)
    assert (box.count(), box.unseen()) == (1, 1)
    assert fetching.fetch(box.account) == 1
    assert Conversation.objects.count() == 1
    assert (box.count(), box.count("Processed")) == (0, 1)
    assert fetching.fetch(box.account) == 0


def test_a2_one_that_is_stored_is_moved_before_the_next_is_tried(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    box.puts(a_mail(Message_ID="<1@home.test>"), a_mail(Message_ID="<2@home.test>"))
    real, calls = receiving.keep, []

    def second_fails(raw: bytes, *what: object, **more: object) -> object:
        calls.append(raw)
        if len(calls) == 2:
            raise OperationalError
        return real(raw, *what, **more)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(fetching, "keep", second_fails)
        with pytest.raises(OperationalError):
            fetching.fetch(box.account)
    assert (box.count(), box.count("Processed")) == (1, 1)
    fetching.fetch(box.account)
    assert Conversation.objects.count() == 2


def test_a7_by_smtp_and_by_a_mailbox(office: Office, box: Box) -> None:
    raw = a_mail(files={"a.txt": b"a"})
    first = office.gets(raw, SUPPORT)
    box.puts(b"Delivered-To: support@relay.test\r\nReceived: by mx.else.test\r\n" + raw)
    assert fetching.fetch(box.account) == 0
    assert (len(said(of(first))), files(of(first))) == (1, ["a.txt"])
    assert box.count("Processed") == 1


def test_a7_to_two_of_our_mailboxes(office: Office, dovecot: Dovecot) -> None:
    boxes = [make_box(dovecot, "support@relay.test"), make_box(dovecot, "sales@relay.test")]
    for each in boxes:
        each.puts(a_mail(to="support@relay.test, sales@relay.test", Message_ID="<two@home.test>"))
    assert fetching.fetch_all() == 2
    assert {each.group.slug for each in Conversation.objects.all()} == {"support", "sales"}


@pytest.mark.django_db(transaction=True)
def test_a8_two_fetchers_at_once(dovecot: Dovecot, transactional_db: None) -> None:
    """Two hundred mails are two hundred messages, whichever of the two came first to each."""
    Office()
    box = make_box(dovecot)
    box.puts(*(a_mail(f"v{n}@home.test", text=f"Mail {n}", Message_ID=f"<{n}@home.test>") for n in range(MANY)))
    found: list[int] = []
    trouble: list[BaseException] = []

    def fetch() -> None:
        try:
            found.append(fetching.fetch(box.account))
        except BaseException as error:
            trouble.append(error)
        finally:
            connections.close_all()

    both = [threading.Thread(target=fetch) for _n in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join(100)
    assert trouble == []
    assert sum(found) == MANY
    assert IncomingMail.objects.filter(state="done").count() == MANY
    assert Conversation.objects.count() == MANY
    assert (box.count(), box.count("Processed")) == (0, MANY)


def test_a11_too_large_is_a_note_and_an_answer_and_stays_kept(office: Office, box: Box) -> None:
    MailSettings.objects.update(size_limit_mb=1)
    box.puts(a_mail(text="a long line of text\n" * 60_000, Message_ID="<large@home.test>"))
    assert fetching.fetch(box.account) == 1
    mail = IncomingMail.objects.get()
    assert mail.is_cut
    assert mail.size > 1_000_000 > len(bytes(mail.raw))
    assert entry_of(mail).body == "This mail was too large to be taken in."
    assert remarks.TOO_LARGE in letter_of(mail).remarks
    notice = OutgoingMail.objects.get(kind="notice")
    assert notice.facts == {"template": "too_large", "mail": mail.pk}
    assert notice.to == letter_of(mail).sender
    assert box.count("Processed") == 1
    assert not OutgoingMail.objects.filter(kind="ack").exists()


def test_a14_another_uidvalidity_is_no_second_import(office: Office, box: Box) -> None:
    talk, vera = office.talk()
    ImapAccount.objects.update(done_folder="Kept")
    box.account.refresh_from_db()
    box.puts(a_mail(to=token(vera), Message_ID="<1@home.test>"))
    fetching.fetch(box.account)
    with box.opened("Kept") as opened:
        opened.move(opened.uids(), "INBOX")  # a backup was restored
    box.server.renumber(box.user)
    with box.opened() as opened:
        numbers = {opened.folder.status("INBOX")["UIDVALIDITY"]}
    assert fetching.fetch(box.account) == 0
    key = IncomingMail.objects.get().source_key
    assert int(key.split(":")[1]) not in numbers
    assert len(said(talk)) == 1


def test_a8_what_another_fetcher_stored_and_never_moved_is_moved(office: Office, box: Box) -> None:
    """It was killed between the two; a minute later somebody else tidies up."""
    box.puts(a_mail())
    with box.opened() as opened:
        validity, uid = opened.folder.status("INBOX")["UIDVALIDITY"], opened.uids()[0]
    kept = office.keeps(a_mail(), via="imap", source_key=f"{box.account.pk}:{validity}:{uid}")
    assert (fetching.fetch(box.account), box.count()) == (0, 1)
    IncomingMail.objects.update(received_at=kept.received_at - timedelta(minutes=2))
    assert (fetching.fetch(box.account), box.count(), box.count("Processed")) == (0, 0, 1)


def test_a8_both_want_to_make_the_folder(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    box.puts(a_mail())
    with box.opened() as opened:
        opened.folder.create("Processed")
    real, asked = MailBoxFolderManager.exists, []

    def not_yet(manager: MailBoxFolderManager, name: str) -> bool:
        asked.append(name)
        return len(asked) > 1 and real(manager, name)

    monkeypatch.setattr(MailBoxFolderManager, "exists", not_yet)
    assert fetching.fetch(box.account) == 1
    assert asked == ["Processed", "Processed"]


def test_mail_that_names_no_address_of_ours_is_the_mailboxes_own(office: Office, box: Box) -> None:
    box.puts(a_mail(to="undisclosed-recipients:;"))
    fetching.fetch(box.account)
    assert IncomingMail.objects.get().recipient == SUPPORT


def test_a_token_in_a_mailbox_leads_to_its_conversation(office: Office, box: Box) -> None:
    talk, vera = office.talk()
    box.puts(a_mail(to=f"{SUPPORT}, {token(vera)}"))
    fetching.fetch(box.account)
    assert said(talk) == ["Hello, my lamp does not light."]


def test_a_mailbox_that_fails_is_told_and_keeps_nobody_waiting(office: Office, dovecot: Dovecot) -> None:
    away, good = make_box(dovecot, "sales@relay.test"), make_box(dovecot)
    ImapAccount.objects.filter(pk=away.account.pk).update(port=free_port())
    good.puts(a_mail())
    assert fetching.fetch_all() == 1
    away.account.refresh_from_db()
    good.account.refresh_from_db()
    assert away.account.last_error == "ConnectionRefusedError"
    assert away.account.last_ok_at is None
    assert good.account.last_error == ""
    assert good.account.last_ok_at is not None


def test_a_mailbox_that_is_switched_off_is_left_alone(box: Box) -> None:
    ImapAccount.objects.update(is_active=False)
    box.puts(a_mail())
    assert fetching.fetch_all() == 0
    assert box.count() == 1


def test_the_return_path_is_the_envelope_sender(box: Box) -> None:
    box.puts(b"Return-Path: <bounce@home.test>\r\n" + a_mail())
    fetching.fetch(box.account)
    assert IncomingMail.objects.get().envelope_from == "bounce@home.test"
