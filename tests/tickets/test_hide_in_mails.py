"""X-16 by mail: neither what is shown of it, nor its sealed original, nor its bytes keep a card's number."""

from __future__ import annotations

import json
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import SMTP

import pytest

from accounts.sealing import unseal
from chatdesk import sitelimits
from chatdesk.models import Entry, File, SensitivePattern, SiteSettings
from chatdesk.sensitive.masking import mask
from chatdesk.sensitive.rules import Rules
from tests.chatdesk.sensitive.numbers import VISA, grouped
from tests.chatdesk.sensitive.test_doors import LINE, SHOWN, SPOKEN, bodies, everything, holds_number
from tests.mail.office import SUPPORT, Office, V, a_mail, entry_of, letter_of, of, token
from tickets import remarks
from tickets.actions.processing import process, process_due
from tickets.composing.unkept import without, written_anew
from tickets.models import Held, IncomingMail
from tickets.reading.message import Message, read


@pytest.fixture
def office(db: None) -> Iterator[Office]:
    sitelimits.forget()
    yield Office()
    sitelimits.forget()


def hide(text: str) -> str:
    return mask(text, Rules()).text


def anew(raw: bytes) -> Message:
    """The mail as it is read once it was written anew."""
    shown = without(read(raw), hide)
    return read(written_anew(shown, raw, hide, keeps_body=False))


def rich(text: str, html: str, **files: bytes) -> bytes:
    mail = EmailMessage(SMTP)
    mail["From"], mail["To"], mail["Subject"] = V, SUPPORT, "A lamp"
    mail["Message-ID"] = "<one@home.test>"
    if text:
        mail.set_content(text)
        mail.add_alternative(html, subtype="html")
    else:
        mail.set_content(html, subtype="html")
    for name, data in files.items():
        mail.add_attachment(data, maintype="text", subtype="plain", filename=f"{name}.txt")
    return mail.as_bytes()


def original(mail: IncomingMail) -> dict[str, str]:
    letter = letter_of(mail)
    found: dict[str, str] = json.loads(unseal(letter.sealed_original))
    return found


# --- what becomes of it ---


def test_nothing_of_it_is_kept_anywhere(office: Office) -> None:
    raw = a_mail(
        sender=f'"Vera {VISA}" <{V}>',
        text=f"My card is {SPOKEN}, cvv 123.\n\n> and it was {VISA}\n",
        files={f"card {VISA}.txt": b"a list"},
        Subject=f"Card {SPOKEN}",
    )
    mail = office.gets(raw)
    assert entry_of(mail).body.startswith(f"My card is {SHOWN}, cvv •••.")
    assert letter_of(mail).subject == f"Card {SHOWN}"
    assert original(mail)["text"].startswith(f"My card is {SHOWN}")
    assert original(mail)["subject"] == f"Card {SHOWN}"
    assert File.objects.get().name == "card 411111••••••1111.txt"
    assert remarks.HIDDEN in letter_of(mail).remarks
    assert not holds_number(everything())


def test_the_chat_says_so_once(office: Office) -> None:
    mail = office.gets(a_mail(text=SPOKEN))
    _again = office.gets(a_mail(text=f"Again: {SPOKEN}", Message_ID="<two@home.test>"))
    assert sum(LINE in body for body in bodies(of(mail))) == 1


def test_other_mails_stay_as_they_came(office: Office) -> None:
    raw = a_mail(text="Order 10293 of 2026-11-22, call +49 170 1234567")
    mail = office.gets(raw)
    assert bytes(mail.raw) == raw
    assert "hidden" not in mail.facts
    assert remarks.HIDDEN not in letter_of(mail).remarks


def test_its_bytes_say_the_same_otherwise(office: Office) -> None:
    raw = a_mail(text=f"Card {SPOKEN}, please.", files={"notes.txt": b"two lines\nof notes"}, Subject="Größe")
    mail = office.gets(raw)
    kept, came = read(bytes(mail.raw)), read(raw)
    assert kept.text.strip() == f"Card {SHOWN}, please."
    assert (kept.subject, kept.message_id, kept.date) == (came.subject, came.message_id, came.date)
    assert [each.address for each in kept.senders] == [V]
    assert [(each.name, each.data) for each in kept.files] == [(each.name, each.data) for each in came.files]


def test_the_same_mail_again_is_the_same_entry(office: Office) -> None:
    raw = a_mail(text=SPOKEN)
    first = office.gets(raw)
    second = office.gets(raw)
    assert first.pk == second.pk
    assert len([body for body in bodies(of(first)) if SHOWN in body]) == 1


def test_worked_off_again_nothing_changes(office: Office) -> None:
    mail = office.gets(a_mail(text=SPOKEN, proven=True))
    before = (bytes(mail.raw), bodies(of(mail)), mail.facts["proof"])
    IncomingMail.objects.filter(pk=mail.pk).update(state=IncomingMail.State.STORED)
    again = process(mail.pk)
    assert (bytes(again.raw), bodies(of(again)), again.facts["proof"]) == before


def test_many_at_once_are_looked_at_each(office: Office) -> None:
    for number in range(3):
        raw = a_mail(sender=f"v{number}@home.test", text=f"{number}: {SPOKEN}", Message_ID=f"<{number}@home.test>")
        office.keeps(raw, sender=f"v{number}@home.test")
    assert process_due() == 3
    assert Entry.objects.filter(body__contains=SHOWN).count() == 3
    assert not holds_number(everything())


def test_an_answer_to_a_token_is_looked_at(office: Office) -> None:
    talk, vera = office.talk()
    office.gets(a_mail(to=token(vera), text=f"Here: {SPOKEN}"), token(vera))
    assert any(SHOWN in body for body in bodies(talk))
    assert not holds_number(everything())


def test_what_is_held_is_kept_without_it_and_let_go_all_the_same(office: Office) -> None:
    _talk, vera = office.talk()
    mail = office.gets(a_mail(sender="x.stranger@else.test", to=token(vera), text=SPOKEN), token(vera))
    assert Held.objects.filter(incoming=mail).exists()
    assert not holds_number(everything())
    assert mail.facts["proof"]


def test_what_is_no_correspondence_is_kept_without_it(office: Office) -> None:
    office.gets(a_mail(to="nobody@relay.test", text=SPOKEN), "nobody@relay.test")
    assert not holds_number(everything())


def test_an_encrypted_mail_keeps_its_body_and_not_its_subject(office: Office) -> None:
    body = b"-----BEGIN PGP MESSAGE-----\r\nabc\r\n-----END PGP MESSAGE-----\r\n"
    head = f"From: {V}\r\nTo: {SUPPORT}\r\nSubject: {SPOKEN}\r\nMessage-ID: <e@home.test>\r\n\r\n".encode()
    mail = office.gets(head + body)
    assert bytes(mail.raw).endswith(body)
    assert not holds_number(everything())


def test_a_pattern_hides_in_mails(office: Office) -> None:
    SensitivePattern.objects.create(name="Customers", pattern=r"KD-\d{6}", replacement="[customer]")
    sitelimits.forget()
    mail = office.gets(a_mail(text="I am KD-123456"))
    assert entry_of(mail).body.strip() == "I am [customer]"
    assert "KD-123456" not in everything()


def test_switched_off_a_mail_stays_as_it_came(office: Office) -> None:
    SiteSettings.objects.update_or_create(pk=1, defaults={"masks_cards": False})
    sitelimits.forget()
    raw = a_mail(text=SPOKEN)
    assert bytes(office.gets(raw).raw) == raw


# --- mails written anew ---


def test_text_and_page_are_both_written_anew() -> None:
    kept = anew(rich(f"Card {SPOKEN}", f"<p>Card <b>{SPOKEN}</b></p>"))
    assert kept.text.strip() == f"Card {SHOWN}"
    assert SHOWN in kept.html


def test_a_number_across_tags_leaves_the_text_alone() -> None:
    kept = anew(rich(f"Card {SPOKEN}", "<p>Card <b>4111</b><i>1111</i>11111111</p>"))
    assert kept.html == ""
    assert kept.text.strip() == f"Card {SHOWN}"


def test_a_page_alone_with_a_number_across_tags_becomes_text() -> None:
    kept = anew(rich("", "<p>Card <b>4111</b>&nbsp;1111 <i>1111</i> 1111, thanks</p>"))
    assert kept.html == ""
    assert "thanks" in kept.text
    assert not holds_number(kept.text.replace("\u00a0", " "))


def test_files_keep_bytes_names_and_order() -> None:
    raw = rich("Card " + VISA, "<p>x</p>", one=b"\x00\xff1", two="zwei ä".encode())
    assert [(each.name, each.data) for each in anew(raw).files] == [
        ("one.txt", b"\x00\xff1"),
        ("two.txt", "zwei ä".encode()),
    ]


def test_header_fields_of_the_way_stay() -> None:
    raw = b"Received: from a by b;\r\n\tSun, 22 Nov 2026\r\nX-Number: 4111111111111111\r\n" + a_mail(text=VISA)
    shown = without(read(raw), hide)
    kept = written_anew(shown, raw, hide, keeps_body=False)
    assert b"Received: from a by b;\r\n\tSun, 22 Nov 2026\r\n" in kept
    assert b"X-Number: 4111111111111111\r\n" in kept  # a program wrote it, and only its own number can be meant


def test_names_beside_addresses_are_written_anew() -> None:
    kept = anew(a_mail(sender=f'"Vera {VISA}" <{V}>'))
    assert [(each.name, each.address) for each in kept.senders] == [("Vera 411111••••••1111", V)]


def test_a_mail_without_anything_is_the_same_mail() -> None:
    message = read(a_mail())
    assert without(message, hide) is message


@pytest.mark.parametrize("raw", [b"", b"\xff\xfe", b"Subject: " + VISA.encode(), b"\r\n\r\n" + grouped(VISA).encode()])
def test_what_is_hardly_a_mail_is_written_all_the_same(raw: bytes) -> None:
    shown = without(read(raw), hide)
    assert VISA.encode() not in written_anew(shown, raw, hide, keeps_body=False)
