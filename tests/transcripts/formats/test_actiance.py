"""Actiance's XML, against the rules of its template."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path

import pytest

from tests.transcripts.formats.cast import ALICE, BOB, NOW, VERA, Store, at, full_story, said, story, write
from transcripts.formats import Presence, Story

pytestmark = pytest.mark.once

MOVED = ["LoginName", "UserType", "DateTimeUTC", "CorporateEmailID"]
ORDER = [
    *("RoomID", "StartTimeUTC", "ParticipantEntered", "Message", "FileTransferStarted", "FileTransferEnded"),
    *("ParticipantLeft", "EndTimeUTC"),
]
MESSAGE = [
    *("MessageId", "LoginName", "UserType", "DateTimeUTC", "UpdatedType", "UpdatedDateTimeUTC", "EditedNewMsgId"),
    *("Content", "PreviewsPost"),
]


def conversations(tmp_path: Path, *stories: Story, store: Store | None = None, **changes: object) -> list[ET.Element]:
    write("actiance", list(stories), store or Store(), tmp_path, **changes)
    root = ET.parse(tmp_path / "actiance_export.xml").getroot()
    assert root.tag == "FileDump"
    return list(root)


def texts(element: ET.Element) -> dict[str, str]:
    return {child.tag: child.text or "" for child in element}


def check(conversation: ET.Element) -> None:
    """The rules of the format."""
    assert list(conversation.attrib) == ["Perspective"]
    places = [ORDER.index(child.tag) for child in conversation]
    transfers = {4: 4, 5: 4}
    assert [transfers.get(place, place) for place in places] == sorted(transfers.get(place, place) for place in places)
    assert [places.count(place) for place in (0, 1, 7)] == [1, 1, 1]
    entered = Counter(texts(each)["LoginName"] for each in conversation.iter("ParticipantEntered"))
    assert entered == Counter(texts(each)["LoginName"] for each in conversation.iter("ParticipantLeft"))
    for tag in ("ParticipantEntered", "ParticipantLeft"):
        assert all([child.tag for child in each] == MOVED for each in conversation.iter(tag))
    for message in conversation.iter("Message"):
        told = [child.tag for child in message]
        assert told == sorted(told, key=MESSAGE.index)
        assert texts(message)["LoginName"] in entered
    for moment in conversation.iter("DateTimeUTC"):
        assert len(moment.text or "") == 13


def test_every_rule_holds_for_everything_that_happens(tmp_path: Path) -> None:
    store = Store()
    found = conversations(tmp_path, full_story(store), story((), ref="zero"), store=store)
    assert [each.attrib["Perspective"] for each in found] == ["A question", "A question (internal)", "A question"]
    for conversation in found:
        check(conversation)


def test_who_is_still_there_leaves_at_the_end(tmp_path: Path) -> None:
    told = story((), closed=None, presences=(Presence(VERA, at(0)), Presence(ALICE, at(5), at(50))))
    (conversation,) = conversations(tmp_path, told)
    left = [
        (texts(each)["LoginName"], int(texts(each)["DateTimeUTC"])) for each in conversation.iter("ParticipantLeft")
    ]
    assert left == [(ALICE.email, 1772357465123), (VERA.email, int(NOW.timestamp() * 1000))]
    assert texts(conversation)["EndTimeUTC"] == str(int(NOW.timestamp() * 1000))


def test_an_author_who_never_came_is_let_in(tmp_path: Path) -> None:
    (conversation,) = conversations(tmp_path, story((said(5, BOB, "Hello"),)))
    check(conversation)
    entered = {texts(each)["LoginName"]: texts(each)["DateTimeUTC"] for each in conversation.iter("ParticipantEntered")}
    assert entered[BOB.email] == texts(conversation)["StartTimeUTC"] == "1772357415123"


def test_someone_who_came_before_the_window_keeps_the_time(tmp_path: Path) -> None:
    (conversation,) = conversations(tmp_path, story((said(5, VERA, "Hello"),)), since=at(3), until=at(9))
    check(conversation)
    assert texts(conversation)["StartTimeUTC"] == "1772357418123"
    assert {texts(each)["DateTimeUTC"] for each in conversation.iter("ParticipantEntered")} == {
        "1772357415123",
        "1772357417123",
    }
    assert {texts(each)["DateTimeUTC"] for each in conversation.iter("ParticipantLeft")} == {"1772357424123"}


def test_changes_say_what_when_and_where_the_new_text_is(tmp_path: Path) -> None:
    store = Store()
    conversation, _ = conversations(tmp_path, full_story(store), store=store)
    found = [texts(each) for each in conversation.iter("Message") if each.find("UpdatedType") is not None]
    assert [(each["UpdatedType"], each.get("EditedNewMsgId"), each["Content"]) for each in found] == [
        ("EditedOriginalMsg", "Ab3-_xYz9.8", "It was 15"),
        ("EditedNewMsg", None, "It was 51"),
        ("Deleted", None, "delete Wrong window"),
        ("FileDeleted", None, "delete photo.png"),
    ]
    assert found[2]["UpdatedDateTimeUTC"] == "1772357445123"


def test_files_are_transferred(tmp_path: Path) -> None:
    store = Store()
    conversation, _ = conversations(tmp_path, full_story(store), store=store)
    started = [texts(each) for each in conversation.iter("FileTransferStarted")]
    ended = [texts(each) for each in conversation.iter("FileTransferEnded")]
    assert [each | {"Status": "Completed"} for each in started] == ended
    assert [each["UserFileName"] for each in ended] == ["photo.png", "bill.pdf"]
    assert [(tmp_path / each["FileName"]).read_bytes() for each in ended] == list(store.files.values())


def test_a_file_that_is_gone_has_failed(tmp_path: Path) -> None:
    store = Store()
    told = full_story(store)
    store.files.clear()
    conversation, _ = conversations(tmp_path, told, store=store)
    check(conversation)
    assert [texts(each)["Status"] for each in conversation.iter("FileTransferEnded")] == ["Failed", "Failed"]
    assert (tmp_path / "warning.txt").read_text().count("was not found") == 2


def test_x14_no_byte_that_xml_forbids(tmp_path: Path) -> None:
    bad = "".join(map(chr, [*range(32), 0xFFFE, 0xFFFF, 0xD800])) + "]]>&<"
    conversations(tmp_path, story((said(1, VERA, bad),), subject=bad))
    raw = (tmp_path / "actiance_export.xml").read_text(encoding="utf-8")
    assert set(raw) & set(bad) == {"&", "<", ">", "]", "\n"}
    assert raw.startswith('<?xml version="1.0" encoding="UTF-8"?>\n<FileDump xmlns:xsi="http')
