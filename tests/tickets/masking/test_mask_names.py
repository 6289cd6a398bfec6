"""Names of files and of people: one harmless line each."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from tests.tickets.masking.spellings import spellings, texts
from tests.tickets.masking.test_mask_text import ADDRESS, RULES
from tickets.masking import mask_display, mask_name


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("offer.pdf", "offer.pdf"),
        ("Angebot für März.docx", "Angebot für März.docx"),
        ("نامه\u200cها.pdf", "نامه\u200cها.pdf"),
        ("report_v.real@home.test.pdf", f"report_{ADDRESS}.pdf"),
        ("v.real@home.test_2024.pdf", f"{ADDRESS}_2024.pdf"),
        ("v.real_at_home.test.pdf", f"{ADDRESS}.pdf"),
        ("v.real%40home.test.docx", f"{ADDRESS}.docx"),
        ("from new@else.test.txt", f"from {ADDRESS}.txt"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\v\\x.doc", "x.doc"),
        ("photo\u202egnp.exe", "photognp.exe"),
        ("a\r\nb\0.txt", "a b.txt"),
        ('a<b>:"|?*.txt', "a_b______.txt"),
        ("", "file"),
        (".pdf", "file.pdf"),
        ("...", "file"),
        ("logo@2x.png", "logo@2x.png"),
    ],
)
def test_a_file_s_name(name: str, expected: str) -> None:
    assert mask_name(name, RULES).text == expected


def test_long_names_keep_their_ending_and_fit() -> None:
    for letter in ("n", "ü", "文", "🙂"):
        name = mask_name(letter * 300 + ".pdf", RULES).text
        assert name.endswith(f"{letter}.pdf")
        assert len(name) <= 100
        assert len(name.encode()) <= 240


@given(spelling=spellings().filter(lambda text: "<" not in text and "/" not in text))
@settings(max_examples=150, deadline=None)
def test_no_spelling_survives_in_a_name(spelling: str) -> None:
    assert "home" not in mask_name(f"for {spelling} only.pdf", RULES).text.lower()


@given(name=texts)
@settings(max_examples=150, deadline=None)
def test_a_harmless_name_stays_as_it_is(name: str) -> None:
    once = mask_name(name, RULES).text
    assert once
    assert mask_name(once, RULES).text == once


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Vera", "Vera"),
        ("Vera\r\nBcc: x", "Vera Bcc: x"),
        ("v.real@home.test", ""),
        ("=?utf-8?q?v=2Ereal=40home=2Etest?=", ""),
        ("=?utf-8?q?Vera?=", "Vera"),
        ("=?x?q?=", "=?x?q?="),
        ("=?no-such?b?dg==?=", ""),
        ("v.real (at) home.test", ""),
        ("me@localhost", ""),
        ("Ve\u202era", "Vera"),
        ("V" * 200, "V" * 80),
    ],
)
def test_a_person_s_name(name: str, expected: str) -> None:
    assert mask_display(name, RULES) == expected
