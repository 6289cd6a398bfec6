"""Reading a conversation: both sides, notes as what they are, documents, proof, and the trail of it."""

from __future__ import annotations

import re

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import AuditEntry, Scope, User
from chatdesk.actions.conversations import close_by_visitor
from chatdesk.actions.entries import post_entry
from chatdesk.actions.files.storing import place_of
from chatdesk.actions.notes import store_note
from chatdesk.models import Conversation, Entry, File, Kind, Note
from tests.factories import Cast, make_conversation, make_entry, make_participant
from transcripts.actions.reading import presences
from transcripts.models import Chain, LogLeaf, Record

SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def told(cast: Cast) -> Conversation:
    """Recorded, with a note, and closed."""
    made = make_conversation(cast.sales_button, cast.vera, cast.alice, name="Vera", email="vera@example.org")
    part, visitor = make_participant(made, cast.alice), make_participant(made)
    post_entry(made, visitor, "the coat is torn", "c1")
    post_entry(made, part, f"sorry {SCRIPT}", "c2")
    store_note(made.pk, cast.alice, "a known customer", "n1")
    store_note(made.pk, cast.alice, "ask the tailor", "n2", Note.Kind.WHISPER)
    close_by_visitor(made.pk)
    return made


def page_of(browser: Client, conversation: Conversation, more: str = "") -> str:
    answer = browser.get(f"/transcripts/conversations/{conversation.ref}/{more}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_both_sides_and_notes_in_the_order_in_which_they_were_recorded(browser: Client, told: Conversation) -> None:
    page = page_of(browser, told)
    words = ["the coat is torn", "sorry &lt;script&gt;", "a known customer", "ask the tailor", "Sealed:"]
    places = [page.index(each) for each in words]
    assert places == sorted(places)
    assert SCRIPT not in page
    assert "note, internal" in page
    assert "whisper, internal" in page
    for number in Record.objects.filter(conversation=told).values_list("number", flat=True):
        assert f'id="record-{number}"' in page


def test_reading_is_recorded_with_the_purpose(browser: Client, told: Conversation, cora: User) -> None:
    page_of(browser, told)
    row = AuditEntry.objects.get(action="transcripts.read")
    assert (row.actor_id, row.object_name, row.reason) == (cora.pk, told.ref, "review of May")
    assert "torn" not in str(row.after)


def test_it_says_that_it_is_whole_sealed_and_in_the_log(browser: Client, told: Conversation) -> None:
    page = page_of(browser, told)
    count = Chain.objects.get(pk=told.pk).count
    assert f"Whole: {count} records, recomputed just now." in page
    assert f"entry {LogLeaf.objects.get(about=told.ref).index}" in page


@pytest.mark.parametrize("change", ["frame", "hash", "gone", "tail"])
def test_a_changed_record_is_named(browser: Client, told: Conversation, change: str) -> None:
    """C-06, as a reader sees it."""
    rows = Record.objects.filter(conversation=told)
    last = rows.latest("number").number
    broken = {"frame": 2, "hash": 3, "gone": 4, "tail": last}[change]
    row = rows.filter(number=broken)
    if change in ("gone", "tail"):
        row.delete()
    else:
        row.update(**{change: "0" * 64})
    assert f"Broken at record {broken}" in page_of(browser, told)


def test_before_anything_is_recorded_it_is_read_from_its_entries(browser: Client, cast: Cast) -> None:
    made = make_conversation(cast.sales_button, cast.vera, cast.alice)
    make_entry(made, "first words")
    Note.objects.create(conversation=made, number=1, author=cast.alice, body="between", after_seq=1, client_id="n")
    make_entry(made, "second words", cast.alice)
    page = page_of(browser, made)
    assert page.index("first words") < page.index("between") < page.index("second words")
    assert "Not recorded yet." in page


def test_one_that_is_not_recorded_yet_has_pages_too(browser: Client, cast: Cast) -> None:
    made = make_conversation(cast.sales_button, cast.vera, cast.alice)
    said = [f"line {number:03}" for number in range(1, 301)]
    Entry.objects.bulk_create(
        Entry(conversation=made, seq=number, kind=Kind.MESSAGE, body=text, at=made.created_at)
        for number, text in enumerate(said, 1)
    )
    Conversation.objects.filter(pk=made.pk).update(last_seq=300)
    for number in (1, 200):
        Note.objects.create(
            conversation=made,
            number=number,
            author=cast.alice,
            body=f"note {number}",
            after_seq=number,
            client_id=f"n{number}",
        )
    first, rest = page_of(browser, made), page_of(browser, made, "?after=250")
    assert "?after=250" in first
    found = [re.findall(r"line \d{3}|note \d+", page) for page in (first, rest)]
    assert [len(each) for each in found] == [250, 52]
    assert found[0] + found[1] == [*said[:1], "note 1", *said[1:200], "note 200", *said[200:]]
    assert "?after=" not in rest
    assert "Nothing was said." in page_of(browser, made, "?after=302")


def test_names_are_those_of_the_time(browser: Client, told: Conversation, cast: Cast) -> None:
    User.objects.filter(pk=cast.alice.pk).update(display_name="Somebody Else")
    assert "<bdi>Alice</bdi>" in page_of(browser, told)


def test_who_stayed_was_there_until_the_end(told: Conversation) -> None:
    told.refresh_from_db()
    assert told.closed_at
    assert {one.until for one in presences(told) if one.since} == {told.closed_at}


def test_a_search_is_gone_back_to_and_its_words_stay_marked(browser: Client, cast: Cast) -> None:
    made = make_conversation(cast.sales_button)
    visitor = make_participant(made)
    for number in range(260):
        post_entry(made, visitor, f"torn {number:03}", f"c{number}")
    path = browser.post("/transcripts/", {"q": "torn"}).headers["Location"]
    asked = path.strip("/").rpartition("/")[2]
    first = page_of(browser, made, f"?found={asked}")
    assert f'<a href="{path}">Back to what was found</a>' in first
    assert f"&amp;found={asked}" in first
    assert "<mark>torn</mark>" in page_of(browser, made, f"?after=250&found={asked}")
    assert "Back to what was found" not in page_of(browser, made, "?found=999999")


def test_a_long_conversation_has_pages(browser: Client, cast: Cast) -> None:
    made = make_conversation(cast.sales_button)
    visitor = make_participant(made)
    for number in range(260):
        post_entry(made, visitor, f"line {number:03}", f"c{number}")
    first = page_of(browser, made)
    assert "line 000" in first
    assert "line 259" not in first
    rest = page_of(browser, made, "?after=250")
    assert "line 259" in rest
    assert "line 000" not in rest


def test_the_address_is_masked_for_who_may_not_see_contact_data(
    browser: Client, told: Conversation, cora: User
) -> None:
    assert "vera@example.org" in page_of(browser, told)
    assert cora.user_type is not None
    cora.user_type.contact = Scope.NONE
    cora.user_type.save()
    browser.force_login(cora, backend="accounts.backends.UserTypeBackend")
    browser.post("/transcripts/purpose/", {"reason": "review of May"})
    page = page_of(browser, told)
    assert "vera@example.org" not in page
    assert "v•••@e•••.org" in page


def test_what_was_erased_is_said_to_be_gone(browser: Client, told: Conversation) -> None:
    Conversation.objects.filter(pk=told.pk).update(erased_at=told.created_at)
    assert "The visitor had this conversation deleted" in page_of(browser, told)


@pytest.mark.parametrize("ref", ["x", "'", "%00", "..", "a" * 300])
def test_what_never_was_is_not_found(browser: Client, ref: str) -> None:
    assert browser.get(f"/transcripts/conversations/{ref}/").status_code == 404


def test_what_was_destroyed_is_said_to_be(browser: Client, db: None) -> None:
    LogLeaf.objects.create(index=0, kind="conversation.destroyed", about="gone-ref", data="{}", hash="0" * 64)
    answer = browser.get("/transcripts/conversations/gone-ref/")
    assert answer.status_code == 410
    assert "was destroyed" in answer.content.decode()


def document(conversation: Conversation, state: File.State = File.State.STORED) -> File:
    file = File.objects.create(
        conversation=conversation, state=state, name=f"in{SCRIPT}voice.pdf", media_type="application/pdf", size=5,
        sha256="9" * 64,
    )  # fmt: skip
    default_storage.save(place_of(file.key), SimpleUploadedFile("x", b"%PDF-"))
    post = {"kind": Kind.FILE, "file": file, "at": conversation.created_at}
    Entry.objects.create(conversation=conversation, seq=999, participant=make_participant(conversation), **post)
    return file


def test_a_document_is_taken_out_and_that_is_recorded(browser: Client, told: Conversation) -> None:
    file = document(told)
    answer = browser.get(f"/transcripts/files/{file.key}/")
    assert b"".join(answer.streaming_content) == b"%PDF-"  # type: ignore[attr-defined]
    assert answer.headers["Content-Disposition"].startswith("attachment")
    row = AuditEntry.objects.get(action="transcripts.file")
    assert row.after is not None
    assert (row.after["sha256"], row.after["conversation"]) == ("9" * 64, told.ref)
    assert "voice" not in f"{row.object_name}{row.after}"


def test_a_document_that_is_not_there_is_not_found(browser: Client, told: Conversation) -> None:
    file = document(told, File.State.ERASED)
    assert browser.get(f"/transcripts/files/{file.key}/").status_code == 404
    assert browser.get("/transcripts/files/nothing/").status_code == 404
    assert not AuditEntry.objects.filter(action="transcripts.file").exists()


def test_a_message_changed_behind_the_desk_is_named(browser: Client, told: Conversation) -> None:
    """C-06: the words of the row are not those that were recorded."""
    record = Record.objects.filter(conversation=told, kind="message").earliest("number")
    Entry.objects.filter(conversation=told, seq=record.seq or 0).update(body="the coat is fine")
    page = page_of(browser, told)
    assert f"Broken at record {record.number}" in page
    assert "the coat is fine" in page
