"""The demo archive: many closed conversations, the same each time, recorded as the live desk would have done."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from chatdesk.actions.files import opened
from chatdesk.models import Conversation, Entry, File, Kind, Note
from tests.transcripts.recording.reading import assert_whole
from tickets.models import IncomingMail, Letter
from transcripts.actions.archive import inventing, make
from transcripts.actions.checking import check
from transcripts.models import Chain, LogLeaf

COUNT = 60


def make_all(count: int = COUNT) -> None:
    assert list(make(count))[-1] == count


def test_each_is_whole_sealed_and_in_the_log(db: None) -> None:
    make_all()
    for conversation in Conversation.objects.all():
        assert_whole(conversation)
        assert check(conversation) is None
        assert conversation.closed_at == conversation.last_at
    assert Chain.objects.filter(sealed_at__isnull=False).count() == COUNT
    assert LogLeaf.objects.filter(kind="conversation.closed").count() == COUNT


def test_there_is_some_of_everything(db: None) -> None:
    make_all()
    assert set(Entry.objects.values_list("kind", flat=True)) == {"message", "join", "close", "transfer", "file"}
    assert Note.objects.exists()
    assert len(set(Conversation.objects.values_list("request__language", flat=True))) == 5
    assert len(set(Conversation.objects.values_list("group__slug", flat=True))) == 3
    assert set(Conversation.objects.exclude(earlier_groups=[]).values_list("entries__kind", flat=True)) >= {"transfer"}
    years = {conversation.created_at.year for conversation in Conversation.objects.all()}
    assert len(years) >= 2
    assert len(set(Entry.objects.exclude(participant__user=None).values_list("participant__user", flat=True))) > 4


def test_what_was_stored_last_began_last(db: None) -> None:
    make_all()
    times = list(Conversation.objects.order_by("pk").values_list("created_at", flat=True))
    assert times == sorted(times)
    assert inventing.begun(3, times[0]) == inventing.invent(3, times[0], 3, 3).begun


def test_files_are_what_their_rows_say(db: None) -> None:
    make_all()
    files = list(File.objects.all())
    assert files
    for file in files:
        with opened(file) as content:
            data = content.read()
        assert (len(data), hashlib.sha256(data).hexdigest()) == (file.size, file.sha256)
        assert file.entry.kind == Kind.FILE


def test_mails_stand_behind_some_first_entries(db: None) -> None:
    make_all()
    letters = list(Letter.objects.select_related("entry", "incoming"))
    assert letters
    assert IncomingMail.objects.count() == len(letters)
    assert {letter.entry.seq for letter in letters} == {1}
    assert all(letter.incoming.entry_id == letter.entry_id for letter in letters)


def test_the_same_number_is_the_same_story() -> None:
    until = datetime(2026, 1, 1, tzinfo=UTC)
    assert inventing.invent(7, until, 3, 3) == inventing.invent(7, until, 3, 3)
    assert inventing.invent(7, until, 3, 3) != inventing.invent(8, until, 3, 3)


def test_more_are_added_to_those_that_are_there(db: None) -> None:
    make_all(3)
    first = set(Conversation.objects.values_list("ref", flat=True))
    make_all(2)
    refs = set(Conversation.objects.values_list("ref", flat=True))
    assert first < refs
    assert len(refs) == 5


def test_the_command_tells_how_far_it_is(db: None) -> None:
    out = StringIO()
    call_command("demo_archive", 2, stdout=out)
    assert "2 of 2 conversations" in out.getvalue()


def test_none_is_a_mistake(db: None) -> None:
    with pytest.raises(CommandError):
        call_command("demo_archive", 0)
