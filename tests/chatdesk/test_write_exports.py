"""A transcript's text, page and JSON from its facts alone: nobody's message can pass for the desk's own lines."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from chatdesk.exporting import LINES, MORE, as_html, as_json, as_text

pytestmark = pytest.mark.once

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
NUMBERED = re.compile(r"^\d+\. \[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC\] ")
TURNERS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
FORGED = "7. [2026-03-02 12:00:00 UTC] Alice: Your refund is approved"


def entry(seq: int = 1, text: str = "Hello", name: str = "Vera", kind: str = "visitor", **facts: Any) -> dict[str, Any]:
    author = {"kind": kind, "name": name}
    return {"seq": seq, "at": NOON, "kind": "message", "author": author, "text": text, "file": None, LINES: []} | facts


def file_entry(name: str, **facts: Any) -> dict[str, Any]:
    return entry(text="", file={"name": name, "type": "image/png", "size": 9, "sha256": "ab"}, **facts)


def facts(*entries: dict[str, Any], **others: Any) -> dict[str, Any]:
    visitor = {"name": "Vera", "email": "v•••@e•••.org", "question": "", "page": ""} | others.pop("visitor", {})
    return {
        "conversation": "c-1",
        "group": "Sales",
        "button": "Ask us",
        "started": NOON,
        "closed": None,
        "exported": NOON,
        "visitor": visitor,
        "entries": list(entries),
        MORE: [],
    } | others


def body_of(text: str) -> list[str]:
    return text.split("\n\n", 1)[1].removesuffix("\n").split("\n")


def head_of(text: str) -> list[str]:
    return text.split("\n\n", 1)[0].split("\n")


@given(said=st.lists(WORDS | st.just(f"Hi\n{FORGED}"), min_size=1, max_size=5))
def test_only_entries_begin_a_line_whatever_was_said(said: list[str]) -> None:
    text = as_text(facts(*(entry(seq, words) for seq, words in enumerate(said, start=1))))
    lines = body_of(text)
    assert [line.split(".")[0] for line in lines if not line.startswith("    ")] == [
        str(seq) for seq in range(1, len(said) + 1)
    ]
    assert all(NUMBERED.match(line) or line.startswith("    ") for line in lines)


@pytest.mark.parametrize("sign", ["\n", "\r", "\r\n", "\v", "\f", "\x1c", "\x85", "\u2028", "\u2029"])
def test_every_sign_that_ends_a_line_somewhere_is_indented(sign: str) -> None:
    lines = as_text(facts(entry(1, f"Hello{sign}{FORGED}"))).splitlines()
    assert f"    {FORGED}" in lines
    assert FORGED not in lines


@given(name=WORDS)
def test_a_name_stays_on_its_line(name: str) -> None:
    text = as_text(facts(entry(1, "Hello", name=name), visitor={"name": name}))
    assert len(body_of(text)) == 1
    assert len([line for line in head_of(text) if line.startswith("Visitor: ")]) <= 1
    assert {line.split(":")[0] for line in head_of(text)} <= {
        "Conversation",
        "Group",
        "Button",
        "Started",
        "Visitor",
        "E-mail",
        "Exported",
    }


def test_a_page_can_not_add_a_line_to_the_head() -> None:
    text = as_text(facts(visitor={"page": "https://a.example/\nE-mail: vera@example.org"}))
    assert "Page: https://a.example/ E-mail: vera@example.org" in head_of(text)
    assert [line for line in head_of(text) if line.startswith("E-mail")] == ["E-mail: v•••@e•••.org"]


@pytest.mark.parametrize(("kind", "shown"), [("visitor", "Visitor"), ("operator", "Operator"), ("system", "The desk")])
def test_who_has_no_name_is_called_what_they_are(kind: str, shown: str) -> None:
    assert f"UTC] {shown}: Hello" in as_text(facts(entry(1, name="", kind=kind)))


@pytest.mark.parametrize(("kind", "shown"), [("visitor", "Besucher"), ("system", "Das Team")])
def test_in_the_language_of_who_exports(kind: str, shown: str) -> None:
    with override("de"):
        german = as_text(facts(entry(1, name="", kind=kind)))
    english = as_text(facts(entry(1, name="", kind=kind)))
    assert german != english
    assert shown in german
    assert body_of(german)[0].split("] ")[0] == body_of(english)[0].split("] ")[0]


@given(said=WORDS.filter(lambda words: not set(words) & set(TURNERS)), sign=st.sampled_from(TURNERS))
def test_w08_what_turns_a_line_around_is_written_out_in_text_and_page(said: str, sign: str) -> None:
    spoken = facts(entry(1, f"{sign}{said}", name=f"V{sign}"), file_entry(f"a{sign}fdp.exe", seq=2))
    for written in (as_text(spoken), as_html(spoken)):
        assert not set(written) & set(TURNERS)
        assert written.count(f"[U+{ord(sign):04X}]") >= 3


@given(said=WORDS, name=WORDS)
def test_json_says_exactly_what_was_said(said: str, name: str) -> None:
    read = json.loads(as_json(facts(entry(1, said, name=name), visitor={"name": name})))
    assert read["entries"][0]["text"] == said
    assert (read["entries"][0]["author"]["name"], read["visitor"]["name"]) == (name, name)
    assert (read["started"], read["closed"]) == ("2026-03-02T12:00:00Z", None)


def test_what_is_to_read_is_not_in_the_json_and_the_other_way_round() -> None:
    told = facts(entry(1, lines=["Seen by 2"], seen={"by": 2}), more=[("Sealed", "yes")])
    written = json.loads(as_json(told))
    assert MORE not in written
    assert LINES not in written["entries"][0]
    assert written["entries"][0]["seen"] == {"by": 2}
    text = as_text(told)
    assert "Sealed: yes" in head_of(text)
    assert body_of(text)[1] == "    Seen by 2"


def test_writing_json_leaves_the_facts_as_they_are() -> None:
    told = facts(entry(1, lines=["Seen by 2"]))
    as_json(told)
    assert told["entries"][0][LINES] == ["Seen by 2"]
    assert MORE in told


@pytest.mark.parametrize(
    "markup", ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", '"><b>', "</pre></body>", "&lt;", "<!--"]
)
def test_x01_nothing_on_the_page_is_markup_wherever_it_was_written(markup: str) -> None:
    page = as_html(
        facts(
            entry(1, markup, name=markup, lines=[markup]),
            file_entry(markup, seq=2),
            visitor={"name": markup, "question": markup, "page": f"https://a.example/{markup}"},
            group=markup,
            more=[("Kept", markup)],
        )
    )
    assert (
        page.count(markup.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")) >= 7
    )
    assert not re.search(r"<(script|img)\b", page)


def test_an_address_of_javascript_is_no_link() -> None:
    page = as_html(facts(entry(1, "javascript:alert(1)"), visitor={"page": "javascript:alert(1)"}))
    assert "javascript:alert(1)" in page
    assert not re.search(r"(href|src)\s*=", page)


def test_a_conversation_without_a_word_has_a_head() -> None:
    empty = facts()
    assert body_of(as_text(empty)) == [""]
    assert "c-1" in as_html(empty)
    assert json.loads(as_json(empty))["entries"] == []


def test_what_is_not_known_has_no_line() -> None:
    text = as_text(facts(visitor={"name": "", "email": "", "question": "", "page": ""}))
    assert [line.split(":")[0] for line in head_of(text)] == ["Conversation", "Group", "Button", "Started", "Exported"]
    assert "Closed: 2026-03-02 12:00:00 UTC" in head_of(as_text(facts(closed=NOON)))


def test_a_long_message_is_whole() -> None:
    said = "\n".join(f"line {number}" for number in range(4000))
    assert len(body_of(as_text(facts(entry(1, said))))) == 4000
    assert json.loads(as_json(facts(entry(1, said))))["entries"][0]["text"] == said
