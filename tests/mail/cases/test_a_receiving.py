"""Cases A: whatever comes is kept, once, and shown."""

from __future__ import annotations

import os
import random
import smtplib
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections
from django.utils import timezone

from chatdesk.actions.files import sweep_unfinished
from chatdesk.models import Conversation, File
from tests.mail.doorbell import Door, open_door
from tests.mail.dying import kill_at, lines_of
from tests.mail.office import SALES, SUPPORT, Office, a_mail, entry_of, files, letter_of, of, said, token
from tickets import remarks
from tickets.actions import receiving
from tickets.actions.processing import process, process_due
from tickets.models import Correspondent, IncomingMail, MailSettings, OutgoingMail

KILLS = 20
SECONDS = 5.0
SEED = 20261122


@pytest.fixture
def open_office(transactional_db: None) -> Office:
    return Office()


@pytest.fixture
def door(open_office: Office) -> Iterator[Door]:
    with open_door() as opened_door:
        yield opened_door


def worked_off(count: int) -> None:
    until = time.monotonic() + 15
    while IncomingMail.objects.exclude(state="stored").count() < count:
        assert time.monotonic() < until, "not worked off in time"
        time.sleep(0.02)


# --- A1, A3: killed --------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a1_killed_between_storing_and_250(open_office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sender hears nothing, and sends again: one ticket, one message."""
    raw, real_keep = a_mail(), receiving.keep

    def killed_after_keeping(*what: object) -> None:
        real_keep(*what)  # type: ignore[arg-type]
        os._exit(9)

    reading, writing = os.pipe()
    connections.close_all()
    pid = os.fork()
    if not pid:
        monkeypatch.setattr("tickets.listener.keep", killed_after_keeping)
        with open_door() as door:
            os.write(writing, str(door.port).encode())
            time.sleep(30)
        os._exit(1)
    port = int(os.read(reading, 10))
    with smtplib.SMTP("127.0.0.1", port, timeout=10) as line, pytest.raises(smtplib.SMTPServerDisconnected):
        line.sendmail("v.real@home.test", [SUPPORT], raw)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 9
    assert IncomingMail.objects.count() == 1
    with open_door() as door:
        assert door.deliver(raw, SUPPORT) == {}
    process_due()
    mail = IncomingMail.objects.get()
    assert said(of(mail)) == ["Hello, my lamp does not light."]
    assert Conversation.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a3_killed_while_it_is_worked_off(open_office: Office) -> None:
    """At twenty points over the whole of it: exactly one message, all files, and no file that belongs to nothing."""
    papers, before = {"one.txt": b"first " * 50, "two.txt": b"second " * 50}, bytes_in_storage()
    first = open_office.keeps(a_mail(files=papers, Message_ID="<0@home.test>"))
    lines = lines_of(lambda: process(first.pk))
    assert lines > 500
    chance, killed = random.Random(SEED), 0
    for n in range(KILLS):
        raw = a_mail(f"v{n}@home.test", files=papers, text=f"Mail {n}", Message_ID=f"<{n + 1}@home.test>")
        mail = open_office.keeps(raw)
        line = int(lines * (n + chance.random()) / KILLS)
        killed += kill_at(line, lambda pk=mail.pk: process(pk))  # type: ignore[misc]
    IncomingMail.objects.update(due_at=timezone.now())
    process_due()
    assert killed >= KILLS - 2
    assert not IncomingMail.objects.exclude(state="done").exists()
    for mail in IncomingMail.objects.all():
        assert (len(said(of(mail))), files(of(mail))) == (1, ["one.txt", "two.txt"]), mail.pk
    assert Conversation.objects.count() == KILLS + 1
    assert OutgoingMail.objects.filter(kind="ack").count() == KILLS + 1
    File.objects.filter(state="receiving").update(created_at=timezone.now() - timedelta(hours=2))
    sweep_unfinished()
    assert File.objects.count() == 2 * (KILLS + 1)
    assert bytes_in_storage() - before == set(File.objects.values_list("key", flat=True))


def bytes_in_storage() -> set[str]:
    return {path.name for path in (Path(settings.MEDIA_ROOT) / "files").rglob("*") if path.is_file()}


# --- A4 to A7: once --------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a4_three_tokens_in_one_transaction(door: Door, open_office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each recipient has an answer of its own, and the sender repeats only those that were put off."""
    talks = [open_office.talk() for _n in range(3)]
    left = [token(vera) for _talk, vera in talks]
    failing, real = left[1], receiving.keep

    def keep(raw: bytes, told: object) -> object:
        if told.recipient == failing:  # type: ignore[attr-defined]
            raise OSError
        return real(raw, told)  # type: ignore[arg-type]

    raw = a_mail()
    with monkeypatch.context() as patch:
        patch.setattr("tickets.listener.keep", keep)
        for _round in range(3):
            left = put_off(door, raw, left)
        assert left == [failing]
    assert put_off(door, raw, left) == []
    worked_off(3)
    assert [len(said(talk)) for talk, _vera in talks] == [1, 1, 1]


def put_off(door: Door, raw: bytes, recipients: list[str]) -> list[str]:
    """Send as a mail server does: every recipient in one transaction; those it has to send again to."""
    with door.smtp() as line:
        line.ehlo()
        line.mail("v.real@home.test")
        codes = {address: line.rcpt(address)[0] for address in recipients}
        taken = [address for address, code in codes.items() if code == 250]
        done = line.data(raw)[0] == 250
    assert set(codes.values()) <= {250, 452}
    others = [address for address in recipients if address not in taken]
    return others if done else [*others, *taken]


def test_a5_no_message_id_delivered_twice_is_one_message(office: Office) -> None:
    raw = a_mail()
    assert b"Message-ID" not in raw
    first, second = office.gets(raw), office.gets(raw)
    assert first == second
    assert said(of(first)) == ["Hello, my lamp does not light."]
    assert IncomingMail.objects.count() == 1


def test_a6_the_same_id_with_another_text_is_two_messages(office: Office) -> None:
    talk, vera = office.talk()
    address = token(vera)
    office.gets(a_mail(to=address, text="One.", Message_ID="<same@home.test>"), address)
    second = office.gets(a_mail(to=address, text="Two.", Message_ID="<same@home.test>"), address)
    assert said(talk) == ["One.", "Two."]
    assert remarks.ID_USED_AGAIN in letter_of(second).remarks
    assert "id_used_again" in remarks.WORDS


def test_a7_by_smtp_and_as_a_copy_from_a_mailbox_is_one_message(office: Office) -> None:
    raw = a_mail(files={"a.txt": b"a"})
    on_the_way = b"Received: from mx.else.test\r\nDelivered-To: support@relay.test\r\n" + raw.replace(b"\r\n", b"\n")
    first = office.gets(raw, SUPPORT)
    again = office.gets(on_the_way + b"\n", SUPPORT, via="imap", source_key="1:7:1")
    assert again == first
    assert (len(said(of(first))), files(of(first))) == (1, ["a.txt"])


def test_a7_to_two_of_our_addresses_is_one_message_in_each(office: Office) -> None:
    raw = a_mail(to=f"{SUPPORT}, {SALES}", Message_ID="<two@home.test>")
    one, two = office.gets(raw, SUPPORT), office.gets(raw, SALES)
    assert {of(one).group.slug, of(two).group.slug} == {"support", "sales"}
    assert Conversation.objects.count() == 2
    assert len(said(of(one))) == len(said(of(two))) == 1


def test_a7_the_same_place_in_a_mailbox_is_the_same_mail(office: Office) -> None:
    first = office.keeps(a_mail(Message_ID="<1@home.test>"), via="imap", source_key="1:7:1")
    assert office.keeps(a_mail(Message_ID="<2@home.test>"), via="imap", source_key="1:7:1") == first
    assert office.keeps(a_mail(Message_ID="<2@home.test>"), via="imap", source_key="1:7:2") != first


# --- A9, A11, A13: odd ones ------------------------------------------------------------------------------------------


def broken_mails() -> dict[str, bytes]:
    head = b"From: v.real@home.test\r\nTo: support@relay.test\r\nSubject: broken\r\nMIME-Version: 1.0\r\n"
    nested = b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n) for n in range(10_000))
    base64 = b"Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!=AAA====\x00\xff%%%\r\n"
    return {
        "random": random.Random(SEED).randbytes(65_536),
        "base64": head + base64,
        "nested": head + nested + b"\r\n\r\ninside\r\n",
        "one line": head + b"\r\n" + b"a" * 50_000_000 + b"\r\n",
    }


@pytest.mark.parametrize("what", ["random", "base64", "nested", "one line"])
def test_a9_what_can_not_be_read_is_still_a_message(office: Office, what: str) -> None:
    raw = broken_mails()[what]
    begun = time.process_time()  # of this process: the machine may do other things, too
    mail = office.gets(raw)
    following = office.gets(a_mail(text="The next one."))
    assert time.process_time() - begun < SECONDS
    assert mail.state == "done"
    assert bytes(IncomingMail.objects.get(pk=mail.pk).raw) == broken_mails()[what]
    assert entry_of(mail).body
    assert said(of(following)) == ["The next one."]


@pytest.mark.parametrize("what", ["random", "nested"])
def test_a9_the_message_says_that_it_could_not_be_read(office: Office, what: str) -> None:
    mail = office.gets(broken_mails()[what])
    assert remarks.UNREADABLE in letter_of(mail).remarks
    assert entry_of(mail).body


@pytest.mark.django_db(transaction=True)
def test_a9_by_smtp_it_is_250(door: Door) -> None:
    MailSettings.objects.update(size_limit_mb=60)
    put_off(door, a_mail(), [SUPPORT])  # the listener learns the limit
    for raw in (broken_mails()["base64"], broken_mails()["one line"]):
        assert door.deliver(raw, SUPPORT) == {}
    worked_off(3)
    assert not IncomingMail.objects.exclude(state="done").exists()


@pytest.mark.django_db(transaction=True)
def test_a11_too_large_by_smtp_is_552_at_mail_and_at_data(door: Door) -> None:
    raw = a_mail(text="x" * 70 + "\n") * 1
    large = raw + (b"y" * 998 + b"\r\n") * 31_000
    with door.smtp() as line:
        line.ehlo()
        assert line.mail("v.real@home.test", [f"SIZE={len(large)}"])[0] == 552
        line.mail("v.real@home.test")
        line.rcpt(SUPPORT)
        assert line.data(large)[0] == 552
    assert not IncomingMail.objects.exists()


def test_a13_an_empty_text_with_one_file(office: Office) -> None:
    mail = office.gets(a_mail(text="", files={"list.txt": b"one"}))
    assert said(of(mail)) == ["(no text)"]
    assert files(of(mail)) == ["list.txt"]


def only(media_type: str, body: str) -> bytes:
    head = "From: v.real@home.test\r\nTo: support@relay.test\r\nSubject: s\r\nMIME-Version: 1.0\r\n"
    return f"{head}Content-Type: {media_type}\r\n\r\n{body}\r\n".encode()


def test_a13_html_only(office: Office) -> None:
    mail = office.gets(only("text/html; charset=utf-8", "<p>Hello <b>there</b></p>"))
    assert said(of(mail)) == ["Hello there"]
    assert "<b>there</b>" in letter_of(mail).html


def test_a13_a_calendar_only(office: Office) -> None:
    event = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nSUMMARY:Lamp\r\nEND:VEVENT\r\nEND:VCALENDAR"
    mail = office.gets(only('text/calendar; name="lamp.ics"', event))
    assert said(of(mail)) == ["Event: Lamp"]
    assert files(of(mail)) == ["lamp.ics"]


def test_nobody_is_proven_by_chance(office: Office) -> None:
    office.gets(a_mail())
    assert not Correspondent.objects.filter(is_proven=True).exists()
