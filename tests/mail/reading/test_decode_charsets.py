"""Text in the charset it is in, whatever its label says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickets.reading.charsets import codec_of, decode

pytestmark = pytest.mark.once

READABLE = [
    ("Grüße – „fein“", "cp1252", "utf-8"),
    ("Grüße – „fein“", "cp1252", "iso-8859-1"),
    ("Grüße", "latin-1", ""),
    ("Grüße", "utf-8", "us-ascii"),
    ("Grüße", "utf-8", "X-UNKNOWN"),
    ("Grüße", "cp1252", "unknown-8bit"),
    ("Grüße", "utf-8", "base64"),
    ("Grüße", "utf-8", "rot13"),
    ("Grüße", "utf-8", "idna"),
    ("Grüße", "utf-8", "\x00\x00"),
    ("Grüße", "utf-16", "utf-16"),
    ("中文信件，請看", "gb18030", "gb2312"),
    ("镕字不在旧集", "gbk", "gb2312"),
    ("안녕하세요 똠방각하", "cp949", "ks_c_5601-1987"),
    ("안녕하세요", "cp949", "euc-kr"),
    ("請看附件", "big5", "big5"),
    ("日本語のテスト", "iso2022_jp", ""),
    ("日本語のテスト", "iso2022_jp", "us-ascii"),
    ("日本語のテスト①", "iso2022_jp_2004", "iso-2022-jp"),
    ("日本語①", "cp932", "shift_jis"),
    ("日本語のテスト", "iso2022_jp", "_iso-2022-jp$ESC"),
    ("Привет", "koi8-r", "koi8-r"),
    ("Привет", "cp1251", "windows-1251"),
    ("สวัสดี", "cp874", "tis-620"),
    ("İstanbul ş", "cp1254", "iso-8859-9"),
]


@pytest.mark.parametrize(("words", "real", "label"), READABLE)
def test_words_are_read_under_labels_that_are_wrong_or_missing(words: str, real: str, label: str) -> None:
    assert decode(words.encode(real), label) == words


def test_a_utf8_text_cut_in_a_character_keeps_the_rest() -> None:
    assert decode("中文信件，請看附件".encode()[:-1], "utf-8") == "中文信件，請看附\ufffd"


def test_a_byte_order_mark_and_nul_are_left_out() -> None:
    assert decode(b"\xef\xbb\xbfa\0b", "utf-8") == "ab"


@pytest.mark.parametrize(
    "label", ["zip", "hex", "unicode_escape", "raw_unicode_escape", "punycode", "..", "x" * 500, "é"]
)
def test_what_is_no_charset_has_no_codec(label: str) -> None:
    assert codec_of(label) == ""


@pytest.mark.parametrize(("label", "codec"), [("UTF8", "utf-8"), ('"ISO-8859-1"', "cp1252"), (" latin1 ", "cp1252")])
def test_names_of_charsets_are_understood(label: str, codec: str) -> None:
    assert codec_of(label) == codec


@given(st.binary(max_size=200), st.one_of(st.sampled_from([each[2] for each in READABLE]), st.text(max_size=20)))
def test_no_bytes_and_no_label_raise(data: bytes, label: str) -> None:
    text = decode(data, label)
    assert "\x00" not in text
    text.encode()
