"""All formats tell the same events, and a stranger's reader gets the same texts out of each."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from tests.transcripts.formats.cast import Store, at, full_story, said, story, write, zipped
from tests.transcripts.formats.readers import READERS, Seen, shown
from tests.transcripts.formats.xlist import NAMES, TEXTS
from transcripts.formats import WRITERS, Event, Person, Story
from transcripts.formats.story import OPERATOR, VISITOR

pytestmark = pytest.mark.once


def expected(name: str, told: Story) -> list[Seen]:
    return [Seen(told.ref, event.number, event.update, shown(event.text, name)) for event in told.events]


def without_file_words(seen: Seen) -> Seen:
    """A deleted file has its name for a text where a text must be."""
    return replace(seen, text="") if seen.update == "FileDeleted" else seen


def in_order(seen: Seen) -> tuple[str, int, str]:
    return seen.ref, seen.number, seen.update


def read_back(name: str, folder: Path) -> list[Seen]:
    return sorted(map(without_file_words, READERS[name](folder)), key=in_order)


def nasty_story(store: Store) -> Story:
    """Every bad text as a message, and as the name of a person, of a file, of everything else."""
    count = len(TEXTS)
    events: list[Event] = []
    for number, text in enumerate(TEXTS, 1):
        kind = VISITOR if number % 2 else OPERATOR
        who = Person(f"{kind}-{number}", kind, text, email=text)
        internal = number % 5 == 0
        events.append(said(number, who, text, internal=internal))
        document = store.put(NAMES[number % len(NAMES)] if number % 3 else text, text.encode(errors="replace"), text)
        events.append(said(count + number, who, "", kind="file", document=document, internal=internal))
    words = "".join(TEXTS[:40])
    changes = dict.fromkeys(("site", "group", "group_slug", "button", "channel", "subject", "language"), words)
    return story(tuple(events), closed=at(9999), tags=TEXTS[:20], holds=TEXTS[:20], facts={words: words}, **changes)


def test_every_format_has_a_reader() -> None:
    assert set(READERS) <= set(WRITERS)
    assert set(WRITERS) - set(READERS) <= {"jsonl", "pdf"}


@pytest.mark.parametrize("name", READERS)
def test_formats_tell_the_same_events(name: str, tmp_path: Path) -> None:
    store = Store()
    told = full_story(store)
    written = write(name, [told, story((), ref="zero")], store, tmp_path)
    assert read_back(name, tmp_path) == sorted(expected(name, told), key=in_order)
    assert written.counts == {"conversations": 2, "events": len(told.events), "files": 2}
    assert written.warnings == []


@pytest.mark.parametrize("name", READERS)
def test_x14_nasty_texts_come_back_whole(name: str, tmp_path: Path) -> None:
    store = Store(chunk=100_000)
    told = nasty_story(store)
    written = write(name, [told], store, tmp_path / "out")
    assert read_back(name, tmp_path / "out") == sorted(expected(name, told), key=in_order)
    assert written.counts["files"] == len(TEXTS)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("name", READERS)
def test_a_zip_holds_what_a_folder_holds(name: str, tmp_path: Path) -> None:
    store = Store()
    told = full_story(store)
    write(name, [told], store, tmp_path / "folder")
    with zipfile.ZipFile(zipped(name, [told], store)) as archive:
        assert archive.testzip() is None
        inside = {info.filename: archive.read(info) for info in archive.infolist()}
    folder = tmp_path / "folder"
    assert inside == {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("name", READERS)
def test_the_same_stories_give_the_same_bytes(name: str, tmp_path: Path) -> None:
    store = Store()
    told = full_story(store)
    first, again = write(name, [told], store, tmp_path / "a"), write(name, [told], store, tmp_path / "b")
    assert first.files == again.files


@pytest.mark.parametrize("name", READERS)
def test_hashes_and_sizes_are_those_of_the_files(name: str, tmp_path: Path) -> None:
    store = Store()
    written = write(name, [full_story(store)], store, tmp_path)
    for file in written.files:
        content = (tmp_path / file.path).read_bytes()
        sample = store.put("x", content)
        assert (file.size, file.sha256, file.md5) == (len(content), sample.sha256, sample.md5)
