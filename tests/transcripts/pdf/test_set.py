"""What stands in a document, as an independent reader of PDF extracts it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.transcripts.pdf.stories import ALICE, BEGUN, document, read, said, story, text_of, texts_of
from transcripts.formats.pdf import Bates, Enclosed, Look, Words, pdf_of
from transcripts.formats.story import DELETED, EDITED_NEW, EDITED_ORIGINAL, FILE_DELETED, Event, Person

BERLIN = Look(zone=ZoneInfo("Europe/Berlin"), zone_name="Europe/Berlin")


def test_every_text_name_and_time_is_in_it_in_order() -> None:
    text = text_of(story("Good morning", "Is it still there?", "I wait"))
    places = [
        text.index(words) for words in ("1 · 09:01:00 +00:00 · Vera Good morning", "Is it still there?", "I wait")
    ]
    assert places == sorted(places)
    for words in ("A question", "dGhlIHJlZmVyZW5jZSBv", "Sales", "shop", "vera@home.test", "ab" * 32, "desk.example"):
        assert words in text


def test_who_took_part_and_who_was_unseen() -> None:
    text = text_of(story("Hello"))
    assert "Vera (Visitor) <vera@home.test>, from 2026-03-28 09:00:00 +00:00 to the end" in text
    assert "Alice (Operator), from 2026-03-28 09:00:00 +00:00 to 2026-03-28 09:09:00 +00:00, unseen" in text


def test_a_conversation_without_a_word() -> None:
    """C-13."""
    empty = story(closed=None, visitor=None, presences=(), subject="", head="")
    text = text_of(empty)
    assert "Nothing was said." in text
    assert "Conversation dGhlIHJlZmVyZW5jZSBv" in text
    assert "not closed" in text
    assert "Page 1 of 1" in text


def test_ten_thousand_messages_are_all_there() -> None:
    """C-13. Pages are looked at here and there, the record for machines as a whole."""
    found = read(pdf_of(story(*(f"Message {number}." for number in range(1, 10_001)))))
    count = len(found.pages)
    assert count > 300
    assert "Message 1." in found.pages[0].extract_text()
    assert f"Page {count // 2 + 1} of {count}" in found.pages[count // 2].extract_text()
    assert "Message 10000." in found.pages[-1].extract_text()
    [lines] = found.attachments["records.jsonl"]
    events = [json.loads(line)["event"] for line in lines.splitlines()[1:]]
    assert [event["text"] for event in events] == [f"Message {number}." for number in range(1, 10_001)]


def test_each_page_says_zone_offset_page_and_reference() -> None:
    pages = texts_of(pdf_of(story(*["A line of this conversation."] * 120), BERLIN))
    assert len(pages) > 2
    for number, page in enumerate(pages, start=1):
        assert f"Page {number} of {len(pages)}" in page
        assert "Times: Europe/Berlin (+01:00)" in page
        assert "desk.example · dGhlIHJlZmVyZW5jZSBv" in page


def test_a_clock_that_is_put_forward_shows_both_offsets() -> None:
    """Summer time began there on 29 March 2026 at 01:00 UTC."""
    begun = BEGUN + timedelta(hours=15)
    text = text_of(story(events=said("Before", at=begun) + said("After", at=begun + timedelta(hours=1))), BERLIN)
    assert "01:01:00 +01:00 · Vera Before" in text
    assert "02:01:00" not in text
    assert "03:01:00 +02:00 · Vera After" in text
    assert "Times: Europe/Berlin (+01:00, +02:00)" in text
    assert "2026-03-29" in text


def test_bates_numbers_go_on_from_page_to_page() -> None:
    pages = texts_of(pdf_of(story(*["A line."] * 120), Look(bates=Bates("ACME-", 99, 6))))
    assert len(pages) > 2
    for number, page in enumerate(pages):
        assert f"ACME-{99 + number:06}" in page
    assert "ACME-" not in text_of(story("No number"))


def test_files_are_named_with_their_facts() -> None:
    there = Event(1, "file", BEGUN, ALICE, "", document=document())
    gone = Event(2, "file", BEGUN, ALICE, "", document=document(name="old.png", sha256="", missing="its time was up"))
    text = text_of(story(events=(there, gone)))
    assert "File: offer.pdf (application/pdf, 9 bytes)" in text
    assert f"SHA-256 {'cd' * 32}" in text
    assert "This file is not kept any more: its time was up" in text


@pytest.mark.parametrize(
    ("update", "words"),
    [
        (EDITED_ORIGINAL, "changed later"),
        (EDITED_NEW, "changed text"),
        (DELETED, "deleted"),
        (FILE_DELETED, "file deleted"),
    ],
)
def test_what_was_changed_or_deleted_says_so_and_when(update: str, words: str) -> None:
    [event] = said("The first wording")
    changed = replace(event, update=update, updated=BEGUN + timedelta(hours=2))
    assert f"Vera · {words} · 2026-03-28 11:00:00 +00:00 The first wording" in text_of(story(events=(changed,)))


def test_notes_are_marked_internal_and_the_desk_has_a_name() -> None:
    note = Event(1, "note", BEGUN, ALICE, "Careful with this one", internal=True)
    nobody = Event(2, "notice", BEGUN, None, "Please wait")
    unnamed = Event(3, "message", BEGUN, Person("third-1", "third", ""), "I am the sister")
    text = text_of(story(events=(note, nobody, unnamed)))
    assert "Alice · internal Careful with this one" in text
    assert "The desk Please wait" in text
    assert "Other I am the sister" in text


def test_a_redacted_copy_has_boxes_and_says_so() -> None:
    told = story("My sister [redacted: third party] lives there", is_redacted=True)
    text = text_of(told)
    assert "My sister redacted: third party lives there" in text
    assert "Parts of this copy were withheld" in text
    assert "withheld" not in text_of(replace(told, is_redacted=False))
    assert "[redacted: third party]" in text_of(replace(told, is_redacted=False))


def test_the_record_for_machines_is_embedded_and_says_the_same() -> None:
    told = story("Grüße, 世界", events=None)
    [lines] = read(pdf_of(told)).attachments["records.jsonl"]
    first, event = (json.loads(line) for line in lines.splitlines())
    assert first["conversation"]["ref"] == told.ref
    assert event["event"]["text"] == "Grüße, 世界"
    assert event["event"]["at"] == "2026-03-28T09:01:00+00:00"


def test_what_is_enclosed_comes_out_byte_for_byte() -> None:
    files = [Enclosed("records.jsonl", "application/x-ndjson", "lines", b'{"a":1}\n'), _copy()]
    found = read(pdf_of(story("Hello"), enclosed=files)).attachments
    assert {name: data for name, [data] in found.items()} == {file.name: file.data for file in files}


def _copy() -> Enclosed:
    every = "".join(map(chr, range(0xD7FF))) + "\r\n\U0010ffff"
    return Enclosed("copy.json", "application/json", "the copy", every.encode())


def test_the_same_story_gives_the_same_bytes() -> None:
    told = story("Hello", "Again")
    assert pdf_of(told) == pdf_of(told)
    assert pdf_of(told) != pdf_of(replace(told, head="00" * 32))


def test_words_of_another_language() -> None:
    words = Words(page="Seite {n} von {m}", said="Was gesagt wurde", nothing="Es wurde nichts gesagt.")
    text = text_of(story(), Look(words=words, language="de"))
    assert "Seite 1 von 1" in text
    assert "Was gesagt wurde Es wurde nichts gesagt." in text


def test_a_conversation_that_ended_within_a_second() -> None:
    told = story("Hello", closed=BEGUN + timedelta(microseconds=123456))
    assert "Closed: 2026-03-28 09:00:00 +00:00" in text_of(told)
