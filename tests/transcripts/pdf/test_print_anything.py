"""Texts, fonts and layouts by themselves: what is printed, where it breaks, which clock it shows."""

from __future__ import annotations

import json
import struct
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.transcripts.pdf.stories import ALICE, BEGUN, VERA, document, said, story
from transcripts.formats.pdf.cmap import spans_of
from transcripts.formats.pdf.layout import Layout
from transcripts.formats.pdf.lines import story_lines
from transcripts.formats.pdf.printable import LONGEST_RUN, Printable, is_right_to_left, one_line
from transcripts.formats.pdf.words import Bates, Look
from transcripts.formats.story import Event, Presence, Story

pytestmark = pytest.mark.once

ALL = b"\1" * 0x110000
ASCII = b"\1" * 0x7F + bytes(0x110000 - 0x7F)
BREAK = "\u200b"


@given(st.text())
def test_nothing_unseen_is_left_and_nothing_is_dropped(text: str) -> None:
    shown = Printable(ALL)(text)
    for character in "\0\x08\r\x7f\x85\u061c\u200e\u200f\u202e\u2028\u2066\ufeff\U000e0041\ud800":
        assert character not in shown
    assert Printable(ALL)(shown).replace(BREAK, "") == shown.replace(BREAK, "")


@given(st.text())
def test_a_font_without_a_glyph_gets_its_number(text: str) -> None:
    printable = Printable(ASCII)
    shown = printable(text).replace(BREAK, "")
    assert all(ord(each) < 0x7F or each == "\u200d" or 0xFE00 <= ord(each) < 0xFE10 for each in shown)
    if "[" not in text:
        assert printable.named is ("[U+" in shown)


@given(st.text("ab中 é-", max_size=300))
def test_no_run_is_longer_than_a_line_and_the_text_stays(text: str) -> None:
    shown = Printable(ALL)(text)
    assert shown.replace(BREAK, "") == text
    assert all(len(run) <= LONGEST_RUN for run in shown.replace(BREAK, " ").split())


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\r\nb\rc\nd", "a\nb\nc\nd"),
        ("a\u2028b\u2029c\x85d", "a\nb\nc\nd"),
        ("\ta", "    a"),
        ("\x1b[31mred", "[U+001B][31mred"),
        ("a\u202egnp.exe", "a[U+202E]gnp.exe"),
        ("\ud83d", "[U+D83D]"),
        ("\U000e0061", "[U+E0061]"),
        ("👩\u200d👧", "👩\u200d👧"),
        ("❤\ufe0f", "❤\ufe0f"),
        ("", ""),
    ],
)
def test_what_strangers_write_is_shown_or_named(text: str, shown: str) -> None:
    assert Printable(ALL)(text) == shown


@pytest.mark.parametrize(
    ("text", "rtl"),
    [("שלום", True), ("123 שלום", True), ("Hello שלום", False), ("שלום Hello", True), ("سلام", True), ("123 !", False)],
)
def test_direction_is_that_of_the_first_letter(text: str, rtl: bool) -> None:
    assert is_right_to_left(text) is rtl


@given(st.text())
def test_one_line_is_one_line(text: str) -> None:
    line = one_line(text)
    assert len(line.splitlines()) <= 1
    assert line == line.strip()
    assert "  " not in line


def laid(told: Story, look: Look | None = None) -> dict[str, Any]:
    return Layout(told, look or Look(), ("Noto Sans",), Printable(ALL)).data()


ZONES = {
    "Europe/Berlin": ("10:00:00", "+01:00"),
    "Asia/Kathmandu": ("14:45:00", "+05:45"),
    "America/St_Johns": ("06:30:00", "-02:30"),
    "Pacific/Kiritimati": ("23:00:00", "+14:00"),
    "Pacific/Pago_Pago": ("22:00:00", "-11:00"),
    "UTC": ("09:00:00", "+00:00"),
}


@pytest.mark.parametrize("zone", ZONES)
def test_every_clock_says_its_offset(zone: str) -> None:
    clock, offset = ZONES[zone]
    told = story(events=said("a", at=BEGUN - timedelta(minutes=1)))
    data = laid(told, Look(zone=ZoneInfo(zone), zone_name=zone))
    (event,) = data["events"]
    assert f"{clock} {offset}" in event["head"]
    assert zone in str(data["zone"])
    assert offset in str(data["zone"])


def test_a_day_is_told_where_it_begins_on_that_clock() -> None:
    late = datetime(2026, 3, 28, 22, 30, tzinfo=UTC)
    events = [*said("a", "b", at=late), *said("c", at=late + timedelta(hours=1))]
    days = [each["day"] for each in laid(story(events=tuple(events)))["events"]]
    assert days == ["2026-03-28", None, None]
    berlin = Look(zone=ZoneInfo("Europe/Berlin"), zone_name="Europe/Berlin")
    told = laid(story(events=tuple(events)), berlin)["events"]
    assert [each["day"] for each in told] == ["2026-03-28", None, "2026-03-29"]


@pytest.mark.parametrize(
    ("text", "boxes", "rest"),
    [
        ("[redacted]", ["redacted"], []),
        ("[redacted: P1] and [redacted: secret]", ["redacted: P1", "redacted: secret"], [" and "]),
        ("a [redacted: ] b", [], ["a [redacted: ] b"]),
        ("[redacted: a\nb]", [], ["[redacted: a\nb]"]),
        ("[REDACTED]", [], ["[REDACTED]"]),
        ("[redacted", [], ["[redacted"]),
        ("", [], []),
    ],
)
def test_boxes_stand_where_something_was_withheld(text: str, boxes: list[str], rest: list[str]) -> None:
    told = story(events=said(text), is_redacted=True)
    (event,) = laid(told)["events"]
    parts = event["parts"]
    assert [each["text"] for each in parts if each["boxed"]] == boxes
    assert [each["text"] for each in parts if not each["boxed"]] == rest


def test_the_same_words_in_a_whole_story_are_only_words() -> None:
    (event,) = laid(story("[redacted: P1]"))["events"]
    assert event["plain"] == "[redacted: P1]"


def test_what_is_empty_takes_no_line_and_nobody_can_break_one() -> None:
    told = story("a", subject="", tags=(), holds=(), head="", facts={"Page": "a\nb\tc", "None": ""})
    facts = {each["name"]: each["text"] for each in laid(told)["facts"]}
    assert facts["Page"] == "a b c"
    assert not {"Subject", "Tags", "Legal holds", "Head of the records", "None"} & set(facts)


def test_a_person_without_a_name_is_called_by_what_they_were() -> None:
    nameless = (replace(VERA, name="", email=""), replace(ALICE, name=""))
    told = story("a", presences=tuple(Presence(each, BEGUN) for each in nameless))
    lines = [each["text"] for each in laid(told)["people"]]
    assert [line.partition(",")[0] for line in lines] == ["Visitor", "Operator"]
    assert all(line.endswith("the end") for line in lines)


def test_a_file_tells_what_is_known_of_it_on_lines_of_its_own() -> None:
    gone = document(name="a\nb.pdf", media_type="application/\npdf", sha256="", missing="deleted\nby rule")
    event = Event(1, "file", BEGUN, None, "", document=gone)
    (row,) = laid(story(events=(event,)))["events"]
    lines = [each["text"] for each in row["lines"]]
    assert lines == ["File: a b.pdf (application/ pdf, 9 bytes)", "This file is not kept any more: deleted by rule"]
    assert row["who"]["text"] == "The desk"


@pytest.mark.parametrize("bates", [None, Bates("", 1), Bates("ABC", 10**8, 3)])
def test_numbers_of_pages_are_handed_on_as_they_are(bates: Bates | None) -> None:
    shown = laid(story("a"), Look(bates=bates))["bates"]
    assert shown == (bates and {"prefix": bates.prefix, "start": bates.start, "width": bates.width})


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@given(st.lists(TEXTS, max_size=5), TEXTS)
def test_the_lines_for_machines_hold_every_text(texts: list[str], subject: str) -> None:
    lines = story_lines(story(*texts, subject=subject)).split(b"\n")
    assert lines.pop() == b""
    first, *events = map(json.loads, lines)
    assert first["conversation"].get("subject", "") == subject
    assert [each["event"].get("text", "") for each in events] == texts
    assert [each["event"]["number"] for each in events] == list(range(1, len(texts) + 1))


def test_times_for_machines_are_in_utc_and_what_is_false_is_said() -> None:
    elsewhere = BEGUN.astimezone(ZoneInfo("Asia/Kathmandu"))
    raw = story_lines(story(events=said("a", at=elsewhere), opened=elsewhere))
    first, second = map(json.loads, raw.splitlines())
    assert first["conversation"]["opened"] == BEGUN.isoformat()
    assert second["event"]["at"].endswith("+00:00")
    assert second["event"]["internal"] is False
    assert "document" not in second["event"]


@given(st.binary(max_size=200))
def test_any_bytes_are_a_font_or_none(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.ttf"
    path.write_bytes(data)
    assert isinstance(spans_of(path), list)


def font(path: Path, platform: int, encoding: int, table: bytes) -> Path:
    head = struct.pack(">LHHHH", 0x00010000, 1, 0, 0, 0)
    cmap = struct.pack(">HHHHL", 0, 1, platform, encoding, 12) + table
    path.write_bytes(head + struct.pack(">4sLLL", b"cmap", 0, 28, len(cmap)) + cmap)
    return path


GROUPS = struct.pack(">HHLLL", 12, 0, 16 + 24, 0, 2) + struct.pack(">LLLLLL", 65, 90, 0, 0x1F600, 0x1F64F, 9)


@pytest.mark.parametrize(
    ("platform", "encoding", "found"),
    [(0, 4, True), (3, 10, True), (3, 1, True), (1, 0, False), (3, 0, False), (2, 1, False)],
)
def test_only_tables_of_unicode_are_believed(tmp_path: Path, platform: int, encoding: int, found: bool) -> None:
    """The first glyph of a font is the picture for what it has not got."""
    wanted = [(66, 90), (0x1F600, 0x1F64F)] if found else []
    assert spans_of(font(tmp_path / "a.ttf", platform, encoding, GROUPS)) == wanted


def test_a_font_that_is_not_there_has_nothing(tmp_path: Path) -> None:
    assert spans_of(tmp_path / "none.ttf") == []
    assert spans_of(tmp_path) == []
