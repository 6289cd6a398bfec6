"""Any script, and what has no picture: shown as it is, or named, never lost and never obeyed."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.transcripts.pdf.stories import BREAKS, read, said, story, text_of
from transcripts.formats.pdf import pdf_of
from transcripts.formats.pdf.cmap import spans_of
from transcripts.formats.pdf.fonts import machine_fonts
from transcripts.formats.pdf.printable import Printable, is_right_to_left

ALL = b"\1" * 0x110000
UNSEEN = "Characters that this document has no picture for"


@pytest.mark.parametrize(
    "words",
    [
        "Grüße",
        "Ελληνικά",
        "Русский",
        "שלום",
        "你好，世界",
        "日本語テキスト",
        "한국어",
        "😀",
        "🧿",
        "Việt",
        "ⲁⲃⲅ",
        "𓀀",
        "①②",
        "ꙮ",
    ],
)
def test_it_prints_and_reads_the_same(words: str) -> None:
    """X-13: missing glyphs."""
    text = text_of(story(words))
    assert words in text
    assert UNSEEN not in text


@pytest.mark.parametrize("words", ["مرحبا", "नमस्ते", "สวัสดี"])
def test_letters_that_join_are_set_and_kept_as_they_were(words: str) -> None:
    """A reader sees them in the order they are drawn; the record for machines has them as they were written."""
    data = pdf_of(story(words))
    assert set(words) & set("".join(page.extract_text() for page in read(data).pages))
    assert words.encode() in read(data).attachments["records.jsonl"][0]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\0nul", "[U+0000]nul"),
        ("\x1b[31mred", "[U+001B][31mred"),
        ("gpj.\u202eexe", "gpj.[U+202E]exe"),
        ("\u2066a\u2069", "[U+2066]a[U+2069]"),
        ("\ufeffmark", "[U+FEFF]mark"),
        ("half \ud800", "half [U+D800]"),
        ("\uffff", "[U+FFFF]"),
        ("\U000e0041", "[U+E0041]"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("a\tb", "a   b"),
        ("شكراً \u200d", "شكراً \u200d"),
    ],
)
def test_what_can_t_be_seen_is_named(text: str, shown: str) -> None:
    printable = Printable(ALL)
    assert printable(text) == shown
    assert printable.named == ("[U+" in shown)


def test_a_character_without_a_glyph_is_named_and_the_page_says_so() -> None:
    text = text_of(story("Unassigned: \u0378, and plain"))
    assert "Unassigned: [U+0378], and plain" in text
    assert UNSEEN in text


def test_long_words_get_places_to_break_and_stay_on_the_page() -> None:
    long = "x" * 5000
    assert Printable(ALL)(long).replace(BREAKS, "") == long
    found = read(pdf_of(story(long))).pages[0]
    rights: list[float] = []
    found.extract_text(visitor_text=lambda text, _cm, tm, *_font: rights.append(tm[4]) if text.strip() else None)
    assert max(rights) < float(found.mediabox.width)
    assert text_of(story(long)).count("x") >= len(long)


def test_direction_by_the_first_letter_that_has_one() -> None:
    assert is_right_to_left("1. שלום abc")
    assert is_right_to_left("مرحبا")
    assert not is_right_to_left("abc שלום")
    assert not is_right_to_left("123 :-)")


INJECTIONS = (
    '#read("/etc/passwd")',
    '#image("/etc/passwd")',
    '#include "/etc/passwd"',
    '#import "@preview/evil:0.1.0": *',
    "#{ while true {} }",
    "$ sum $ *bold* _it_ `raw` <label> @ref // comment /* open",
    '"; #panic("x"); "',
    "\\u{202e} \\#hash {{7*7}} %(x)s",
    "= Heading\n- list\n/ term: x",
    '<img src="file:///etc/passwd"><script>alert(1)</script>',
    "<!ENTITY x SYSTEM 'file:///etc/passwd'>&x;",
)


@pytest.mark.parametrize("words", INJECTIONS)
def test_what_people_write_is_never_obeyed(words: str) -> None:
    """X-13, X-04: no file is read, nothing is run, in a message, a name, a subject, a file's name."""
    told = story(words, subject=words, button=words, facts={words: words}, tags=(words,))
    text = text_of(told)
    assert text.count(" ".join(words.split())) >= 5
    assert "root:" not in text


@pytest.mark.parametrize("subject", ["\n", " \t\u2003", "\x85"])
def test_a_subject_of_white_space_is_no_title(subject: str) -> None:
    data = pdf_of(story("hello", subject=subject))
    told = read(data).metadata
    assert told is not None
    assert str(told.title).startswith("Conversation ")


def test_each_character_is_looked_at_once_and_named_wherever_it_stands() -> None:
    printable = Printable(bytes(0x110000))
    assert printable("é") == printable("é") == "[U+00E9]"
    assert printable("ab") == "ab"
    assert printable("aé") == "[U+0061][U+00E9]"
    assert Printable(ALL)("aé\u200e") == "aé[U+200E]"


@settings(max_examples=60)
@given(st.lists(st.text(max_size=60), max_size=5))
def test_no_text_whatever_stops_a_document(texts: list[str]) -> None:
    data = pdf_of(story(events=said(*texts), subject=texts[0] if texts else ""))
    assert data.startswith(b"%PDF-1.7")


def test_glyphs_that_fail_together_are_named_one_after_another(monkeypatch: pytest.MonkeyPatch) -> None:
    """The fonts claim to have everything: the engine finds out, and the document is made all the same."""
    fonts = machine_fonts()
    claimed = type(fonts)(fonts.families, ALL)
    monkeypatch.setattr("transcripts.formats.pdf.document.machine_fonts", lambda: claimed)
    assert "[U+0378] and [U+0FFE]" in text_of(story("\u0378 and \u0ffe"))
    many = "".join(map(chr, range(0x1FF80, 0x1FFA0)))
    assert f"[U+{ord(many[-1]):04X}]" in text_of(story(many))


# --- fonts -----------------------------------------------------------------------------------------------------------


def table(*subtables: tuple[int, int, bytes]) -> bytes:
    """A font of nothing but a "cmap" table."""
    cmap = struct.pack(">HH", 0, len(subtables))
    place, bodies = 4 + 8 * len(subtables), b""
    for platform, encoding, body in subtables:
        cmap += struct.pack(">HHL", platform, encoding, place + len(bodies))
        bodies += body
    font = struct.pack(">LHHHH", 0x00010000, 1, 0, 0, 0) + struct.pack(">4sLLL", b"cmap", 0, 28, len(cmap + bodies))
    return font + cmap + bodies


def short_form(*segments: tuple[int, int, int, int], glyphs: tuple[int, ...] = ()) -> bytes:
    columns = [struct.pack(f">{len(segments)}H", *column) for column in zip(*segments, strict=True)]
    starts, ends, deltas, offsets = columns
    body = ends + b"\0\0" + starts + deltas + offsets + struct.pack(f">{len(glyphs)}H", *glyphs)
    return struct.pack(">HHHHHHH", 4, 14 + len(body), 0, 2 * len(segments), 0, 0, 0) + body


def test_characters_of_a_font_in_the_short_form(tmp_path: Path) -> None:
    last = (0xFFFF, 0xFFFF, 1, 0)
    body = short_form((0x41, 0x44, 0x10000 - 0x42, 0), (0x61, 0x63, 0, 4), last, glyphs=(7, 0, 9))
    font = tmp_path / "font.ttf"
    font.write_bytes(table((3, 1, body)))
    has = {point for first, final in spans_of(font) for point in range(first, final + 1)}
    assert has == {0x41, 0x43, 0x44, 0x61, 0x63}  # 0x42 and 0x62 come to glyph 0, which is none


def test_characters_of_a_font_in_the_long_form(tmp_path: Path) -> None:
    body = struct.pack(">HHLLL", 12, 0, 0, 0, 2) + struct.pack(">6L", 0x1F600, 0x1F602, 5, 0x20000, 0x20001, 0)
    font = tmp_path / "font.ttf"
    font.write_bytes(table((0, 4, body), (1, 0, b"\0\0")))
    assert spans_of(font) == [(0x1F600, 0x1F602), (0x20001, 0x20001)]


@pytest.mark.parametrize("data", [b"", b"ttcf", b"no font at all, but some bytes more", table((3, 1, b"\0\4"))])
def test_a_broken_font_has_nothing(tmp_path: Path, data: bytes) -> None:
    font = tmp_path / "font.ttf"
    font.write_bytes(data)
    assert spans_of(font) == []
    assert spans_of(tmp_path / "missing.ttf") == []


def test_the_fonts_of_this_machine_have_every_script() -> None:
    fonts = machine_fonts()
    assert fonts.families[0] == "Noto Sans"
    assert all(fonts.has[ord(letter)] for letter in "aßЯשمनส你に한😀")
    assert not fonts.has[0x0378]
