"""HTML: searched as its reader sees it, changed only where something is hidden."""

from __future__ import annotations

import html
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tickets.masking.spellings import spellings, texts
from tests.tickets.masking.test_mask_text import ADDRESS, LINK, RULES
from tickets.masking import Rules, mask_html, shown_content_id

INLINE = ["b", "i", "span", "font", "em"]


def shown(source: str, rules: Rules = RULES) -> str:
    return mask_html(source, rules).text


@st.composite
def tagged(draw: st.DrawFn, text: str) -> str:
    """`text` with inline tags around any of its letters."""
    letters = [html.escape(letter) for letter in text]
    for place in draw(st.sets(st.integers(0, len(letters) - 1), max_size=4)):
        tag = draw(st.sampled_from(INLINE))
        letters[place] = f"<{tag}>{letters[place]}</{tag}>"
    return "".join(letters)


@given(data=st.data(), spelling=spellings().filter(lambda text: "<" not in text))
@settings(max_examples=200, deadline=None)
def test_no_spelling_survives_tags_between_its_letters(data: st.DataObject, spelling: str) -> None:
    masked = shown(f"<p>Write {data.draw(tagged(spelling))} today</p>").lower()
    assert "home" not in masked
    assert masked.startswith("<p>write ")
    assert masked.endswith(" today</p>")


@given(spelling=spellings(), name=st.sampled_from(["title", "alt", "href", "src", "data-x"]))
@settings(max_examples=100, deadline=None)
def test_no_spelling_survives_in_an_attribute(spelling: str, name: str) -> None:
    source = f'<p><a {name}="{html.escape("https://x.test/?a=" + spelling)}">x</a></p>'
    assert "home" not in shown(source).lower()


@given(text=texts)
@settings(max_examples=200, deadline=None)
def test_masking_twice_is_masking_once(text: str) -> None:
    for source in (text, f"<p>{html.escape(text)}</p>", f'<a title="{html.escape(text)}">{html.escape(text)}</a>'):
        once = shown(source)
        assert shown(once) == once


@pytest.mark.parametrize(
    "source",
    [
        "<p>Hello <b>you</b> &amp; me, 1 &lt; 2</p>",
        '<a href="https://else.test/?a=1&amp;b=2" rel="nofollow">x</a><br><img src="/i.png" alt="">',
        '<table><tr><td colspan="2">a</td></tr></table>',
        '<a href="mail.html">A@12 and user@host</a>',
        "<ul>\n<li>one</li>\n</ul>",
    ],
)
def test_what_hides_nothing_stays_to_the_letter(source: str) -> None:
    masked = mask_html(source, RULES)
    assert masked.text == source
    assert masked.found == ()


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<b>v.real@home.test</b><i>Hallo</i>", f"<b>{ADDRESS}</b><i>Hallo</i>"),
        ("<td>v.real</td><td>@home.test</td>", f"<td>{ADDRESS}</td><td></td>"),
        ("v<b></b>.real@home.test", f"{ADDRESS}<b></b>"),
        ('<a href="mailto:a@b.com">mail</a>', "<a>mail</a>"),
        ('<a href=" MailTo:nobody">mail</a>', "<a>mail</a>"),
        ('<a href="tel:+498963648018">call</a>', "<a>call</a>"),
        ('<a href="https://www.home.test/x">me</a>', "<a>me</a>"),
        ("<p>at www.home.test</p>", f"<p>at {LINK}</p>"),
        ("a<!-- v.real@home.test -->b<!-- c", "ab"),
        ("<style>p{}</style><script>v.real@home.test</script>x", "<style></style><script></script>x"),
        ("<?php x ?><!doctype html>x", "x"),
        ("a < b > c", "a &lt; b &gt; c"),
        ("<!-- x --><a href=x>y", '<a href="x">y'),
        ("<!-- x --><a href='x\"y'>z</a>", '<a href="x&quot;y">z</a>'),
        ('<img alt="a > b" src="i.png">', '<img alt="a &gt; b" src="i.png">'),
        ("x <img src=i.png ", "x &lt;img src=i.png "),
        (
            '<img src="https://x.test/?u=a@b.com&amp;c=1">',
            '<img src="https://x.test/?u=%5Baddress%20hidden%5D&amp;c=1">',
        ),
        ('<a href="https://x.test/t/di5yZWFsQGhvbWUudGVzdA==/o">x</a>', "<a>x</a>"),
        ('<a href="https://x.test/t/762e7265616c40686f6d652e74657374">x</a>', "<a>x</a>"),
    ],
)
def test_what_is_masked(source: str, expected: str) -> None:
    assert shown(source) == expected


def test_numbers_in_targets_stay_where_numbers_stay() -> None:
    source = '<a href="tel:+498963648018">call</a>'
    assert shown(source, Rules()) == source


def test_content_ids_tell_nothing_and_match_still() -> None:
    masked = shown('<img data-cid="logo.1@home.test" alt="Logo">')
    assert masked == f'<img data-cid="{shown_content_id("<logo.1@home.test>")}" alt="Logo">'
    assert shown(masked) == masked


def test_every_place_is_counted_and_told() -> None:
    found = mask_html('<a title="a@b.com" href="mailto:a@b.com">a@<b>b.com</b></a>', RULES).found
    assert sorted(each.original for each in found) == ["a@b.com", "a@b.com", "a@b.com"]


@pytest.mark.parametrize(
    "piece", ["<", "<b>", "<!--", '<a b="', "<a b='c' ", "<p>a@b.com</p>", "<i>a@</i>b.com ", "&#64;"]
)
def test_time_grows_with_the_length_alone(piece: str) -> None:
    small, large = (_seconds(piece * (size // len(piece))) for size in (10_000, 100_000))
    assert large < 0.3 + 60 * small  # ten times the length; a busy machine is no reason to fail


def _seconds(source: str) -> float:
    began = time.process_time()
    mask_html(source, RULES)
    return time.process_time() - began
