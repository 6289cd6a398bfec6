"""Classes of data with times of their own: what goes, what stays, and that the chain still tells what was withheld."""

from __future__ import annotations

import json

import pytest

from chatdesk.actions.files import sweep_erased
from chatdesk.models import Conversation, Entry, File, Kind, Note, Participant
from tests.factories import Cast, make_operator
from tests.transcripts.retention.conftest import Court
from tests.transcripts.retention.stage import MARKER, make_full, policy, step, there
from transcripts.actions import recording
from transcripts.actions.retaining.gathering import gather
from transcripts.kinds import Kind as Record_
from transcripts.models import Chain, Disposition, Record
from transcripts.proof.chain import next_hash
from transcripts.retention import classes

State = Disposition.State


@pytest.fixture
def chat(cast: Cast) -> Conversation:
    return make_full(cast, cast.vera, files=2)


def go(data: str) -> None:
    policy(data=data, delete_days=365)
    step(0)
    assert Disposition.objects.get().data == data
    step(31)


def chain_holds(chat: Conversation) -> bool:
    """Recomputed from the frames alone: what is withheld breaks nothing."""
    head = bytes(32)
    for record in Record.objects.filter(conversation=chat).order_by("number"):
        head = next_hash(head, record.frame.encode())
        assert head.hex() == record.hash
    return head.hex() == Chain.objects.get(conversation=chat).head


def content_of(chat: Conversation, *kinds: str) -> set[tuple[str, str | None]]:
    return set(Record.objects.filter(conversation=chat, kind__in=kinds).values_list("salts", "content"))


def test_files_go_and_what_was_said_stays(chat: Conversation) -> None:
    keys = list(chat.files.values_list("key", flat=True))
    go("files")
    assert Disposition.objects.get().state == State.DESTROYED
    assert set(chat.files.values_list("state", "sha256")) == {(File.State.ERASING, "")}
    sweep_erased()
    assert not any(there(key) for key in keys)
    assert set(chat.files.values_list("state", flat=True)) == {File.State.ERASED}
    names = set(Entry.objects.filter(conversation=chat, kind=Kind.FILE).values_list("body", flat=True))
    assert names == {"Deleted: its time was up."}
    assert Entry.objects.filter(conversation=chat, body__contains=MARKER).count() == 2
    assert content_of(chat, Record_.FILE) == {("{}", None)}
    assert Conversation.objects.get().hidden_at is None


def test_notes_go(chat: Conversation) -> None:
    go("notes")
    assert Note.objects.get().body == "Deleted: its time was up."
    assert content_of(chat, Record_.NOTE) == {("{}", None)}
    assert Entry.objects.filter(conversation=chat, body__contains=MARKER).count() == 4


def test_contact_data_goes(cast: Cast, chat: Conversation) -> None:
    go("contact")
    now = Conversation.objects.get()
    assert [now.name, now.email, now.question, now.page, now.referrer] == [""] * 5
    assert Participant.objects.get(conversation=chat, user=None).name == ""
    assert Participant.objects.get(conversation=chat, user=cast.alice).name == "Alice"
    assert content_of(chat, Record_.OPENED) == {("{}", None)}
    kept = "".join(str(each) for each in Record.objects.filter(conversation=chat).values_list("content", flat=True))
    assert f"{MARKER} name" not in kept


def test_an_operator_whose_number_begins_like_the_visitor_s_keeps_their_name(cast: Cast, chat: Conversation) -> None:
    visitor = Participant.objects.get(conversation=chat, user=None)
    for pk, name in ((visitor.pk * 10, "Alice"), (visitor.pk * 10 + 7, "Oscar")):
        someone = make_operator(f"{name.lower()}{pk}")
        part = Participant.objects.create(pk=pk, conversation=chat, user=someone, name=name)
        recording.write(chat.pk, Record_.PARTICIPANT, said={"name": name}, participant=part)
    before = {content for _salts, content in content_of(chat, Record_.PARTICIPANT)}
    go("contact")
    now = {content for _salts, content in content_of(chat, Record_.PARTICIPANT)}
    assert before == {'{"name":"Alice"}', '{"name":"Oscar"}', f'{{"name":"{MARKER} name"}}'}
    assert now == {'{"name":"Alice"}', '{"name":"Oscar"}', None}


@pytest.mark.parametrize("data", ["files", "notes", "contact"])
def test_the_records_say_so_and_still_hold(chat: Conversation, data: str) -> None:
    before = Record.objects.filter(conversation=chat).count()
    go(data)
    told = Record.objects.filter(conversation=chat).order_by("-number")[0]
    assert told.kind == Record_.WITHHELD
    assert f'"data":"{data}"' in told.frame
    assert told.number == before + 1
    assert chain_holds(chat)


def test_it_goes_once(chat: Conversation) -> None:
    go("notes")
    before = Chain.objects.get().count
    step(62)
    step(93)
    assert Disposition.objects.count() == 1
    assert Chain.objects.get().count == before


def test_a_part_under_hold_stays(chat: Conversation, court: Court) -> None:
    policy(data="files", delete_days=365)
    step(0)
    court.holds.add(chat.pk)
    step(31)
    assert Disposition.objects.get().state == State.CANCELLED
    assert set(chat.files.values_list("state", flat=True)) == {File.State.STORED}


def test_the_whole_waits_for_what_stays_longer(chat: Conversation) -> None:
    policy(delete_days=30)
    policy(data="files", keep_days=500)
    step(0)
    assert not Disposition.objects.exists()
    step(101)
    assert Disposition.objects.get().state == State.QUARANTINED


def test_the_kinds_of_conversations(chat: Conversation) -> None:
    assert [kind.key for kind in classes.all_kinds()][-1] == "live"
    assert gather([chat], [])[chat.pk].kind == "live"
    chat.request.outcome = "message"
    chat.request.save()
    assert gather([chat], [])[chat.pk].kind == "message"
    assert {"text", "files", "notes", "contact", "mails", "logins", "audit"} <= {
        data.key for data in classes.all_classes()
    }


def test_a_frame_tells_no_content(chat: Conversation) -> None:
    go("files")
    for record in Record.objects.filter(conversation=chat):
        assert MARKER not in record.frame
        json.loads(record.frame)
