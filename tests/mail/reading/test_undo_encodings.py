"""Transfer encodings: what was encoded comes back, and what is broken is read as far as it goes."""

from __future__ import annotations

import base64
import binascii
import quopri

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tickets.reading.charsets import codec_of, decode
from tickets.reading.encodings import decoded_body
from tickets.reading.words import unbase64

pytestmark = pytest.mark.once

data_of = st.binary(max_size=300)
ENCODINGS = ("base64", "quoted-printable", "x-uuencode", "7bit", "", "rot13", "BASE64; x=y", '"base64"')


def uuencoded(data: bytes) -> bytes:
    lines = [binascii.b2a_uu(data[at : at + 45]) for at in range(0, len(data), 45)]
    return b"begin 644 a.bin\n" + b"".join(lines) + b"`\nend\n"


@given(data_of)
def test_what_was_encoded_comes_back(data: bytes) -> None:
    assert decoded_body(base64.encodebytes(data), " Base64 ") == data
    assert decoded_body(quopri.encodestring(data, quotetabs=True), "quoted-printable") == data
    assert decoded_body(uuencoded(data), "X-UUEncode") == data


@given(data_of, st.sampled_from(ENCODINGS))
@example(b"begin 644 x\n\xff\xff\xff", "x-uuencode")
@example(b"=", "quoted-printable")
@example(b"=====", "base64")
def test_no_bytes_break_an_encoding(data: bytes, encoding: str) -> None:
    assert isinstance(decoded_body(data, encoding), bytes)


@pytest.mark.parametrize("encoding", ["7bit", "8bit", "binary", "", "made-up"])
def test_an_unknown_encoding_changes_nothing(encoding: str) -> None:
    assert decoded_body(b"=41 \xff", encoding) == b"=41 \xff"


@pytest.mark.parametrize(
    "broken",
    [
        b"SGVsbG8gV29ybGQ",
        b"SGVs\nbG8g\r\nV29y  bGQ=",
        b"SGVs*bG8gV29ybGQ==",
        b"SGVsbG8gV29ybGQ=\n\n--x",
        b"SGVsbG8gV29ybGQ=A",
    ],
)
def test_broken_base64_is_read_as_far_as_it_goes(broken: bytes) -> None:
    assert unbase64(broken).startswith(b"Hello Worl")


@pytest.mark.parametrize("cut", [0, 5, 30, 61])
def test_a_uuencoded_file_that_was_cut_keeps_its_beginning(cut: int) -> None:
    data = bytes(range(90))
    whole = uuencoded(data)
    assert data.startswith(decoded_body(whole[: len(whole) - 7 - cut], "uuencode")[:45])


def test_what_stands_around_a_uuencoded_file_is_none_of_it() -> None:
    body = b"Dear desk,\n\n" + uuencoded(b"the file") + b"\nregards\n"
    assert decoded_body(body, "uuencode") == b"the file"


@given(data_of, st.sampled_from(["", "utf-8", "koi8-r", "gb2312", "iso-2022-jp", "utf-16", "x-none", "rot13", "\x00"]))
@example(b"\xef\xbb\xbfa", "utf-8")
@example(b"\x1b$B\xff", "")
@example(b"\xd8\x00", "utf-16-be")
def test_any_bytes_are_some_text(data: bytes, charset: str) -> None:
    read = decode(data, charset)
    assert "\x00" not in read
    assert not read.startswith("\ufeff\ufeff")


LETTERS = {
    "koi8-r": "Привет",
    "gb2312": "价格是多少",
    "big5": "價格",
    "shift_jis": "こんにちは",
    "iso-2022-jp": "こんにちは",
    "euc-kr": "안녕하세요",
    "windows-1255": "שלום",
    "windows-1256": "مرحبا",
    "iso-8859-9": "ışık",
    "tis-620": "สวัสดี",
    "utf-7": "Grüße",
    "iso-8859-2": "Łódź",
    "windows-1258": "Vi\u00eat",
}


@pytest.mark.parametrize("charset", LETTERS)
def test_a_letter_of_every_country_is_read(charset: str) -> None:
    assert decode(LETTERS[charset].encode(charset), charset.upper()) == LETTERS[charset]


@pytest.mark.parametrize(
    "charset", ["base64", "zip", "hex", "unicode-escape", "idna", "punycode", "../x", "a" * 99, ""]
)
def test_a_codec_that_is_no_charset_is_none(charset: str) -> None:
    assert codec_of(charset) == ""


def test_windows_letters_under_a_wrong_label_are_read() -> None:
    assert decode("Grüße – bald".encode("cp1252"), "utf-8") == "Grüße – bald"
    assert decode("Grüße – bald".encode(), "us-ascii") == "Grüße – bald"


def test_one_broken_letter_does_not_spoil_a_whole_text() -> None:
    broken = "Привет, как дела".encode() + b"\xff"
    assert decode(broken, "utf-8").startswith("Привет, как дела")
