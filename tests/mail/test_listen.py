"""The SMTP listener: what it takes, what it refuses, and with which words."""

from __future__ import annotations

import smtplib
import statistics
import time
from collections.abc import Iterator

import pytest
from django.db import OperationalError
from django.utils import timezone

from chatdesk.models import Conversation
from tests.mail.doorbell import Door, open_door
from tests.mail.office import SUPPORT, Office, a_mail, said, token
from tickets import listener
from tickets.listener import BAD_RECIPIENTS, Desk, has_bare_line_ends
from tickets.models import Correspondent, ForwardingAddress, IncomingMail, MailSettings, TicketEvent

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def office(transactional_db: None) -> Office:
    return Office()


@pytest.fixture
def door(office: Office) -> Iterator[Door]:
    with open_door() as opened:
        yield opened


def soon(count: int) -> None:
    """Wait until so many mails are worked off."""
    until = time.monotonic() + 10
    while IncomingMail.objects.exclude(state="stored").count() < count:
        assert time.monotonic() < until, "not worked off in time"
        time.sleep(0.02)


def answers(door: Door, *words: bytes) -> list[bytes]:
    """The first line of each answer to words said one after the other, the greeting first."""
    with door.raw_line() as line, line.makefile("rb") as heard:
        said = [heard.readline()]
        for word in words:
            line.sendall(word)
            said.append(last_of(heard))
        return said


def last_of(heard: object) -> bytes:
    line = heard.readline()  # type: ignore[attr-defined]
    while line[3:4] == b"-":
        line = heard.readline()  # type: ignore[attr-defined]
    return bytes(line)


def test_a_mail_is_a_row_and_soon_a_conversation(door: Door) -> None:
    assert door.deliver(a_mail(), SUPPORT) == {}
    soon(1)
    mail = IncomingMail.objects.get()
    assert (mail.via, mail.recipient, mail.envelope_from) == ("smtp", SUPPORT, "v.real@home.test")
    assert mail.client_ip == "127.0.0.1"
    assert mail.conversation is not None
    assert said(mail.conversation) == ["Hello, my lamp does not light."]


def test_the_null_sender_is_taken_and_kept_as_empty(door: Door) -> None:
    door.deliver(a_mail(), SUPPORT, sender="")
    soon(1)
    assert IncomingMail.objects.get().envelope_from == ""


def test_one_recipient_per_transaction_the_others_are_put_off(door: Door, office: Office) -> None:
    _talk, vera = office.talk()
    refused = door.deliver(a_mail(), token(vera), SUPPORT)
    assert refused[SUPPORT][0] == 452
    assert refused[SUPPORT][1].startswith(b"4.5.3")
    assert IncomingMail.objects.get().recipient == token(vera)


def test_size_is_announced_and_refused_before_the_data(door: Door) -> None:
    with door.smtp() as line:
        line.ehlo()
        assert line.esmtp_features["size"] == "30000000"
        code, _words = line.mail("v@home.test", ["SIZE=31000000"])
    assert code == 552


def test_a_smaller_limit_holds_from_the_next_recipient_on(door: Door) -> None:
    MailSettings.objects.update(size_limit_mb=1)
    with pytest.raises(smtplib.SMTPDataError) as refused:
        door.deliver(a_mail(text="a line\n" * 200_000), SUPPORT)
    assert refused.value.smtp_code == 552
    with door.smtp() as line:
        line.ehlo()
        assert line.esmtp_features["size"] == "1000000"
    assert not IncomingMail.objects.exists()


def test_unknown_addresses_are_refused_without_details(door: Door) -> None:
    words = {door_answer(door, address) for address in (f"t-{'b' * 26}@relay.test", "x@relay.test", "a@other.test")}
    assert words == {(550, b"5.1.1 No such address here")}


def door_answer(door: Door, address: str) -> tuple[int, bytes]:
    with door.smtp() as line:
        line.ehlo()
        line.mail("v@home.test")
        return line.rcpt(address)


def test_twenty_unknown_addresses_from_one_peer_are_enough(door: Door) -> None:
    with door.smtp() as line:
        line.ehlo()
        line.mail("v@home.test")
        codes = [line.rcpt(f"guess{n}@relay.test")[0] for n in range(BAD_RECIPIENTS)]
        assert codes == [550] * BAD_RECIPIENTS
        assert line.rcpt(SUPPORT)[0] == 421
        with pytest.raises(smtplib.SMTPServerDisconnected):
            line.noop()
    assert door_answer(door, SUPPORT)[0] == 421


def test_it_is_forgotten_after_ten_minutes(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    for _n in range(BAD_RECIPIENTS):
        door.desk.strangers.count("127.0.0.1")
    assert door_answer(door, SUPPORT)[0] == 421
    later = time.monotonic() + listener.IN_SECONDS + 1
    monkeypatch.setattr("tickets.listener.time.monotonic", lambda: later)
    assert not door.desk.strangers.has_asked_too_much("127.0.0.1")


def test_our_own_mail_server_is_never_shut_out(office: Office) -> None:
    desk = Desk(process=lambda _pk: None, behind=frozenset({"127.0.0.1"}))
    with open_door(desk) as door:
        for n in range(BAD_RECIPIENTS + 1):
            assert door_answer(door, f"g{n}@relay.test")[0] == 550
        door.deliver(a_mail(), SUPPORT)
    assert IncomingMail.objects.get().client_ip is None


def test_near_misses_take_as_long_as_any_wrong_address(door: Door, office: Office) -> None:
    _talk, vera = office.talk()
    right = token(vera)
    near = right[:27] + ("a" if right[27] != "a" else "b") + right[28:]

    def seconds(address: str) -> float:
        begun = time.monotonic()
        assert door_answer(door, address)[0] == 550
        return time.monotonic() - begun

    times = {address: statistics.median(seconds(address) for _ in range(3)) for address in (near, "qq@relay.test")}
    assert min(times.values()) >= listener.NO_ANSWER_BEFORE
    assert abs(times[near] - times["qq@relay.test"]) < listener.NO_ANSWER_BEFORE


def test_a_revoked_token_is_told_where_to_write_and_noted(door: Door, office: Office) -> None:
    talk, vera = office.talk()
    Correspondent.objects.update(revoked_at=timezone.now())
    code, words = door_answer(door, token(vera))
    assert (code, words) == (550, b"5.2.1 This correspondence is closed, write to support@relay.test")
    door_answer(door, token(vera))
    assert TicketEvent.objects.filter(ticket__conversation=talk, what="mail_refused").count() == 1


def test_without_a_forwarding_address_it_is_only_closed(door: Door, office: Office) -> None:
    _talk, vera = office.talk()
    ForwardingAddress.objects.update(is_active=False)
    Correspondent.objects.update(revoked_at=timezone.now())
    assert door_answer(door, token(vera))[1] == b"5.2.1 This correspondence is closed"


def test_a_desk_that_can_not_store_says_later(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_what: object) -> None:
        raise OperationalError("the database is away")

    with monkeypatch.context() as patch:
        patch.setattr(listener, "keep", broken)
        with pytest.raises(smtplib.SMTPDataError) as refused:
            door.deliver(a_mail(), SUPPORT)
    assert refused.value.smtp_code == 451
    assert b"database" not in refused.value.smtp_error
    assert door.deliver(a_mail(), SUPPORT) == {}
    soon(1)
    assert Conversation.objects.count() == 1


@pytest.mark.parametrize("bare", [b"a\nb\r\n", b"a\rb\r\n", b"\n.\r\nMAIL FROM:<x@y.test>\r\n", b"a\r\r\n"])
def test_h9_bare_line_ends_are_refused_and_smuggle_nothing(door: Door, bare: bytes) -> None:
    begin = (b"EHLO a.test\r\n", b"MAIL FROM:<v@home.test>\r\n", f"RCPT TO:<{SUPPORT}>\r\n".encode(), b"DATA\r\n")
    said = answers(door, *begin, b"Subject: one\r\n\r\n" + bare + b"\r\n.\r\n")
    assert said[-2].startswith(b"354")
    assert said[-1].startswith(b"550 5.6.0")
    assert not IncomingMail.objects.exists()


def test_h9_a_second_mail_that_is_sent_ahead_is_a_second_mail(door: Door) -> None:
    """PIPELINING (RFC 2920) after a true end of data is no smuggling: both are mails of this sender."""
    one = b"MAIL FROM:<v@home.test>\r\nRCPT TO:<support@relay.test>\r\nDATA\r\n"
    with door.raw_line() as line, line.makefile("rb") as heard:
        line.sendall(b"EHLO a.test\r\n" + one)
        for _answer in range(5):
            last_of(heard)
        line.sendall(b"Subject: one\r\n\r\n..dot\r\n.\r\n" + one)
        assert [last_of(heard)[:3] for _answer in range(4)] == [b"250", b"250", b"250", b"354"]
        line.sendall(b"Subject: two\r\n\r\ntwo\r\n.\r\nQUIT\r\n")
        assert last_of(heard)[:3] == b"250"
    bodies = [bytes(mail.raw).partition(b"\r\n\r\n")[2] for mail in IncomingMail.objects.order_by("pk")]
    assert bodies == [b".dot\r\n", b"two\r\n"]


def test_it_holds_so_many_lines_and_no_more(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listener, "MOST_LINES_AT_ONCE", 2)
    with door.raw_line() as one, door.raw_line() as two:
        assert one.recv(100).startswith(b"220")
        assert two.recv(100).startswith(b"220")
        with door.raw_line() as three:
            assert three.recv(100).startswith(b"421")
            assert three.recv(100) == b""


def test_one_line_too_many_cuts_off_none_of_those_before_it(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listener, "MOST_LINES_AT_ONCE", 1)
    with door.raw_line() as one:
        assert one.recv(100).startswith(b"220")
        door.desk.lines += 1  # somebody rings, and has not been told yet
        one.sendall(b"NOOP\r\n")
        assert one.recv(100).startswith(b"250")
        door.desk.lines -= 1


@pytest.mark.parametrize(("raw", "bare"), [(b"a\r\nb\r\n", False), (b"a\nb", True), (b"a\r\r\n", True), (b"", False)])
def test_bare_line_ends(raw: bytes, bare: bool) -> None:
    assert has_bare_line_ends(raw) is bare
