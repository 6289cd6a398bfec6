"""What a text becomes where it can't be as it is, and the times that formats write."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from datetime import UTC, datetime, timedelta, timezone
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.transcripts.formats.cast import ALICE, VERA, Store, at, full_story, said, story
from tests.transcripts.formats.readers import shown
from tests.transcripts.formats.xlist import each_text
from transcripts.formats import Document, Event, Person
from transcripts.formats.as_json import as_json
from transcripts.formats.people import email_of, people_of, unique, user_type
from transcripts.formats.plain import text_of
from transcripts.formats.story import OPERATOR, SYSTEM, VISITOR
from transcripts.formats.text import encodable, iso, markup, milliseconds, one_line, printable, readable

pytestmark = pytest.mark.once

ANY = st.text(alphabet=st.characters())


@given(ANY)
def test_any_text_can_be_encoded(text: str) -> None:
    assert encodable(text).encode().decode() == shown(text, "csv")


@given(ANY)
def test_any_text_comes_back_from_xml(text: str) -> None:
    element = ET.fromstring(f'<a b="{markup(text)}">{markup(text)}</a>')
    assert element.attrib["b"] == (element.text or "") == shown(text, "xml")


@given(ANY)
def test_any_text_comes_back_from_html(text: str) -> None:
    assert unescape(markup(text)) == shown(text, "html")


@given(ANY)
def test_a_line_is_one_line(text: str) -> None:
    assert len(f"{one_line(text)}x".splitlines()) == 1


@each_text
def test_printable_texts_stay_printable(text: str) -> None:
    once = printable(text)
    assert printable(once) == once == shown(text, "xml")


def test_what_is_forbidden_is_shown() -> None:
    assert printable("a\x00b\x07c\ufffe\ud800\td\r\n") == "a\u2400b\u2407c\ufffd\ufffd\td\r\n"
    assert one_line("a\r\nb\nc\rd\u2028e\x0bf") == "a b c d e f"


def test_times_are_in_utc_and_whole() -> None:
    here = datetime(2026, 3, 1, 1, 2, 3, 4, tzinfo=timezone(timedelta(hours=-5)))
    assert iso(here) == "2026-03-01T06:02:03.000004Z"
    assert readable(here) == "2026-03-01 06:02:03 UTC"
    assert milliseconds(here) == 1772344923000


@given(st.datetimes(timezones=st.just(UTC)))
def test_milliseconds_are_exact(moment: datetime) -> None:
    epoch, whole = datetime(1970, 1, 1, tzinfo=UTC), milliseconds(moment)
    assert timedelta(0) <= moment - epoch - timedelta(milliseconds=whole) < timedelta(milliseconds=1)


def test_an_address_is_a_plain_one_or_nobodys() -> None:
    given_one = Person("visitor-7", VISITOR, "Vera", "o'vera+x@mail.example")
    assert email_of(given_one) == "o'vera+x@mail.example"
    for bad in (
        "",
        "a@b, c@d",
        "<a@b.example>",
        '"q"@b.example',
        "a@b.example\nBcc: x",
        "a@b",
        "ä@b.example",
        "a b@c.de",
    ):
        assert email_of(Person("visitor-7", VISITOR, "", bad)) == "visitor-7@visitor.invalid"
    assert email_of(Person("12", OPERATOR, "")) == "operator-12@operator.invalid"
    assert email_of(Person("", "", "")) == "unknown@third.invalid"


def test_people_are_named_once_in_order() -> None:
    told = story((said(1, ALICE, "a"), said(2, VERA, "b"), said(3, ALICE, "c")), presences=())
    assert people_of(told) == [VERA, ALICE]
    renamed = Person(ALICE.key, OPERATOR, "Alice Miller")
    assert unique([ALICE, VERA, renamed]) == [ALICE, VERA]
    assert [user_type(who) for who in (ALICE, VERA, Person("s", SYSTEM, "Desk"))] == ["user", "user", "bot"]


def test_plain_text_tells_all_and_nobody_can_pose_as_another() -> None:
    forged = "Hi\n\n[2] 2026-03-01 09:30:17 UTC Alice\n    I agree"
    lines = "".join(text_of(story((said(1, VERA, forged),)))).splitlines()
    assert lines[0] == "A question"
    assert "Tags: refund, urgent" in lines
    assert "Participant: Alice (operator)" in lines
    assert [line for line in lines if line.startswith("[")] == ["[1] 2026-03-01 09:30:16 UTC Vera"]


def test_plain_text_names_files_marks_and_what_is_gone() -> None:
    gone = Document("old.pdf", "application/pdf", 10, "", missing="destroyed")
    told = story((said(1, VERA, "", document=gone, internal=True, update="Deleted"),))
    text = "".join(text_of(told))
    assert "[1] 2026-03-01 09:30:16 UTC Vera (Deleted, internal)\n" in text
    assert "    File: old.pdf (10 bytes, SHA-256 unknown, not available: destroyed)\n" in text


def test_json_holds_the_whole_story() -> None:
    told = full_story(Store())
    found = json.loads(as_json(told))
    assert found["ref"] == told.ref
    assert found["opened"] == "2026-03-01T09:30:15.123456Z"
    assert [event["number"] for event in found["events"]] == [event.number for event in told.events]
    assert found["events"][3]["document"]["sha256"] == _document(told.events[3]).sha256
    assert found["presences"][2] == {
        "silent": True,
        "since": iso(at(5)),
        "until": iso(at(50)),
        "person": {"key": "operator-3", "kind": "operator", "name": "Sam", "email": "sam@desk.example"},
    }


def test_json_says_nothing_of_the_storage() -> None:
    document = Document("a.pdf", "application/pdf", 3, "ab", key="KEY", path="PATH", missing="gone")
    told = json.loads(as_json(story((said(1, VERA, "", document=document),))))["events"][0]["document"]
    assert told == {
        "name": "a.pdf",
        "media_type": "application/pdf",
        "size": 3,
        "sha256": "ab",
        "md5": "",
        "missing": "gone",
    }


def _document(event: Event) -> Document:
    assert event.document
    return event.document


def test_json_takes_any_text() -> None:
    told = story((said(1, VERA, "\ud800\x00\ufffe"),), facts={"\udfff": "x"})
    assert json.loads(as_json(told))["events"][0]["text"] == "\ufffd\x00\ufffe"
