"""Mails are built from what the desk stored: pure, whole, and nothing of it can become a header."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import dkim
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tickets.composing import look, signing
from tickets.composing.message import Attachment, Draft, Mailbox, compose, one_line
from tickets.composing.template import fill, fill_html, names_in

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=timezone(timedelta(hours=5, minutes=30)))
DRAFT = Draft(
    sender=Mailbox("Alice", "t-abc@relay.test"),
    recipient="vera@example.org",
    subject="Re: The blue lamp",
    message_id="<a.b.c@relay.test>",
    date=NOW,
    text="It costs 40.\n",
)


def read(draft: Draft) -> EmailMessage:
    raw = compose(draft)
    assert b"\n" not in raw.replace(b"\r\n", b"")
    mail = message_from_bytes(raw, policy=default)
    assert isinstance(mail, EmailMessage)
    assert mail.defects == []
    return mail


def text_of(mail: EmailMessage, kind: str = "plain") -> str:
    body = mail.get_body((kind,))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def test_a_plain_mail_has_the_headers_it_needs_and_no_other() -> None:
    mail = read(DRAFT)
    names = {name.lower() for name in mail}
    needed = {"from", "to", "subject", "date", "message-id", "mime-version"}
    assert names == needed | {"content-type", "content-transfer-encoding"}
    assert mail["Date"] == "Sun, 22 Nov 2026 06:30:00 +0000"
    assert mail["From"] == "Alice <t-abc@relay.test>"
    assert text_of(mail) == "It costs 40.\n"


def test_references_are_kept_whole() -> None:
    ids = [f"<{'a' * 40}.{number}.{'b' * 16}@relay.test>" for number in range(12)]
    raw = compose(replace(DRAFT, references=ids))
    mail = message_from_bytes(raw, policy=default)
    assert mail["References"].split() == ids
    assert mail["In-Reply-To"] == ids[-1]
    assert max(map(len, raw.split(b"\r\n"))) < 998  # RFC 5322, 2.1.1


@pytest.mark.parametrize(
    "name", ["Zoë", '"Quoted" Name', "Name, Comma", "a@b", "x" * 80, "=?utf-8?q?a=40b?=", "", "مرحبا"]
)
def test_any_name_stays_a_name(name: str) -> None:
    mail = read(replace(DRAFT, sender=Mailbox(name, "t-abc@relay.test")))
    (sender,) = mail["From"].addresses
    assert sender.addr_spec == "t-abc@relay.test"
    assert sender.display_name == one_line(name)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=120), st.text(max_size=60), st.text(max_size=400))
def test_nothing_that_people_write_becomes_a_header(subject: str, name: str, text: str) -> None:
    text = text.encode("utf-8", "replace").decode()
    draft = replace(
        DRAFT,
        subject=subject.encode("utf-8", "replace").decode(),
        sender=Mailbox(name.encode("utf-8", "replace").decode(), "t-abc@relay.test"),
        text=text,
    )
    raw = compose(draft)
    head = raw.partition(b"\r\n\r\n")[0]
    names = {line.split(b":")[0].lower() for line in head.split(b"\r\n") if line[:1] not in (b" ", b"\t")}
    allowed = {b"from", b"to", b"subject", b"date", b"message-id", b"mime-version"}
    assert names <= allowed | {b"content-type", b"content-transfer-encoding"}
    mail = message_from_bytes(raw, policy=default)
    assert [each.addr_spec for each in mail["To"].addresses] == ["vera@example.org"]


def test_a_machine_s_mail_says_that_it_is_one() -> None:
    mail = read(replace(DRAFT, automatic="auto-replied", loop_mark="mark"))
    assert mail["Auto-Submitted"] == "auto-replied"
    assert (mail["Precedence"], mail["X-Auto-Response-Suppress"]) == ("auto_reply", "All")
    assert mail["X-Desk-Relay"] == "mark"


def test_files_arrive_byte_for_byte() -> None:
    data = bytes(range(256)) * 20
    files = [
        Attachment("räport.pdf", "application/pdf", data),
        Attachment("note.txt", "text/plain", b"one\r\ntwo\nthree\xff"),
        Attachment("mail.eml", "message/rfc822", b"Subject: x\n\ny"),
        Attachment("x" * 200 + ".bin", "nonsense", b""),
    ]
    mail = read(replace(DRAFT, files=files))
    parts = list(mail.iter_attachments())
    assert [part.get_filename() for part in parts] == [file.name for file in files]
    assert [part.get_payload(decode=True) for part in parts] == [file.data for file in files]
    kinds = ["application/pdf", "text/plain", "application/octet-stream", "application/octet-stream"]
    assert [part.get_content_type() for part in parts] == kinds


def test_a_file_s_name_stands_in_both_headers() -> None:
    mail = read(replace(DRAFT, files=[Attachment("räport.pdf", "application/pdf", b"x")]))
    (part,) = mail.iter_attachments()
    assert part.get_filename() == part.get_param("name") == "räport.pdf"


def test_a_file_s_name_is_one_line() -> None:
    mail = read(replace(DRAFT, files=[Attachment("a\r\nX-Evil: yes", "text/plain", b"x")]))
    (part,) = mail.iter_attachments()
    assert part["X-Evil"] is None
    assert part.get_filename() == "a X-Evil: yes"


def test_a_picture_of_the_text_is_shown_in_its_place() -> None:
    files = [Attachment("logo.png", "image/png", b"png", "a1@relay.test"), Attachment("list.txt", "text/plain", b"x")]
    mail = read(replace(DRAFT, html='<img src="cid:a1@relay.test">', files=files))
    (picture,) = [part for part in mail.walk() if part.get_content_type() == "image/png"]
    assert picture["Content-ID"] == "<a1@relay.test>"
    assert picture.get_content_disposition() == "inline"
    assert [part.get_filename() for part in mail.iter_attachments()] == ["list.txt"]
    assert text_of(mail, "html").strip() == '<img src="cid:a1@relay.test">'


def test_a_picture_without_a_text_to_stand_in_is_a_file() -> None:
    mail = read(replace(DRAFT, files=[Attachment("logo.png", "image/png", b"png", "a1@relay.test")]))
    assert [part.get_filename() for part in mail.iter_attachments()] == ["logo.png"]


# --- DKIM -------------------------------------------------------------------------------------------------------------


def test_a_signature_covers_what_readers_believe() -> None:
    key = signing.new_key()
    signer = signing.Signer("relay.test", "desk", key)
    raw = signing.sign(compose(replace(DRAFT, references=["<a.thread.c@relay.test>"])), signer)
    record = signing.dns_record(key).encode()
    assert dkim.verify(raw, dnsfunc=lambda name, timeout=5: record)
    for honest, forged in ((b"Alice", b"Mallory"), (b"blue lamp", b"red lamp"), (b"+0000", b"+0100"), (b"40.", b"4.")):
        assert not dkim.verify(raw.replace(honest, forged), dnsfunc=lambda name, timeout=5: record)
    assert signing.dns_name(signer) == "desk._domainkey.relay.test"


def test_without_a_signer_a_mail_stays_as_it_is() -> None:
    assert signing.sign(b"From: a\r\n\r\nb", None) == b"From: a\r\n\r\nb"


def test_what_is_no_key_has_no_record() -> None:
    with pytest.raises(ValueError, match="PEM"):
        signing.dns_record("no key")


# --- templates --------------------------------------------------------------------------------------------------------


def test_known_names_are_filled_and_others_stay_visible() -> None:
    assert fill("Hello {name}, {nmae} of {team}", {"name": "Vera", "team": "Sales"}) == "Hello Vera, {nmae} of Sales"
    assert names_in("Hello {name}, {text} {} {A}") == {"name", "text"}


@pytest.mark.parametrize(
    "text",
    ["{name.__class__}", "{name[0]}", "{name!r}", "{0}", "{{name}}"[1:-1] + "{", "{name:>9999999999}", "%(name)s"],
)
def test_nothing_in_a_template_runs(text: str) -> None:
    assert fill(text, {"name": "Vera"}) == text.replace("{name}", "Vera")


def test_what_was_filled_in_is_not_filled_again() -> None:
    assert fill("{text}", {"text": "{team}", "team": "Sales"}) == "{team}"


def test_facts_can_t_become_markup() -> None:
    filled = fill_html("<p>{name}</p>{text}", {"name": "<b>&"}, {"text": "<p>ready</p>"})
    assert filled == "<p>&lt;b&gt;&amp;</p><p>ready</p>"


def page(own: str = "", language: str = "en") -> str:
    text = look.paragraphs("One <1>\nline\n\nTwo")
    return look.page(own, language=language, subject="A & B", team="<Sales>", text=text, footer="Recorded\nhere")


def test_the_desk_s_own_look_loads_nothing() -> None:
    html = page()
    assert "One &lt;1&gt;<br>line</p>" in html
    assert "<title>A &amp; B</title>" in html
    assert "&lt;Sales&gt;" in html
    assert "Recorded<br>here" in html
    for word in ("http", "src=", "<script", "url("):
        assert word not in html


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("See https://desk.example/return/a-b/.", "https://desk.example/return/a-b/"),
        ("(http://a.example/?x=1&y=2)", "http://a.example/?x=1&amp;y=2"),
        ("https://a.example", "https://a.example"),
    ],
)
def test_a_web_address_is_a_link_to_what_it_shows(text: str, link: str) -> None:
    assert f'<a href="{link}">{link}</a>' in look.paragraphs(text)


@pytest.mark.parametrize("text", ["javascript:alert(1)", "https://", "<a href='x'>", 'https://a.example"onclick="x'])
def test_nothing_else_becomes_one(text: str) -> None:
    html = look.paragraphs(text)
    assert 'href="javascript' not in html
    assert "<a href='x'>" not in html
    assert 'onclick="' not in html


def test_a_page_in_arabic_runs_from_right_to_left() -> None:
    assert '<html lang="ar" dir="rtl">' in page(language="ar")
    assert '<html lang="de" dir="ltr">' in page(language="de")


def test_an_admin_s_own_look_is_used_if_it_shows_the_text() -> None:
    assert page("<h1>{team}</h1>{text}").startswith("<h1>&lt;Sales&gt;</h1><p")
    assert "<!doctype html>" in page("<h1>nothing of the text</h1>")


def test_dates_are_told_in_utc() -> None:
    assert read(replace(DRAFT, date=datetime(2026, 1, 1, tzinfo=UTC)))["Date"].endswith("00:00:00 +0000")
