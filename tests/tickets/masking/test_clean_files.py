"""What a file is decides what becomes of it, and its content decides what it is."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from tests.mail import planted
from tests.mail.letters import letter
from tests.mail.planted import SECRET
from tests.tickets.masking.test_mask_text import ADDRESS, RULES
from tickets.masking import Rules, Unclean, Why, clean_file
from tickets.masking.files import packed
from tickets.masking.files.calendars import mask_calendar
from tickets.models import Held

WORDS = Rules(reply_address="support@relay.test", relay_domain="relay.test", protected=RULES.protected)


def cleaned(name: str, data: bytes, media_type: str = "") -> bytes:
    return clean_file(name, media_type, data, RULES).data


def refused(name: str, data: bytes, media_type: str = "") -> Why:
    with pytest.raises(Unclean) as unclean:
        clean_file(name, media_type, data, RULES)
    assert SECRET not in unclean.value.detail
    return unclean.value.reason


def test_every_reason_is_one_that_a_person_is_told() -> None:
    assert {str(each) for each in Why} <= set(Held.Reason.values)


@pytest.mark.parametrize(
    ("name", "data", "media_type", "expected"),
    [
        ("a.exe", b"text", "", Why.FILE_TYPE),
        ("a", b"MZ\0", "", Why.FILE_TYPE),
        ("a.txt", b"#!/bin/sh\n", "text/plain", Why.FILE_TYPE),
        ("a.txt", b"<html>", "text/plain", Why.FILE_TYPE),
        ("a.txt", b"  <svg onload=x>", "", Why.FILE_TYPE),
        ("a", b"x", "text/html; charset=utf-8", Why.FILE_TYPE),
        ("a.url", b"[InternetShortcut]", "", Why.FILE_TYPE),
        ("a.vcf", b"x", "", Why.CARD),
        ("a.txt", planted.CARD, "", Why.CARD),
        ("a", letter(), "message/rfc822", Why.CARD),
        ("a.txt", letter(), "text/plain", Why.CARD),
        ("a.dat", planted.OUTLOOK_MAIL, "", Why.CARD),
        ("winmail.dat", b"x", "application/ms-tnef", Why.UNCLEAN_FILE),
        ("winmail.dat", b"\x78\x9f\x3e\x22", "", Why.UNCLEAN_FILE),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "", Why.UNCLEAN_FILE),
        ("a.rtf", b"{\\rtf1 v.real\\'40home.test}", "", Why.UNCLEAN_FILE),
        ("a.bin", bytes(range(256)), "", Why.UNCLEAN_FILE),
        ("a.7z", b"7z\xbc\xaf\x27\x1c\0\4", "", Why.UNCLEAN_FILE),
        ("a.gz", b"\x1f\x8b\x08\0\0", "", Why.UNCLEAN_FILE),
        ("a.docx", planted.ENCRYPTED_OFFICE, "", Why.LOCKED),
        ("smime.p7m", b"0\x80", "application/pkcs7-mime", Why.LOCKED),
        ("a.asc", b"-----BEGIN PGP MESSAGE-----\n", "", Why.LOCKED),
        ("a.gpg", b"\x85\x01", "", Why.LOCKED),
        ("a.csv", f"name,mail\nVera,{SECRET}".encode(), "text/csv", Why.ADDRESS_IN_FILE),
        ("a.json", b'{"m": "v.real\\u0040home.test"}', "", Why.ADDRESS_IN_FILE),
    ],
)
def test_what_waits_for_a_person(name: str, data: bytes, media_type: str, expected: Why) -> None:
    assert refused(name, data, media_type) == expected


@pytest.mark.parametrize(
    ("name", "data", "media_type"),
    [
        ("a.txt", "Grüße".encode("cp1252"), "text/plain"),
        ("a.txt", "Grüße\r\n".encode("utf-16"), ""),
        ("a.txt", "Grüße".encode("utf-16-be"), ""),
        ("a.csv", b"a;b\r\n1;+49 89 63648018\r\n", "text/csv"),
        ("a.md", b"# A@12", ""),
        ("a", b"x" * 1_000_000, "application/octet-stream"),
        ("a.txt", b"", ""),
    ],
)
def test_texts_without_an_address_stay_to_the_bit(name: str, data: bytes, media_type: str) -> None:
    answer = clean_file(name, media_type, data, RULES)
    assert answer.data == data
    assert answer.removed == ()
    assert (answer.name, answer.media_type) == (name, media_type)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_texts_are_masked_in_their_own_encoding(encoding: str) -> None:
    answer = cleaned("a.txt", f"Grüße an {SECRET}, bis bald".encode(encoding))
    assert answer.decode(encoding) == f"Grüße an {ADDRESS}, bis bald"


@pytest.mark.parametrize(
    ("name", "data", "media_type"),
    [
        ("smime.p7s", b"0\x80", ""),
        ("a", b"0\x80", "application/x-pkcs7-signature"),
        ("a.asc", planted.KEY, ""),
        ("a.pem", b"-----BEGIN CERTIFICATE-----\n", ""),
        ("a.txt", b"-----BEGIN PGP SIGNATURE-----\n", "text/plain"),
    ],
)
def test_of_signatures_and_keys_nothing_is_left(name: str, data: bytes, media_type: str) -> None:
    answer = clean_file(name, media_type, data, RULES)
    assert answer.is_gone
    assert answer.removed


def test_the_name_is_masked_and_that_is_said() -> None:
    answer = clean_file(f"{SECRET}.txt", "text/plain", b"x", RULES)
    assert answer.name == f"{ADDRESS}.txt"
    assert answer.removed == ("its name",)


# --- archives ---------------------------------------------------------------------------------------------------------


def test_an_archive_is_packed_anew_from_clean_members() -> None:
    data = planted.packed(
        {
            f"in/{SECRET}.txt": f"by {SECRET}",
            "a.jpg": planted.picture("JPEG"),
            "b/a.txt": "1",
            "c/a.txt": "2",
            "k.asc": planted.KEY,
        }
    )
    answer = cleaned("a.zip", data)
    got = planted.members(answer)
    assert list(got) == [f"in/{ADDRESS}.txt", "a.jpg", "b/a.txt", "c/a.txt"]
    assert got[f"in/{ADDRESS}.txt"] == f"by {ADDRESS}".encode()
    assert b"SERIAL-4711" not in got["a.jpg"]
    assert SECRET.encode() not in answer


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (planted.packed({"a.docx": planted.docx("v.real@home.test")}), Why.ADDRESS_IN_FILE),
        (planted.packed({"a.zip": planted.packed({"b": "x"})}), Why.UNCLEAN_FILE),
        (planted.packed({str(number): "" for number in range(packed.MAX_MEMBERS + 1)}), Why.UNCLEAN_FILE),
        (planted.packed({"a": "0" * 5_000_000}), Why.UNCLEAN_FILE),
        (planted.packed({"a": "x"})[:-30], Why.UNCLEAN_FILE),
        (b"PK\x03\x04 nothing", Why.UNCLEAN_FILE),
    ],
    ids=["address", "nested", "many", "large", "cut", "no archive"],  # not the bytes: they hold the time
)
def test_archives_that_wait(data: bytes, expected: Why) -> None:
    assert refused("a.zip", data) == expected


def test_no_name_in_an_archive_leads_out_of_it_or_hides_another() -> None:
    data = planted.packed(
        {"../../a.txt": "1", "/a.txt": "2", "a.txt": "3", "C:\\x\\a.txt": "4", SECRET: "5", f"x/../{SECRET}": "6"}
    )
    assert list(planted.members(cleaned("a.zip", data))) == [
        "a.txt",
        "a-2.txt",
        "a-3.txt",
        "C_/x/a.txt",
        ADDRESS,
        f"x/{ADDRESS}",
    ]


def test_documents_in_an_archive_are_cleaned_too() -> None:
    got = planted.members(cleaned("a.zip", planted.packed({"a.docx": planted.docx()})))
    assert all(SECRET.encode() not in part for part in planted.members(got["a.docx"]).values())


# --- calendars --------------------------------------------------------------------------------------------------------


def test_a_calendar_keeps_its_event_and_nobody_s_address() -> None:
    told = mask_calendar(planted.CALENDAR.decode(), WORDS).text
    calendar = Calendar.from_ical(told)
    (event,) = calendar.walk("VEVENT")
    assert str(event["ORGANIZER"]) == "mailto:support@relay.test"
    assert str(event["UID"]) == "4711"
    assert str(event["DESCRIPTION"]) == f"Call {ADDRESS}"
    assert "X-MS-OLK-SENDER" not in event
    assert told.count("METHOD:") == 1
    assert all(len(line.encode()) <= 75 for line in told.split("\r\n"))


def test_a_calendar_without_an_address_of_ours_has_no_organizer() -> None:
    (event,) = Calendar.from_ical(mask_calendar(planted.CALENDAR.decode(), RULES).text).walk("VEVENT")
    assert "ORGANIZER" not in event


def test_long_lines_are_folded_between_letters() -> None:
    told = mask_calendar(f"BEGIN:VCALENDAR\r\nSUMMARY:{'ü' * 200}\r\nEND:VCALENDAR\r\n", WORDS).text
    assert all(len(line.encode()) <= 75 for line in told.split("\r\n"))
    assert told.replace("\r\n ", "").count("ü") == 200


# --- whatever comes ---------------------------------------------------------------------------------------------------


@given(
    start=st.sampled_from(
        [
            b"",
            b"%PDF",
            b"PK\x03\x04",
            b"\xff\xd8\xff",
            b"II*\0",
            b"\0\0\0\x18ftypheic",
            b"GIF89a",
            b"ID3",
            b"RIFF1234WEBP",
        ]
    ),
    data=st.binary(max_size=400),
    name=st.sampled_from(["a", "a.txt", "a.ics", "a.csv", "a.zip", "a.heic"]),
)
@settings(max_examples=200, deadline=None)
def test_nothing_but_unclean_is_ever_raised(start: bytes, data: bytes, name: str) -> None:
    try:
        told = clean_file(name, "", start + data, RULES).name
    except Unclean as unclean:
        told = str(unclean.reason)
    assert told
