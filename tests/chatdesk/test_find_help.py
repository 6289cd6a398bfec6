"""Finding in the help whatever people type, and its sources made into pages: no markup of their own, no dead keys."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatdesk.guide import book, search
from chatdesk.guide.markdown import address, render
from chatdesk.guide.page import filled
from chatdesk.guide.search import AROUND, MOST_WORDS, plain_word

pytestmark = pytest.mark.once

BOOKS = {language: book(language) for language in ("en", "de")}
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
TITLE = "# A page\n\nWhat it is about.\n\n"


@given(text=TEXT)
def test_letter_for_letter_so_that_places_stay_places(text: str) -> None:
    assert len(plain_word(text)) == len(text)


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("Öffnungszeiten", "offnungszeiten"),
        ("CAFÉ", "cafe"),
        ("ﬁ", "ﬁ"),
        ("İstanbul", "istanbul"),
        ("ẞ", "ß"),
        ("й", "и"),
    ],
)
def test_accents_and_capitals_do_not_matter(written: str, plain: str) -> None:
    assert plain_word(written) == plain


@pytest.mark.parametrize("language", BOOKS)
@settings(max_examples=30)
@given(asked=TEXT)
def test_whatever_is_asked_is_answered(language: str, asked: str) -> None:
    for hit in search(BOOKS[language], asked, {}):
        assert len(hit.before) <= AROUND + 2
        assert len(hit.after) <= AROUND + 2


@pytest.mark.parametrize(
    "asked",
    ["", "   ", "***", "(((", "[-", "\\", ".*", "%", "\x00", "qqqzzz", "chat qqqzzz", "🙂", "?!"],
)
def test_what_is_no_word_or_stands_nowhere_finds_nothing(asked: str) -> None:
    assert search(BOOKS["en"], asked, {}) == []


@pytest.mark.parametrize("language", BOOKS)
def test_every_page_is_found_by_its_own_title(language: str) -> None:
    pages = BOOKS[language]
    lost = [page.key for page in pages.pages if page not in [hit.page for hit in search(pages, page.title, {})]]
    assert lost == []


@pytest.mark.parametrize("asked", ["chat", "CHAT", "chät", "  chat\n"])
def test_the_spelling_makes_no_difference(asked: str) -> None:
    pages = [hit.page for hit in search(BOOKS["en"], asked, {})]
    assert pages == [hit.page for hit in search(BOOKS["en"], "chat", {})]
    assert pages


def test_more_words_find_fewer_pages_and_never_others() -> None:
    one, two = ({hit.page.key for hit in search(BOOKS["en"], asked, {})} for asked in ("chat", "chat mail"))
    assert two < one


def test_the_order_of_words_and_words_beyond_the_eighth_hide_nothing() -> None:
    forward, back = ({hit.page.key for hit in search(BOOKS["en"], asked, {})} for asked in ("chat mail", "mail chat"))
    assert forward == back
    long = " ".join(["chat"] * MOST_WORDS + ["qqqzzz"])
    assert search(BOOKS["en"], long, {}) != []


def test_what_is_shown_stands_on_the_page_around_the_word() -> None:
    for hit in search(BOOKS["en"], "archive", {}):
        text = hit.page.text({})
        whole = hit.before.removeprefix("… ") + hit.found + hit.after.removesuffix(" …")
        assert whole in text
        assert plain_word(hit.found).startswith("archive")


# --- sources ---


@pytest.mark.parametrize(
    "source", ["", "# A page", "A paragraph", "## Second\n\nText", "# A page\n\n- a list", "# A page\n\n## And\n\nText"]
)
def test_a_source_begins_with_a_title_and_a_paragraph(source: str) -> None:
    with pytest.raises(ValueError, match="title and a paragraph"):
        render(source, "admin")


@pytest.mark.parametrize(
    "markup",
    ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[a](javascript:alert(1))", "[a](data:text/html,x)"],
)
def test_a_source_has_no_markup_of_its_own(markup: str) -> None:
    page = render(f"{TITLE}{markup}\n", "admin").html
    assert not any(forbidden in page for forbidden in ("<script", "<img", 'href="javascript', 'href="data'))


@given(words=TEXT)
def test_whatever_stands_in_a_code_block_is_shown_as_it_is(words: str) -> None:
    line = " ".join(words.split()).replace("`", "")
    rendered = render(f"{TITLE}```\n{line}\n```\n", "admin")
    assert line.replace("\x00", "\ufffd") in rendered.text
    assert "<script" not in rendered.html


@pytest.mark.parametrize(
    ("heading", "key", "text"),
    [
        ("Opening hours", "opening-hours", "Opening hours"),
        ("Öffnungszeiten", "öffnungszeiten", "Öffnungszeiten"),
        ("Öffnungszeiten {#opening-hours}", "opening-hours", "Öffnungszeiten"),
        ("`PORT` and **more**", "port-and-more", "PORT and more"),
        ("Curly {#not a key}", "curly-not-a-key", "Curly {#not a key}"),
        ("Why can't she sign in?", "why-cant-she-sign-in", "Why can't she sign in?"),
    ],
)
def test_a_heading_has_a_key_to_link_to(heading: str, key: str, text: str) -> None:
    (found,) = render(f"{TITLE}## {heading}\n", "admin").headings
    assert (found.key, found.text.replace("’", "'")) == (key, text)


@pytest.mark.parametrize(
    ("link", "leads"),
    [
        ("notes.md", "/help/operator/notes/"),
        ("notes.md#draft", "/help/operator/notes/#draft"),
        ("../admin/mail.md", "/help/admin/mail/"),
        ("./notes.md", "/help/operator/notes/"),
        ("#draft", "#draft"),
        ("https://example.org/readme", "https://example.org/readme"),
        ("/desk/", "/desk/"),
    ],
)
def test_links_between_sources_lead_to_pages(link: str, leads: str) -> None:
    assert address(link, "operator") == leads


@given(value=st.text(max_size=20), text=TEXT.filter(lambda text: "{" not in text))
def test_a_blank_is_filled_wherever_it_stands_and_nothing_else_changes(value: str, text: str) -> None:
    assert filled(f"{text}{{limit}}{text}{{limit}}", {"limit": value}) == f"{text}{value}{text}{value}"
    assert filled(text, {"limit": value}) == text
