"""Header fields: unfolded, encoded words read, parameters put together."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickets.reading.message import read
from tickets.reading.words import decoded_words, parameters, unbase64, unfolded

pytestmark = pytest.mark.once

WORDS = [
    ("=?utf-8?q?Gr=C3=BC=C3=9Fe_an_alle?=", "Grüße an alle"),
    ("=?utf-8?B?R3LDvMOfZQ==?=", "Grüße"),
    ("=?iso-8859-1?Q?a?= =?iso-8859-1?Q?b?=", "ab"),
    ("=?iso-8859-1?Q?a?= b", "a b"),
    ("=?utf-8?B?4oI=?= =?utf-8?B?rA==?=", "€"),  # one character in two words
    ("=?utf-8?Q?=E2=82?==?utf-8?Q?=AC?=", "€"),
    ("=?koi8-r?B?8NLJ18XU?=", "Привет"),
    ("=?utf-8*de?q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
    ("=?x-unknown?q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
    ("=?utf-8?B?R3LDvMOfZQ?=", "Grüße"),  # its padding is missing
    ("=?utf-8?x?abc?=", "=?utf-8?x?abc?="),
    ("=?utf-8?q?a=0D=0ABcc:_x?=", "a Bcc: x"),
    ("no words", "no words"),
]


@pytest.mark.parametrize(("raw", "text"), WORDS)
def test_encoded_words_are_read(raw: str, text: str) -> None:
    assert decoded_words(raw) == text


PARAMETERS = [
    ('a; name="x y.pdf"; size=3', {"name": "x y.pdf", "size": "3"}),
    ("a; name*=utf-8''%e2%82%ac.pdf", {"name": "€.pdf"}),
    ("a; name*=koi8-r''%c6%c1%ca%cc.txt", {"name": "файл.txt"}),
    ("a; name*0*=utf-8'de'Gr%C3%BC; name*1*=%C3%9Fe; name*2=.pdf", {"name": "Grüße.pdf"}),
    ('a; name*1="b.pdf"; name*0="a"', {"name": "ab.pdf"}),
    ('a; name="=?utf-8?q?Gr=C3=BC=C3=9Fe?=.pdf"', {"name": "Grüße.pdf"}),
    ("a; name==?koi8-r?B?xsHKzC50eHQ=?=", {"name": "файл.txt"}),
    (r'a; name="C:\docs\new.txt"', {"name": r"C:\docs\new.txt"}),
    (r'a; name="say \"hi\".txt"', {"name": 'say "hi".txt'}),
    ("a; name=x y z.pdf", {"name": "x y z.pdf"}),
    ("a", {}),
    (";;;=;a=", {"a": ""}),
]


@pytest.mark.parametrize(("value", "found"), PARAMETERS)
def test_parameters_are_read(value: str, found: dict[str, str]) -> None:
    assert parameters(value) == found


def test_a_folded_field_is_one_line() -> None:
    assert unfolded(b" a\r\n b\n\tc ") == "a b c"
    assert unfolded("Grüße".encode("cp1252")) == "Grüße"


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"YWJj", b"abc"),
        (b"YW Jj\r\n", b"abc"),
        (b"YWI", b"ab"),
        (b"YWJjZ", b"abc"),
        (b"!!", b""),
        (b"YW=JjZA==", b"a"),
    ],
)
def test_damaged_base64_gives_what_can_be_read(data: bytes, found: bytes) -> None:
    assert unbase64(data)[: len(found)] == found


@pytest.mark.parametrize(
    ("field", "ids"),
    [
        ("<a@b>", ("<a@b>",)),
        ("<[123]@[host]>", ("<[123]@[host]>",)),
        ("a@b", ("<a@b>",)),
        ("<a@b> text <c@d>\r\n <a@b>", ("<a@b>", "<c@d>")),
        ("<no-domain>", ("<no-domain>",)),
        ("", ()),
    ],
)
def test_message_ids_are_found(field: str, ids: tuple[str, ...]) -> None:
    message = read(f"From: a@b\r\nMessage-ID: {field}\r\nReferences: {field}\r\nIn-Reply-To: {field}\r\n\r\nx".encode())
    assert message.references == message.in_reply_to == ids
    assert message.message_id == (ids[0] if ids else "")


@pytest.mark.parametrize(
    ("value", "date"),
    [
        ("Mon, 6 May 2024 10:12:00 +0530", datetime(2024, 5, 6, 4, 42, tzinfo=UTC)),
        ("6 May 2024 10:12:00 -0000", datetime(2024, 5, 6, 10, 12, tzinfo=UTC)),
        ("Mon, 6 May 24 10:12 GMT", datetime(2024, 5, 6, 10, 12, tzinfo=UTC)),
        ("yesterday", None),
        ("Mon, 99 May 2024 10:12:00 +0000", None),
        ("Mon, 6 May 2024 10:12:00 +9999999999", None),
        ("", None),
    ],
)
def test_dates_are_in_utc_or_none(value: str, date: datetime | None) -> None:
    assert read(f"From: a@b\r\nDate: {value}\r\n\r\nx".encode()).date == date


def test_every_value_of_a_header_is_told_in_order() -> None:
    message = read(b"Received: one\r\n two\r\nFrom: a@b\r\nreceived: three\r\nX-Odd : =?utf-8?q?x?=\r\n\r\nbody")
    assert message.header("Received") == ("one two", "three")
    assert message.header("x-odd") == ("=?utf-8?q?x?=",)
    assert message.header("absent") == ()


@given(st.binary(max_size=300))
def test_no_header_bytes_raise(value: bytes) -> None:
    lines = b"".join(name + b": " + value + b"\r\n" for name in (b"From", b"Date", b"Subject", b"References", b"To"))
    read(lines + b"Content-Type: " + value + b"\r\nContent-Disposition: " + value + b"\r\n\r\nx")
    text = value.decode("latin-1")
    assert isinstance(parameters(text), dict)
    assert "\n" not in decoded_words(text)
