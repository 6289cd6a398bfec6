"""Every profile in every format: they agree, and what a profile leaves out is in no byte of any of them."""

from __future__ import annotations

import mailbox
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from email.header import decode_header, make_header
from email.message import Message
from pathlib import Path

import pytest

from tests.factories import Cast
from tests.transcripts.exporting.archive import exported, parts, talked, unpacked
from tests.transcripts.formats.cast import ALICE, SAM, VERA, Store, at, said, story, write
from tests.transcripts.formats.readers import READERS, letter, shown
from transcripts.actions.exporting.profiles import profiled
from transcripts.formats import Document, Presence, Story
from transcripts.models import Export, ExportState, Profile

VERA_MARKS = ("Vera", "vera@mail.example", "visitor-7")
ALICE_MARKS = ("Alice", "alice@desk.example", "operator-1")
INSIDE = ("sounds angry", "Be gentle", "Sam", "sam@desk.example", "Matter 99", "to-watch")
OTHERS = ("otto@else.example", "4111")
STORAGE = ("STORAGE-KEY",)
FORBIDDEN = {
    Profile.FULL: STORAGE,
    Profile.EXTERNAL: (*STORAGE, *INSIDE),
    Profile.SUBJECT: (*STORAGE, *INSIDE, "Alice", "alice@desk.example", "otto@else.example"),
    Profile.TRAINING: (
        *STORAGE,
        *INSIDE,
        *VERA_MARKS,
        *ALICE_MARKS,
        "otto@else.example",
        "4111",
        "CONTENT",
        "Ab3-_xYz9",
    ),
}


def told_story() -> Story:
    photo = Document("photo of Vera.png", "image/png", 7, "", key="STORAGE-KEY")
    events = (
        said(1, VERA, "I am Vera, write to vera@mail.example or otto@else.example"),
        said(2, ALICE, "I am Alice. Your card 4111 1111 1111 1111?"),
        said(3, ALICE, "she sounds angry", internal=True, kind="note"),
        said(4, VERA, "photo of Vera.png", kind="file", document=photo),
        said(5, SAM, "Be gentle", internal=True, kind="whisper"),
    )
    presences = (Presence(VERA, at(0)), Presence(ALICE, at(2)), Presence(SAM, at(5), silent=True))
    return story(events, presences=presences, tags=("to-watch",), holds=("Matter 99",), subject="About Vera")


def in_mail(message: Message) -> Iterator[str]:
    """Everything that a mail program shows or saves."""
    for part in message.walk():
        yield from (f"{name}: {make_header(decode_header(value))}" for name, value in part.items())
        if not part.is_multipart():
            payload = part.get_payload(decode=True)
            assert isinstance(payload, bytes)
            yield payload.decode(errors="replace")


def everything(folder: Path) -> str:
    """All that is in an export: paths, bytes, and what mails hold encoded."""
    found: list[str] = []
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        raw = path.read_bytes()
        found += [str(path.relative_to(folder)), raw.decode(errors="replace")]
        if path.suffix == ".eml":
            found += in_mail(letter(raw))
        if path.suffix == ".mbox":
            with closing(mailbox.mbox(path, create=False)) as box:
                found += [text for message in box for text in in_mail(message)]
    return "\n".join(found)


@pytest.mark.once
@pytest.mark.parametrize("profile", FORBIDDEN)
@pytest.mark.parametrize("name", READERS)
def test_a_profile_holds_in_every_format(name: str, profile: Profile, tmp_path: Path) -> None:
    store = Store()
    store.files["STORAGE-KEY"] = b"CONTENT"
    told = profiled(told_story(), profile, b"secret")
    write(name, [told], store, tmp_path)
    found = {(seen.ref, seen.number, seen.update, seen.text) for seen in READERS[name](tmp_path)}
    assert found == {(told.ref, event.number, event.update, shown(event.text, name)) for event in told.events}
    whole = everything(tmp_path)
    assert [mark for mark in FORBIDDEN[profile] if mark in whole] == []


@pytest.mark.once
@pytest.mark.parametrize("name", READERS)
def test_the_marks_are_there_where_nothing_is_left_out(name: str, tmp_path: Path) -> None:
    """So that their absence means something."""
    store = Store()
    store.files["STORAGE-KEY"] = b"CONTENT"
    write(name, [replace(told_story(), holds=(), tags=())], store, tmp_path)
    whole = everything(tmp_path)
    for mark in (*VERA_MARKS[:2], *ALICE_MARKS[:2], "otto@else.example", *INSIDE[:2], "4111", "CONTENT", "Ab3-_xYz9"):
        assert mark in whole


def run(cast: Cast, folder: Path, profile: str) -> Export:
    talked(cast, "Hello", "<b>=1+1</b>\nFrom me", files=2, note="angry person")
    talked(cast, "שלום", closed=False)
    export = exported(formats=[*READERS], profile=profile)
    for part in parts(export):
        unpacked(part, folder)
    return export


@pytest.mark.parametrize("profile", [Profile.FULL, Profile.EXTERNAL, Profile.TRAINING])
def test_a_real_export_tells_the_same_in_all_formats(cast: Cast, profile: str, tmp_path: Path) -> None:
    export = run(cast, tmp_path, profile)
    assert (export.state, export.warnings) == (ExportState.DONE, 0)
    told = {
        name: {(seen.ref, seen.number, seen.update, seen.text) for seen in READERS[name](tmp_path / name)}
        for name in READERS
    }
    assert len(told["csv"]) > 10
    assert {name: found == told["csv"] for name, found in told.items()} == dict.fromkeys(READERS, True)
    assert any("angry person" in text for *_, text in told["csv"]) == (profile == Profile.FULL)
