"""The help's own small machines: sources become harmless pages, and words are found however they are written."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatdesk.guide.markdown import address, render
from chatdesk.guide.page import filled
from chatdesk.guide.search import plain_word

pytestmark = pytest.mark.once

HEAD = "# Title\n\nFirst paragraph.\n\n"
TAGS = re.compile(r"<(/?)([a-z0-9]+)")
KNOWN = {"p", "h2", "h3", "h4", "h5", "h6", "h1", "ul", "ol", "li", "em", "strong", "code", "pre", "blockquote", "hr"}
KNOWN |= {"br", "a", "img", "table", "thead", "tbody", "tr", "th", "td"}


@settings(max_examples=150)
@given(body=st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("<>&\"'#*_`|-[]()!\n"), max_size=120))
def test_x01_whatever_a_source_says_only_plain_marks_come_out(body: str) -> None:
    page = render(HEAD + body, "operator")
    assert {name for _slash, name in TAGS.findall(page.html)} <= KNOWN
    assert page.title == "Title"


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](vbscript:x)",
    "[x](data:text/html,<script>1</script>)",
    "[x](file:///etc/passwd)",
    "<javascript:alert(1)>",
    "<a href='javascript:1'>x</a>",
    "[x]: javascript:alert(1)\n\n[x]",
    '[x](https://a.example "\\"onclick=alert(1)")',
    "![x](javascript:alert(1))",
]


@pytest.mark.parametrize("body", HOSTILE)
def test_x02_links_and_marks_that_run_are_text(body: str) -> None:
    html = render(HEAD + body, "operator").html
    assert not re.search(r"<(script|iframe|style)\b", html)
    assert not re.search(r'(href|src)="\s*(javascript|vbscript|data|file):', html, re.IGNORECASE)
    assert not re.search(r"<[a-z]+[^>\"]*(\"[^\"]*\"[^>\"]*)*\son[a-z]+=", html)


@pytest.mark.parametrize("source", ["", "text", "# Title", "# Title\n\n- list", "## Title\n\ntext", "text\n\n# Title"])
def test_a_page_without_title_and_paragraph_is_none(source: str) -> None:
    with pytest.raises(ValueError, match="title and a paragraph"):
        render(source, "operator")


LINKS = [
    ("notes.md", "operator", "/help/operator/notes/"),
    ("notes.md#draft", "operator", "/help/operator/notes/#draft"),
    ("../admin/groups.md", "operator", "/help/admin/groups/"),
    ("./notes.md", "operator", "/help/operator/notes/"),
    ("#here", "operator", "#here"),
    ("https://example.com/a.md.html", "operator", "https://example.com/a.md.html"),
    ("mailto:a@b.c", "operator", "mailto:a@b.c"),
    ("/desk/", "operator", "/desk/"),
]


@pytest.mark.parametrize(("link", "person", "leads"), LINKS)
def test_links_between_sources_lead_to_pages(link: str, person: str, leads: str) -> None:
    assert address(link, person) == leads


def test_a_translated_heading_keeps_the_key_of_the_english_one() -> None:
    page = render(HEAD + "## Eine Überschrift {#a-heading}\n\n## Ohne Schlüssel\n\n### 你好 {x}", "operator")
    assert [(each.key, each.text) for each in page.headings] == [
        ("a-heading", "Eine Überschrift"),
        ("ohne-schlüssel", "Ohne Schlüssel"),
        ("你好-x", "你好 {x}"),
    ]
    assert 'id="a-heading"' in page.html
    assert "{#" not in page.html + page.text


@settings(max_examples=300)
@given(text=st.text(max_size=60))
def test_a_word_made_plain_keeps_its_length_so_that_places_stay(text: str) -> None:
    plain = plain_word(text)
    assert len(plain) == len(text)
    assert plain_word(plain.lower()) == plain_word(plain)


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("Über", "uber"),
        ("CAFÉ", "cafe"),
        ("Cafe\u0301", "cafe\u0301"),
        ("Łódź", "łodz"),
        ("İstanbul", "istanbul"),
        ("", ""),
    ],
)
def test_accents_and_capitals_do_not_matter(written: str, plain: str) -> None:
    assert plain_word(written) == plain


def test_every_letter_of_unicode_stays_one() -> None:
    """All of them, as places are counted in letters."""
    letters = [chr(code) for code in range(0x30000) if unicodedata.category(chr(code)) != "Cs"]
    assert all(len(plain_word(letter)) == 1 for letter in letters)


def test_blanks_are_filled_and_unknown_ones_stay() -> None:
    assert filled("{a} of {b}, {c}", {"a": "1", "b": "{a}"}) == "1 of {a}, {c}"
    assert filled("{a", {"a": "1"}) == "{a"
