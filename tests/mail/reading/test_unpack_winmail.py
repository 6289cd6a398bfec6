"""winmail.dat: what Outlook packed in it is read, in a process that may fail without harm."""

from __future__ import annotations

import pytest

from tests.mail.reading.makers import attached, mail, packed_rtf, text, tnef
from tickets.reading import tnef as unpacking
from tickets.reading.message import Message, read
from tickets.reading.rtf import text_of_rtf, unpacked_rtf
from tickets.reading.visible import visible_text

pytestmark = pytest.mark.once

RTF = rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}\f0 Dear Sam,\par the price is 5 \'80 \endash  fine\u8230?\par}"
HTML_RTF = (
    rb"{\rtf1\ansi\ansicpg1252\fromhtml1 \deff0{\*\htmltag64 <p>}\htmlrtf \par \htmlrtf0 Dear Sam, {\*\htmltag84 <b>}"
    rb"\htmlrtf {\b \htmlrtf0 hello{\*\htmltag92 </b>}\htmlrtf }\htmlrtf0 {\*\htmltag72 </p>}}"
)


def winmail(data: bytes, *others: bytes) -> Message:
    return read(mail(*others, attached(data, "application/ms-tnef; name=winmail.dat")))


def test_files_come_out_with_their_names_and_bytes() -> None:
    message = winmail(tnef([("offer.doc", b"\xd0\xcf" * 500), ("grüße.txt", b"hello")]), text("See the offer."))
    assert [(each.name, each.media_type, each.data) for each in message.files] == [
        ("offer.doc", "application/msword", b"\xd0\xcf" * 500),
        ("grüße.txt", "text/plain", b"hello"),
    ]
    assert message.text == "See the offer."


@pytest.mark.parametrize("compressed", [True, False])
def test_rich_text_is_the_text_of_a_mail_without_another(compressed: bool) -> None:
    message = winmail(tnef([], packed_rtf(RTF, compressed=compressed)))
    assert message.text == "Dear Sam,\nthe price is 5 € – fine…"
    assert message.files == ()


def test_html_in_rich_text_is_html_again() -> None:
    message = winmail(tnef([], packed_rtf(HTML_RTF, compressed=True)))
    assert message.html == "<p>Dear Sam, <b>hello</b></p>"
    assert visible_text(message).visible == "Dear Sam, hello"


def test_the_plain_body_is_read() -> None:
    assert winmail(tnef([], body=b"Plain words")).text == "Plain words"


def test_the_mails_own_text_wins() -> None:
    assert winmail(tnef([], body=b"Plain words"), text("Outside")).text == "Outside"


def test_names_from_inside_are_made_harmless() -> None:
    assert [each.name for each in winmail(tnef([("..\\..\\x\0.exe", b"1")])).files] == ["x.exe"]


@pytest.mark.parametrize("data", [b"\x78\x9f\x3e\x22", b"\x78\x9f\x3e\x22\x01\x00" + b"\xff" * 500, b"no tnef at all"])
def test_what_cannot_be_unpacked_stays_a_file(data: bytes) -> None:
    message = winmail(data, text("Words"))
    assert [(each.name, each.data) for each in message.files] == [("winmail.dat", data)]
    assert message.text == "Words"


def test_an_unpacker_that_takes_too_long_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "SECONDS", 0.001)
    message = winmail(tnef([("a.txt", b"a")]), text("Words"))
    assert [each.name for each in message.files] == ["winmail.dat"]


@pytest.mark.parametrize("data", [b"", b"x" * 15, b"x" * 40, packed_rtf(RTF, compressed=True)[:30]])
def test_damaged_rich_text_gives_what_can_be_read(data: bytes) -> None:
    assert len(unpacked_rtf(data)) <= len(RTF)


def test_groups_that_show_nothing_are_left_out() -> None:
    rtf = rb"{\rtf1{\info{\author Ann}}{\*\unknown x}one \{two\}\~three\line four\tab five\-six{\pict 00ff}}"
    assert text_of_rtf(rtf) == ("one {two}\xa0three\nfour\tfivesix", False)


def test_a_rich_text_that_only_opens_groups_ends() -> None:
    assert text_of_rtf(b"{" * 100_000 + b"x") == ("x", False)
