"""What happens beside the entries: notes, people who watch, holds, files that go, a visitor's wish to be forgotten."""

from __future__ import annotations

import json

import pytest
from django.utils.translation import gettext_lazy

from accounts.models import User, UserType
from chatdesk.actions.beside import leave, monitor
from chatdesk.actions.conversations import close_by_visitor, start
from chatdesk.actions.entries import post_entry
from chatdesk.actions.erasing import erase
from chatdesk.actions.files import sweep_erased
from chatdesk.actions.notes import post_note
from chatdesk.actions.records import reveal_contact
from chatdesk.actions.reopening import reopen
from chatdesk.actions.supervision import whisper
from chatdesk.actions.waiting.holds import set_hold
from chatdesk.models import Conversation, Entry, File, Kind
from tests.factories import Cast, allow_watching_unseen, make_participant, make_present, make_supervisor
from tests.transcripts.recording.reading import assert_whole, content, frame, frames, kinds, records
from transcripts.actions.checking import check
from transcripts.models import Chain, LogLeaf


@pytest.fixture
def talk(cast: Cast) -> Conversation:
    """A chat that Alice has."""
    make_present(cast.alice)
    return start(cast.sales_button, None, "c" * 40, "Hello").conversation


@pytest.fixture
def sam(cast: Cast) -> User:
    return make_supervisor()


def test_a_note_and_a_whisper(cast: Cast, talk: Conversation, sam: User) -> None:
    post_note(cast.alice, talk.ref, "a careful word", "n1")
    post_note(cast.alice, talk.ref, "a careful word", "n1")
    whisper(sam, talk.ref, "offer ten percent", "w1")
    note, whispered = assert_whole(talk)[-2:]
    assert (note.kind, note.note, content(note)) == ("note", 1, {"body": "a careful word"})
    assert frame(note)["author"]["user"] == cast.alice.pk
    assert (whispered.kind, whispered.note) == ("whisper", 2)
    assert frame(whispered)["user"] == sam.pk
    assert note.content is None


def test_who_watches_unseen_is_recorded_coming_and_going(talk: Conversation, sam: User) -> None:
    monitor(sam, talk.ref)
    leave(sam, talk.ref)
    coming, going = [record for record in assert_whole(talk) if record.kind == "participant"][1:]
    assert frame(coming)["role"] == "monitor"
    assert frame(going)["role"] == ""
    assert frame(coming)["author"]["user"] == sam.pk
    assert content(coming)["name"] == "Sam"


def test_who_came_unseen_goes_unseen(talk: Conversation, sam: User) -> None:
    allow_watching_unseen()
    assert monitor(User.objects.get(pk=sam.pk), talk.ref)
    leave(sam, talk.ref)
    watching = [frame(record) for record in assert_whole(talk) if record.kind == "participant"][1:]
    assert [(facts["role"], facts["silent"]) for facts in watching] == [("monitor", True), ("", True)]


def test_who_comes_out_of_hiding_is_seen_from_then_on(talk: Conversation, sam: User) -> None:
    allow_watching_unseen()
    assert monitor(User.objects.get(pk=sam.pk), talk.ref)
    UserType.objects.filter(name="Supervisor").update(monitors_silently=False)
    assert not monitor(User.objects.get(pk=sam.pk), talk.ref)
    leave(sam, talk.ref)
    watching = [frame(record) for record in assert_whole(talk) if record.kind == "participant"][1:]
    assert [facts["silent"] for facts in watching] == [True, False, False]


def test_on_hold_and_back(cast: Cast, talk: Conversation) -> None:
    set_hold(cast.alice, talk.ref, on=True)
    set_hold(cast.alice, talk.ref, on=True)
    set_hold(cast.alice, talk.ref, on=False)
    assert_whole(talk)
    assert [kind for kind in kinds(talk) if "hold" in kind] == ["on_hold", "off_hold"]


def test_whoever_sees_the_address_is_named(talk: Conversation, sam: User) -> None:
    reveal_contact(sam, talk.ref, "to send the invoice")
    (facts,) = frames(talk, "contact")
    assert (facts["act"], facts["user"]) == ("revealed", sam.pk)
    assert facts["said"], "a hash of it alone could be guessed"


def test_what_ended_and_goes_on_is_appended(talk: Conversation) -> None:
    close_by_visitor(talk.pk)
    sealed = Chain.objects.get(conversation=talk)
    assert reopen(talk, gettext_lazy("It goes on."))
    assert kinds(talk)[-3:] == ["seal", "reopened", "notice"]
    again = Chain.objects.get(conversation=talk)
    assert (again.sealed_at, again.sealed_count) == (None, sealed.sealed_count)
    close_by_visitor(talk.pk)
    assert_whole(talk)
    assert kinds(talk).count("seal") == 2
    logged = LogLeaf.objects.filter(about=talk.ref).order_by("index").values_list("kind", flat=True)
    assert list(logged) == ["conversation.closed", "conversation.reopened", "conversation.closed"]
    assert check(Conversation.objects.get(pk=talk.pk)) is None


def with_file(talk: Conversation) -> File:
    facts = {"name": "marker.pdf", "media_type": "application/pdf", "size": 7, "sha256": "ab" * 32}
    file = File.objects.create(conversation=talk, state=File.State.STORED, **facts)
    post_entry(talk, make_participant(talk), file.name, "f1", kind=Kind.FILE, file=file)
    return file


def test_a_file_is_known_by_its_facts(talk: Conversation) -> None:
    file = with_file(talk)
    record = assert_whole(talk)[-1]
    document = {"key": file.key, "media_type": "application/pdf", "sha256": "ab" * 32, "size": 7}
    assert content(record) == {"document": document, "name": "marker.pdf"}


def test_what_a_visitor_has_deleted_leaves_frames_alone(cast: Cast, talk: Conversation) -> None:
    with_file(talk)
    post_note(cast.alice, talk.ref, "marker of a note", "n1")
    post_entry(talk, make_participant(talk), "marker of a message")
    before = [record.frame for record in records(talk)]
    erase(talk)
    found = assert_whole(talk)
    assert [record.frame for record in found[: len(before)]] == before
    for record in found:
        if record.kind in ("opened", "participant", "message", "file", "note"):
            assert (json.loads(record.salts), record.content) == ({}, None)
        assert "marker" not in record.frame + record.salts + (record.content or "")
    assert kinds(talk)[-3:] == ["close", "seal", "erased"]
    assert LogLeaf.objects.filter(about=talk.ref, kind="conversation.erased").count() == 1
    assert check(Conversation.objects.get(pk=talk.pk)) is None


def test_what_the_desk_itself_said_stays_provable(talk: Conversation) -> None:
    erase(talk)
    (join,) = [record for record in assert_whole(talk) if record.kind == "join"]
    assert set(json.loads(join.salts)) == {"body", "name"}
    assert Entry.objects.get(conversation=talk, kind="join").body == content(join)["body"]


def test_that_a_file_s_bytes_went_is_told_once(talk: Conversation) -> None:
    file = with_file(talk)
    erase(talk)
    sweep_erased()
    sweep_erased()
    assert [facts["file"] for facts in frames(talk, "file_gone")] == [file.key]
    assert check(Conversation.objects.get(pk=talk.pk)) is None
