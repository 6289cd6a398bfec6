"""Pages of HTML: nothing runs, nothing is fetched, every text has its own direction."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

import pytest

from tests.transcripts.formats.cast import VERA, Store, full_story, said, story, write
from tests.transcripts.formats.readers import Page, page
from tests.transcripts.formats.test_agree import nasty_story
from transcripts.formats import Person
from transcripts.formats.page import story_page
from transcripts.formats.page_style import POLICY, STYLE
from transcripts.formats.story import VISITOR

pytestmark = pytest.mark.once

TAGS = {
    *(
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "main",
        "h1",
        "h2",
        "dl",
        "dt",
        "dd",
        "ol",
        "li",
        "p",
        "a",
        "img",
    ),
    *("a", "img", "span", "bdi", "time", "table", "thead", "tbody", "tr", "th", "td"),
}
ATTRIBUTES = {
    *(
        "lang",
        "charset",
        "http-equiv",
        "content",
        "name",
        "dir",
        "id",
        "class",
        "data-number",
        "data-update",
        "data-kind",
    ),
    *("data-update", "data-kind", "data-conversation", "datetime", "href", "src", "alt", "scope"),
}


def one(folder: Path, ref: str = "Ab3-_xYz9") -> Page:
    return page((folder / f"conversations/{ref}.html").read_text(encoding="utf-8"))


def check(found: Page) -> None:
    assert found.tags <= TAGS
    assert found.attributes <= ATTRIBUTES
    for link in found.links:
        assert link.startswith(("../files/", "conversations/", "data:image/"))


def test_x01_nothing_runs_and_nothing_is_fetched(tmp_path: Path) -> None:
    store = Store(chunk=100_000)
    write("html", [nasty_story(store)], store, tmp_path)
    check(one(tmp_path))
    check(page((tmp_path / "index.html").read_text(encoding="utf-8")))


def test_links_lead_to_the_files(tmp_path: Path) -> None:
    store = Store()
    document = store.put("100% ä?#.txt", b"hello")
    write("html", [story((said(1, VERA, "", kind="file", document=document),))], store, tmp_path)
    (link,) = one(tmp_path).links
    assert link == "../files/Ab3-_xYz9/1-100%25%20%C3%A4_%23.txt"
    assert (tmp_path / "files/Ab3-_xYz9/1-100% ä_#.txt").read_bytes() == b"hello"


def test_small_pictures_are_in_the_page(tmp_path: Path) -> None:
    store = Store()
    write("html", [full_story(store)], store, tmp_path)
    picture = base64.b64encode(store.files["k0"]).decode()
    assert f"data:image/png;base64,{picture}" in one(tmp_path).links


@pytest.mark.parametrize(("kind", "size"), [("image/svg+xml", 10), ("image/png", 200_001), ("text/html", 10)])
def test_what_may_run_or_is_large_is_a_link_alone(kind: str, size: int, tmp_path: Path) -> None:
    store = Store(chunk=100_000)
    document = store.put("x.png", b"<" * size, kind)
    write("html", [story((said(1, VERA, "", kind="file", document=document),))], store, tmp_path)
    assert one(tmp_path).links == ["../files/Ab3-_xYz9/1-x.png"]


def test_the_policy_names_the_style_and_nothing_else() -> None:
    digest = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    assert POLICY.startswith(f"default-src 'none'; style-src 'sha256-{digest}'")
    html = "".join(story_page(story(), lambda _: ""))
    assert re.findall(r"(?s)<style>(.*)</style>", html) == [STYLE]
    assert html.index("Content-Security-Policy") < html.index("<style>")
    assert "url(" not in STYLE
    assert "@import" not in STYLE


def test_each_text_has_its_own_direction(tmp_path: Path) -> None:
    walt = Person("visitor-1", VISITOR, "\u05e9\u05dc\u05d5\u05dd")
    html = "".join(story_page(story((said(1, walt, "\u202eabc"),)), lambda _: ""))
    assert '<p class="text" dir="auto">\u202eabc</p>' in html
    assert f'<bdi class="name">{walt.name}</bdi>' in html


def test_light_dark_and_print() -> None:
    for told in ("color-scheme: light dark", "prefers-color-scheme: dark", "@media print", "pre-wrap"):
        assert told in STYLE


def test_notes_and_changes_are_marked(tmp_path: Path) -> None:
    store = Store()
    write("html", [full_story(store)], store, tmp_path)
    marks = [text for name, text in one(tmp_path).spans if name == "mark"]
    assert marks == ["internal", "before it was edited", "edited", "deleted", "file deleted", "internal"]


def test_words_may_be_in_the_readers_language() -> None:
    html = "".join(story_page(story(), lambda _: "", {"Messages": "Nachrichten", "visitor": "Besucher"}, "de"))
    assert '<html lang="de">' in html
    assert "<h2>Nachrichten</h2>" in html
    assert "<td>Besucher</td>" in html


def test_the_list_leads_to_every_conversation(tmp_path: Path) -> None:
    store = Store()
    write("html", [full_story(store), story((), ref="zero", subject="")], store, tmp_path)
    found = page((tmp_path / "index.html").read_text())
    assert found.links == ["conversations/Ab3-_xYz9.html", "conversations/zero.html"]
    assert all((tmp_path / link).exists() for link in found.links)


def test_identifiers_are_unique(tmp_path: Path) -> None:
    store = Store()
    write("html", [full_story(store)], store, tmp_path)
    ids = re.findall(r' id="([^"]+)"', (tmp_path / "conversations/Ab3-_xYz9.html").read_text())
    assert len(ids) == len(set(ids)) == 13
