"""A person's name is covered in every way that people write it: case, script, composed or not, without spaces."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcripts.actions.exporting.masking import covered, renamed

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("name", "text", "shown"),
    [
        ("Weiß", "Herr Weiß, WEISS, weiss und GROẞ", "Herr X, X, X und GROẞ"),
        ("Groẞ", "groß GROSS Größe", "X X Größe"),
        ("José", "Jose\u0301 y JOSÉ", "X y X"),
        ("Jose\u0301", "José y JOSE\u0301", "X y X"),
        ("Ali", "ALİ ali alı Alison", "X X X Alison"),
        ("İpek", "ipek IPEK İPEK", "X X X"),
        ("王小明", "你好王小明先生", "你好X先生"),
        ("李", "李先生", "X先生"),
        ("さくら", "さくらさん、こんにちは", "Xさん、こんにちは"),
        ("สมชาย", "คุณสมชายครับ", "คุณXครับ"),
        ("דנה", "שלום דנה!", "שלום X!"),
        ("سارة", "مرحبا سارة", "مرحبا X"),
        ("Ольга", "ОЛЬГА и Ольгам", "X и Ольгам"),
        ("O'Neil (Jr.)", "o'neil (jr.) came", "X came"),
        ("A.*", "A.* is no pattern, Abc", "X is no pattern, Abc"),
        ("Ann-Lee", "ann-lee", "X"),
        ("I", "I am", "I am"),
    ],
)
def test_a_name_is_found_in_every_spelling(name: str, text: str, shown: str) -> None:
    assert renamed(text, {name: "X"}) == shown


def test_what_stands_instead_is_not_renamed_again() -> None:
    assert renamed("Ann met Bob", {"Ann": "Bob", "Bob": "Ann"}) == "Bob met Ann"


def test_a_backslash_in_the_other_form_stays_one() -> None:
    assert renamed("Ann", {"Ann": r"\1 \g<0>"}) == r"\1 \g<0>"


# Without those that become two letters in another case: the table above has them.
SINGLE = st.characters(categories=["Lu", "Ll"], max_codepoint=0x24F, exclude_characters="ßİŉǰ")
LETTERS = st.text(SINGLE, min_size=2, max_size=12)


@given(LETTERS, st.sampled_from(["NFC", "NFD"]), st.sampled_from([str, str.upper, str.lower, str.casefold, str.title]))
def test_no_case_and_no_form_of_a_name_gets_through(name: str, form: str, written: type[str]) -> None:
    """Latin letters of any language."""
    text = unicodedata.normalize(form, written(name))  # type: ignore[arg-type]
    assert renamed(f"<{name}>", {name: "\u2588"}) == "<\u2588>"
    if text.casefold() == name.casefold():
        assert renamed(f"<{text}>", {name: "\u2588"}) == "<\u2588>"


@given(st.text(max_size=60), st.lists(st.text(min_size=1, max_size=6), max_size=4))
def test_any_names_in_any_text_do_not_fail(text: str, names: list[str]) -> None:
    shown = renamed(text, dict.fromkeys(names, "\u2588"))
    assert shown == text or "\u2588" in shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("vera@shop.example", "A"),
        ("<vera@shop.example>", "<A>"),
        ("mailto:vera@shop.example?subject=x", "mailto:A"),
        ("Vera+tag@sub.shop.example.", "A."),
        ("véra@büro.example", "A"),
        ("почта@пример.рф", "A"),
        ('"vera"@shop.example', '"vera"@shop.example'),
        ("vera@localhost", "vera@localhost"),
        ("a@b.example,c@d.example;e@f.example", "A,A;A"),
        ("call +1 (555) 010-9999 or 4111-1111-1111-1111", "call T or C"),
        ("2026-11-22", "T"),
        ("IBAN DE89370400440532013000", "IBAN DE89370400440532013000"),
        ("１２３４５６７８", "T"),
        ("", ""),
    ],
)
def test_addresses_and_numbers_are_covered_where_they_stand(text: str, shown: str) -> None:
    assert covered(text, address=lambda _: "A", telephone=lambda _: "T", card=lambda _: "C") == shown
