"""Mattermost's CSV: 20 cells in every row, the metadata, who came and went."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.transcripts.formats.cast import ALICE, NOW, SAM, VERA, Store, at, full_story, said, story, write
from tests.transcripts.formats.readers import rows, table
from transcripts.formats import Person, Presence
from transcripts.formats.story import VISITOR

pytestmark = pytest.mark.once

HEADS = (
    "Post Creation Time,Post Update Time,Post Update Type,Team Id,Team Name,Team Display Name,Channel Id,Channel Name,"
    "Channel Display Name,Channel Type,User Id,User Email,Username,Post Id,Edited By Post Id,Replied to Post Id,"
    "Post Message,Post Type,User Type,Previews Post Id\n"
)


def posts(folder: Path, kind: str = "") -> list[dict[str, str]]:
    return [row for row in rows(folder / "posts.csv") if kind in ("", row["Post Type"])]


def test_the_head_row_is_theirs_and_every_row_has_20_cells(tmp_path: Path) -> None:
    store = Store()
    write("mattermost", [full_story(store), story((), ref="zero")], store, tmp_path)
    assert (tmp_path / "posts.csv").read_bytes().decode().startswith(HEADS)
    assert {len(row) for row in table(tmp_path / "posts.csv")} == {20}


def test_a_message_row_has_all_its_facts(tmp_path: Path) -> None:
    write("mattermost", [story((said(3, VERA, "Hello"),))], Store(), tmp_path)
    (row,) = posts(tmp_path, "message")
    assert list(row.values()) == [
        *("1772357418123", "1772357418123", "", "example-ltd", "example-ltd", "Example Ltd"),
        *("Ab3-_xYz9", "Ab3-_xYz9", "A question", "private", "visitor-7", "vera@mail.example", "Vera"),
        *("Ab3-_xYz9.3", "", "", "Hello", "message", "user", ""),
    ]


def test_edits_and_deletions_follow_their_words(tmp_path: Path) -> None:
    store = Store()
    write("mattermost", [full_story(store)], store, tmp_path)
    found = {(row["Post Id"], row["Post Update Type"]): row for row in posts(tmp_path, "message")}
    assert found["Ab3-_xYz9.7", "EditedOriginalMsg"]["Edited By Post Id"] == "Ab3-_xYz9.8"
    assert found["Ab3-_xYz9.9", ""]["Post Message"] == "Wrong window"
    assert found["Ab3-_xYz9.9", "Deleted"]["Post Message"] == "delete Wrong window"
    assert found["Ab3-_xYz9.9", "Deleted"]["Post Update Time"] == "1772357445123"
    (gone,) = posts(tmp_path, "deleted attachment")
    assert gone["Post Message"].startswith("photo.png (files/Ab3-_xYz9.4/")


def test_attachments_name_the_file_that_is_there(tmp_path: Path) -> None:
    store = Store()
    write("mattermost", [full_story(store)], store, tmp_path)
    for row, content in zip(posts(tmp_path, "attachment"), store.files.values(), strict=True):
        name, _, path = row["Post Message"].removesuffix(")").partition(" (")
        assert path.startswith(f"files/{row['Post Id']}/")
        assert path.endswith(f"-{name}")
        assert (tmp_path / path).read_bytes() == content


def test_notes_are_a_conversation_of_their_own(tmp_path: Path) -> None:
    store = Store()
    write("mattermost", [full_story(store)], store, tmp_path)
    inside = {row["Post Message"] for row in posts(tmp_path) if row["Channel Id"] == "Ab3-_xYz9-internal"}
    outside = {row["Post Message"] for row in posts(tmp_path) if row["Channel Id"] == "Ab3-_xYz9"}
    assert {"Refund first, then ask", "Be gentle", f"User Sam ({SAM.email}) joined the channel"} <= inside
    assert {text for text in inside & outside if not text.startswith("User ")} == set()
    assert {row["Channel Display Name"] for row in posts(tmp_path)} == {"A question", "A question (internal)"}


def test_people_enter_and_leave(tmp_path: Path) -> None:
    write("mattermost", [story((said(3, VERA, "Hello"),))], Store(), tmp_path)
    moved = [(row["Post Type"], row["Username"], row["Post Id"], row["Post Update Time"]) for row in posts(tmp_path)]
    assert moved == [
        ("enter", "Vera", "", "0"),
        ("enter", "Alice", "", "0"),
        ("message", "Vera", "Ab3-_xYz9.3", "1772357418123"),
        ("leave", "Vera", "", "0"),
        ("leave", "Alice", "", "0"),
    ]


def test_who_was_there_before_the_window_was_there_before(tmp_path: Path) -> None:
    told = story((said(300, VERA, "Hello"),))
    write("mattermost", [told], Store(), tmp_path, since=at(100), until=at(400))
    assert [row["Post Type"] for row in posts(tmp_path)] == ["previously-joined", "previously-joined", "message"]
    assert posts(tmp_path)[0]["Post Message"] == "User Vera (vera@mail.example) was already in the channel"


def test_the_desk_is_a_bot(tmp_path: Path) -> None:
    write("mattermost", [story((said(1, None, "Welcome"),))], Store(), tmp_path)
    (row,) = posts(tmp_path, "message")
    assert (row["User Type"], row["Username"]) == ("bot", "Example Ltd")


def test_a_visitor_without_an_address_gets_one_that_is_nobodys(tmp_path: Path) -> None:
    walt = Person("9f3c", VISITOR, "Walt")
    write("mattermost", [story((said(1, walt, "Hi"),), visitor=walt, presences=())], Store(), tmp_path)
    assert {row["User Email"] for row in posts(tmp_path)} == {"visitor-9f3c@visitor.invalid"}


def test_the_metadata_adds_up(tmp_path: Path) -> None:
    store = Store()
    write("mattermost", [full_story(store), story((), ref="zero", opened=at(-60))], store, tmp_path)
    told = json.loads((tmp_path / "metadata.json").read_text())
    assert list(told) == ["Channels", "MessagesCount", "AttachmentsCount", "StartTime", "EndTime"]
    assert list(told["Channels"]) == ["Ab3-_xYz9", "Ab3-_xYz9-internal", "zero"]
    for total in ("MessagesCount", "AttachmentsCount"):
        assert told[total] == sum(channel[total] for channel in told["Channels"].values())
    assert told["Channels"]["zero"] == {
        "TeamId": "example-ltd", "TeamName": "example-ltd", "TeamDisplayName": "Example Ltd",
        "ChannelId": "zero", "ChannelName": "zero", "ChannelDisplayName": "A question", "ChannelType": "P",
        "RoomId": "private - zero", "StartTime": told["StartTime"], "EndTime": 1772358015123,
        "MessagesCount": 0, "AttachmentsCount": 0,
    }  # fmt: skip


def test_an_export_of_nothing_is_whole(tmp_path: Path) -> None:
    write("mattermost", [], Store(), tmp_path)
    assert (tmp_path / "posts.csv").read_text() == HEADS
    assert json.loads((tmp_path / "metadata.json").read_text())["Channels"] == {}


def test_rows_of_all_channels_are_sorted_by_time_and_number(tmp_path: Path) -> None:
    stories = [story(tuple(said(n, ALICE, f"{ref}{n}", at=at(5)) for n in range(1, 13)), ref=ref) for ref in "ba"]
    write("mattermost", stories, Store(), tmp_path)
    told = [row["Post Message"] for row in posts(tmp_path, "message")]
    assert told == [f"{ref}{number}" for ref in "ab" for number in range(1, 13)]


def test_who_has_not_left_gets_no_leave_row(tmp_path: Path) -> None:
    open_story = story((said(1, VERA, "Hi"),), closed=None, presences=(Presence(VERA, at(0)),))
    write("mattermost", [open_story], Store(), tmp_path)
    assert posts(tmp_path, "leave") == []
    told = json.loads((tmp_path / "metadata.json").read_text())
    assert told["EndTime"] == int(NOW.timestamp() * 1000)
