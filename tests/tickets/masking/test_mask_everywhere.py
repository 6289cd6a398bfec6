"""Addresses, sites and numbers in the writing of many countries: found where they stand, and nothing beside them."""

from __future__ import annotations

import html

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.tickets.masking.spellings import texts
from tests.tickets.masking.test_mask_text import ADDRESS, LINK, NUMBER, RULES
from tickets.masking import Rules, Words, mask_display, mask_html, mask_name, mask_text
from tickets.masking.markup import Tag, parsed, split, tag_of

pytestmark = pytest.mark.once

SECRET = "v.real@home.test"
AROUND = {
    "Arabic": ("اكتب إلى ", " من فضلك"),
    "Hebrew": ("כתבו אל ", " בבקשה"),
    "Japanese": ("メールは", "まで。"),
    "Chinese": ("请发邮件到", "，谢谢"),
    "Korean": ("메일 주소는 ", "입니다"),
    "Thai": ("อีเมล ", " ครับ"),
    "Russian": ("Пишите на ", ", пожалуйста"),
    "Greek": ("Γράψτε στο ", "."),
    "Hindi": ("मुझे ", " पर लिखें"),
    "Turkish": ("Bana ", "’e yazın"),
    "a table": ("| mail | ", " |"),
    "Markdown": ("[write](mailto:", ")"),
    "an RTL mark": ("\u202e", "\u202c"),
    "a list": ("1) ", "; 2) else"),
}


@pytest.mark.parametrize("country", AROUND)
@pytest.mark.parametrize("spelling", [SECRET, SECRET.upper(), "v.real＠home．test", "v.real(at)home.test"])
def test_an_address_goes_in_every_writing(country: str, spelling: str) -> None:
    before, after = AROUND[country]
    shown = mask_text(f"{before}{spelling}{after}", RULES).text
    assert shown.replace("\u202e", "").replace("\u202c", "") == (
        f"{before}{ADDRESS}{after}".replace("\u202e", "").replace("\u202c", "")
    )


@pytest.mark.parametrize(
    "spelling",
    [
        "v.real arroba home.test",
        "v.real chez home.test",
        "v.real ät home.test",
        "v real at home punkt test",
        "v.real at home punto test",
        "v . real @ home . test",
        "v.real_at_home.test",
        "v.real+tag at home.test",
        "V REAL AT HOME DOT TEST",
    ],
)
def test_a_protected_address_goes_as_people_say_it(spelling: str) -> None:
    assert mask_text(f"Write to {spelling}, please", RULES).text == f"Write to {ADDRESS}, please"


@pytest.mark.parametrize(
    "sentence",
    ["The real thing is at home. Test it.", "unreal at home.tests", "v.really"],
)
def test_words_that_only_sound_like_one_stay(sentence: str) -> None:
    assert mask_text(sentence, RULES).text == sentence


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("HOME.TEST", LINK),
        ("https://www.home.test/", LINK),
        ("ftp: home.test/x", f"ftp: {LINK}"),
        ("(see home.test)", f"(see {LINK})"),
        ("home.test:8443/a?b#c.", f"{LINK}."),
        ("a.b.c.home.test", LINK),
        ("home.test, home.test", f"{LINK}, {LINK}"),
        ("home.testing", "home.testing"),
        ("my-home.test", "my-home.test"),
        ("home.test-shop.example", "home.test-shop.example"),
        ("athome.test", "athome.test"),
        ("home.test.example", "home.test.example"),
        ("1198.51.100.23", "1198.51.100.23"),
        ("198.51.100.230", "198.51.100.230"),
        ("http://198.51.100.23:25/", LINK),
        ("[198.51.100.23]", f"[{LINK}]"),
    ],
)
def test_a_site_goes_and_no_longer_name_with_it(text: str, shown: str) -> None:
    assert mask_text(text, RULES).text == shown


@pytest.mark.parametrize(
    "number",
    [
        "+33 1 42 68 53 00",
        "+1 (212) 555-0123",
        "+81-3-3210-7000",
        "+972 2 670 1234",
        "+55 11 3091-3116",
        "+90 212 440 00 00",
    ],
)
def test_a_number_of_any_country_is_masked_where_the_rule_says_so(number: str) -> None:
    assert mask_text(f"Call {number}.", RULES).text == f"Call {NUMBER}."
    assert mask_text(f"Call {number}.", Rules(protected=RULES.protected)).text == f"Call {number}."


@given(st.sampled_from(["{}", "<b>{}</b>", "a {} b", "({})", "{},"]), st.text("xyzäß ", max_size=20))
def test_the_words_are_the_readers_own_whatever_they_hold(frame: str, word: str) -> None:
    """A translation may hold any letters: it is not searched for names to fill in, and masks nothing more."""
    rules = Rules(protected=frozenset({SECRET}), words=Words(address=f"[{word}\\1 {{x}}]"))
    assert mask_text(frame.format(SECRET), rules).text == frame.format(f"[{word}\\1 {{x}}]")


# --- markup -----------------------------------------------------------------------------------------------------------


@given(texts)
@example("<b")
@example("<!-- <b> -->x")
@example("<a href='>'>x</a>")
@example("<script>a</script")
@example("a<b>c</ b>")
def test_markup_that_was_read_reads_the_same_again(source: str) -> None:
    once = "".join(map(str, parsed(source)))
    assert "".join(map(str, parsed(once))) == once
    words, tags = split(source)
    assert len(words) == len(tags) + 1
    assert not any("<" in each for each in words)
    assert all(isinstance(tag_of(tag), Tag) and tag_of(tag).name for tag in tags)


@pytest.mark.parametrize(
    ("source", "read"),
    [
        ("a<!-- v.real@home.test -->b", "ab"),
        ("<style>v.real@home.test</style>b", "<style></style>b"),
        ("<script>v.real@home.test", "<script>"),
        ("<!doctype html>a", "a"),
        ("<?php v.real@home.test", ""),
        ("1 < 2 & 3", "1 &lt; 2 &amp; 3"),
        ("<IMG SRC=x ALT>", '<img src="x" alt>'),
        ("<br/>", "<br />"),
        ("<a title='\"'>x</a>", '<a title="&quot;">x</a>'),
    ],
)
def test_what_nobody_reads_is_left_out(source: str, read: str) -> None:
    assert "".join(map(str, parsed(source))) == read


HIDING = [
    '<a href="MAILTO:{0}">x</a>',
    '<a href="&#109;ailto:{0}">x</a>',
    '<a href="mail\nto:{0}">x</a>',
    '<a href="https://else.test/?to={0}">x</a>',
    '<img alt="{0}">',
    "<p title='{0}'>x</p>",
    "<td>v.real</td><td>@home.test {0}</td>",
    "<p>v.real<wbr>@<wbr>home.test</p>",
    "<p>v.real<!-- x -->@home.test</p>",
    "<p>v.real&#8203;@home.test</p>",
    "<p>&lt;{0}&gt;</p>",
    "<p><span>v</span><span>.real@ho</span>me.test</p>",
]


@pytest.mark.parametrize("source", HIDING)
def test_no_markup_hides_an_address(source: str) -> None:
    shown = mask_html(source.format(SECRET), RULES).text
    seen = html.unescape(shown).lower()
    assert SECRET not in seen
    assert "mailto" not in seen
    assert mask_html(shown, RULES).text == shown


# --- names ------------------------------------------------------------------------------------------------------------


@given(st.text(max_size=200))
@example("\u202e\u200f")
@example("." * 300)
@example("a" * 99 + ".pdf" * 20)
@example("\U0001f468\u200d\U0001f469\u200d\U0001f467" * 40)
@example("CON\0.txt")
def test_any_name_is_a_line_without_a_path(name: str) -> None:
    shown = mask_name(name, RULES).text
    assert 0 < len(shown) <= 100
    assert len(shown.encode()) <= 240
    assert not set(shown) & set('/\\\0\r\n\t<>:"|?*\u202e\u202d')
    assert shown not in (".", "..")
    displayed = mask_display(name, RULES)
    assert len(displayed) <= 80
    assert "@" not in displayed
    assert "\n" not in displayed
