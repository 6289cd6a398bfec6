"""What a mailbox's server says, in as many ways as servers have, and what is done when it says something else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone
from imap_tools import BaseMailBox
from imap_tools.errors import MailboxFolderCreateError, MailboxMoveError

from tests.mail.letters import letter
from tests.mail.office import SALES, SUPPORT, Office
from tests.mail.people import V
from tickets import fetching
from tickets.actions.receiving import Kept
from tickets.models import ImapAccount, IncomingMail, MailSettings, Security

RAW = letter(message_id="<a@home.test>")
Answer = tuple[str, list[Any]]


class Server:
    """A mailbox whose server answers as a test says; what it was asked is in `asked`."""

    def __init__(self, answer: Callable[[str], Answer], uids: tuple[str, ...] = ("7",)) -> None:
        self.asked: list[str] = []
        self.moved: list[tuple[str, str]] = []
        self.there = list(uids)
        self.fails_to_move = self.is_gone_after = False
        self.folders = {"INBOX", "Done"}
        self._answer = answer
        self.client = SimpleNamespace(uid=self._uid, capability=lambda: ("OK", [b"IMAP4rev1 move"]), capabilities=())
        self.folder = SimpleNamespace(
            status=lambda _name: {"UIDVALIDITY": 3}, exists=lambda name: name in self.folders, create=self._create
        )

    def _uid(self, _command: str, _uid: str, what: str) -> Answer:
        self.asked.append(what)
        return self._answer(what)

    def _create(self, name: str) -> None:
        if self.is_gone_after:  # another has made it between the look and the word
            self.folders.add(name)
        raise MailboxFolderCreateError(("NO", [b"exists"]), "OK")

    def uids(self) -> list[str]:
        return self.there

    def move(self, uid: str, folder: str) -> None:
        if self.is_gone_after:
            self.there.remove(uid)
        if self.fails_to_move or self.is_gone_after:
            raise MailboxMoveError(("NO", [b"gone"]), "OK")
        self.there.remove(uid)
        self.moved.append((uid, folder))

    def login(self, *_who: str) -> None:
        pass

    def logout(self) -> None:
        raise OSError("the line is dead already")


def as_box(server: Server) -> BaseMailBox:
    return server  # type: ignore[return-value]


def usual(what: str) -> Answer:
    size = f"1 (UID 7 RFC822.SIZE {len(RAW)})".encode()
    return ("OK", [size]) if "SIZE" in what else ("OK", [(b"1 (UID 7 BODY[] {%d}" % len(RAW), RAW), b")"])


def said(answer: Answer) -> BaseMailBox:
    return as_box(Server(lambda _what: answer))


@pytest.fixture
def account(db: None, monkeypatch: pytest.MonkeyPatch) -> ImapAccount:
    Office()
    account = ImapAccount(host="127.0.0.1", port=1, security=Security.NONE, address=SUPPORT, username="u")
    account.password = "secret"
    account.done_folder = "Done"
    account.save()
    return account


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> Callable[[Server], Server]:
    def stand(server: Server) -> Server:
        monkeypatch.setitem(fetching.WAYS, Security.NONE, lambda _host, _port: as_box(server))
        return server

    return stand


# --- words of servers -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("items", "size"),
    [
        ([b"1 (UID 7 RFC822.SIZE 4711)"], 4711),
        ([b"1 (RFC822.SIZE 4711 UID 7)"], 4711),
        ([b"1 (RFC822.SIZE 4711)"], 4711),
        ([(b"1 (RFC822.SIZE 4711 BODY[] {3}", b"abc"), b")"], 4711),
        ([b"2 (FLAGS (\\Seen))", b"1 (UID 7 RFC822.SIZE 0)"], 0),
        ([b"1 (FLAGS (\\Seen) UID 7)"], None),
        ([None], None),
        ([], None),
        (None, None),
    ],
)
def test_how_large_a_mail_is(items: Any, size: int | None) -> None:
    """None: it is not there any more."""
    assert fetching._size(said(("OK", items)), "7") == size


@pytest.mark.parametrize(
    ("items", "raw"),
    [
        ([(b"1 (BODY[] {3}", b"abc"), b")"], b"abc"),
        ([b"1 (FLAGS (\\Seen))", (b"1 (BODY[] {3}", b"abc")], b"abc"),
        ([(b"1 (BODY[] {0}", b"")], b""),
        ([b"1 (FLAGS (\\Seen))"], None),
        ([None], None),
    ],
)
def test_a_mail_in_an_answer(items: Any, raw: bytes | None) -> None:
    assert fetching._bytes(said(("OK", items)), "7", "BODY.PEEK[]") == raw


@pytest.mark.parametrize("status", ["NO", "BAD"])
def test_a_server_that_refuses_is_no_mail_that_is_gone(status: str) -> None:
    with pytest.raises(OSError, match=status):
        fetching._size(said((status, [b"internal error"])), "7")


# --- one round --------------------------------------------------------------------------------------------------------


def test_a_mail_is_kept_and_then_moved(account: ImapAccount, served: Callable[[Server], Server]) -> None:
    server = served(Server(usual))
    assert fetching.fetch(account) == 1
    mail = IncomingMail.objects.get()
    assert (mail.via, mail.recipient, mail.source_key) == ("imap", SUPPORT, f"{account.pk}:3:7")
    assert bytes(mail.raw) == RAW
    assert server.moved == [("7", "Done")]
    assert server.asked == ["(RFC822.SIZE)", "(BODY.PEEK[])"], "nothing that marks it as read"


def test_of_a_mail_too_large_only_the_header_is_fetched(
    account: ImapAccount, served: Callable[[Server], Server]
) -> None:
    MailSettings.objects.update(size_limit_mb=1)
    head = RAW.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"

    def large(what: str) -> Answer:
        return (
            ("OK", [b"1 (UID 7 RFC822.SIZE 1000001)"]) if "SIZE" in what else ("OK", [(b"1 (BODY[HEADER] {9}", head)])
        )

    server = served(Server(large))
    fetching.fetch(account)
    mail = IncomingMail.objects.get()
    assert (mail.is_cut, mail.size) == (True, 1_000_001)
    assert server.asked[-1] == "(BODY.PEEK[HEADER])"


@pytest.mark.parametrize("answer", [("OK", [None]), ("OK", [])])
def test_what_another_has_moved_meanwhile_is_left_alone(
    account: ImapAccount, served: Callable[[Server], Server], answer: Answer
) -> None:
    server = served(Server(lambda _what: answer))
    assert fetching.fetch(account) == 0
    assert (server.moved, IncomingMail.objects.count()) == ([], 0)


def test_it_vanished_between_its_size_and_its_bytes(account: ImapAccount, served: Callable[[Server], Server]) -> None:
    server = served(Server(lambda what: usual(what) if "SIZE" in what else ("OK", [None])))
    assert fetching.fetch(account) == 0
    assert server.moved == []


def test_moving_what_somebody_else_moved_is_no_fault(account: ImapAccount, served: Callable[[Server], Server]) -> None:
    server = served(Server(usual))
    server.is_gone_after = True
    assert fetching.fetch(account) == 1


def test_a_mail_that_can_not_be_moved_is_told_and_comes_no_second_time(
    account: ImapAccount, served: Callable[[Server], Server]
) -> None:
    server = served(Server(usual))
    server.fails_to_move = True
    assert fetching.fetch_all() == 0
    account.refresh_from_db()
    assert account.last_error == "MailboxMoveError"
    server.fails_to_move = False
    IncomingMail.objects.update(received_at=timezone.now() - timedelta(minutes=2))
    assert fetching.fetch_all() == 0
    account.refresh_from_db()
    assert (account.last_error, server.moved) == ("", [("7", "Done")])
    assert IncomingMail.objects.count() == 1


def test_two_hundred_at_once_and_the_rest_the_next_time(
    account: ImapAccount, served: Callable[[Server], Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "AT_ONCE", 3)
    server = served(Server(lambda _what: ("OK", [None]), tuple(str(number) for number in range(9))))
    fetching.fetch(account)
    assert len(server.asked) == 3


def test_a_folder_that_another_has_just_made_is_as_good(
    account: ImapAccount, served: Callable[[Server], Server]
) -> None:
    server = served(Server(usual, ()))
    server.folders, server.is_gone_after = {"INBOX"}, True
    assert fetching.fetch(account) == 0
    server.folders, server.is_gone_after = {"INBOX"}, False
    with pytest.raises(MailboxFolderCreateError):
        fetching.fetch(account)


@pytest.mark.parametrize("trouble", [OSError("v.real@home.test"), ValueError("x"), UnicodeError("x")])
def test_no_trouble_of_one_mailbox_keeps_another_waiting(
    account: ImapAccount, served: Callable[[Server], Server], trouble: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    """And what the log says of it names nobody."""
    other = ImapAccount(host="127.0.0.1", port=1, security=Security.TLS, address=SALES, username="w")
    other.password = "secret"
    other.save()
    served(Server(usual))

    def breaks(_host: str, _port: int) -> BaseMailBox:
        raise trouble

    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(fetching.WAYS, Security.TLS, breaks)
        assert fetching.fetch_all() == 1
    other.refresh_from_db()
    assert other.last_error == type(trouble).__name__
    assert V.address not in caplog.text + other.last_error


@pytest.mark.parametrize(
    ("path", "sender"),
    [("<v.real@home.test>", V.address), ("<>", ""), ("", ""), ("V.REAL@Home.test", V.address)],
)
def test_the_return_path_is_who_sent_it(account: ImapAccount, path: str, sender: str) -> None:
    raw = letter(headers={"Return-Path": path} if path else {})
    assert fetching._envelope(raw, account, "k").sender == sender


@pytest.mark.parametrize(
    ("is_new", "key", "age", "is_anothers"),
    [(True, "k", 0, False), (False, "k", 0, True), (False, "else", 0, False), (False, "k", 61, False)],
)
def test_who_moves_what_two_have_fetched(is_new: bool, key: str, age: int, is_anothers: bool) -> None:
    mail = IncomingMail(source_key=key, received_at=timezone.now() - timedelta(seconds=age))
    assert fetching._is_with_another(Kept(mail, is_new), "k") == is_anothers
