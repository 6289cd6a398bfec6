"""C-06: what is changed behind the desk's back is found, and the right record named."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F
from django.utils import timezone

from chatdesk.actions.ledger import Post, commit
from chatdesk.actions.notes import store_note
from chatdesk.models import Conversation, Entry, File, Kind, Note
from tests.factories import Cast, make_conversation, make_entries, make_participant
from transcripts.actions import recording, sealing
from transcripts.actions.checking import check
from transcripts.kinds import Kind as RecordKind
from transcripts.models import Chain, Record
from transcripts.proof.canonical import canonical
from transcripts.proof.chain import next_hash
from transcripts.proof.commitment import commitment, decoded

# opened, participant, three messages (3, 4, 5), note (6), file (7), pickup (8), close (9), seal (10)
FIRST, NOTE, FILE, CLOSE, SEAL = 3, 6, 7, 9, 10


@pytest.fixture
def talk(cast: Cast) -> Conversation:
    conversation = make_conversation(cast.sales_button, operator=cast.alice, name="Vera")
    visitor = make_participant(conversation).pk
    commit([Post(conversation.pk, visitor, "message", body) for body in ("one", "two", "three")])
    store_note(conversation.pk, cast.alice, "careful", "n1")
    file = File.objects.create(
        conversation=conversation, name="bill.pdf", media_type="application/pdf", size=7, sha256="ab" * 32
    )
    commit([Post(conversation.pk, visitor, Kind.FILE, file.name, "f1", file.pk)])
    recording.write(conversation.pk, RecordKind.PICKUP, facts={"box": 1}, said={"name": "Vera"})
    commit([Post(conversation.pk, visitor, Kind.CLOSE, "The visitor ended the conversation.")])
    Conversation.objects.filter(pk=conversation.pk).update(closed_at=timezone.now())
    sealing.seal(conversation)
    return conversation


def test_what_nobody_touched_is_whole(talk: Conversation) -> None:
    assert check(talk) is None


Change = Callable[[Conversation], object]


def entry(seq: int, /, **facts: object) -> Change:
    return lambda talk: Entry.objects.filter(conversation=talk, seq=seq).update(**facts)


def record(number: int, /, **facts: object) -> Change:
    return lambda talk: Record.objects.filter(conversation=talk, number=number).update(**facts)


def note(**facts: object) -> Change:
    return lambda talk: Note.objects.filter(conversation=talk).update(**facts)


def file(**facts: object) -> Change:
    return lambda talk: File.objects.filter(conversation=talk).update(**facts)


def swap_texts(talk: Conversation) -> None:
    first, second = Entry.objects.filter(conversation=talk, seq__in=(1, 2)).order_by("seq")
    entry(1, body=second.body)(talk)
    entry(2, body=first.body)(talk)


def drop_entry(talk: Conversation) -> None:
    Entry.objects.filter(conversation=talk, seq=2).delete()


def add_entry(talk: Conversation) -> None:
    make_entries(Conversation.objects.get(pk=talk.pk), 1)


def drop_record(talk: Conversation) -> None:
    Record.objects.filter(conversation=talk, number=4).delete()


def cut_tail(talk: Conversation) -> None:
    Record.objects.filter(conversation=talk, number__gte=CLOSE).delete()


def cut_tail_and_chain(talk: Conversation) -> None:
    """By somebody who knows of the chain's row: only the site's log still knows better."""
    cut_tail(talk)
    Entry.objects.filter(conversation=talk, kind="close").delete()
    last = Record.objects.get(conversation=talk, number=CLOSE - 1)
    Chain.objects.filter(pk=talk.pk).update(count=last.number, head=last.hash)


def drop_everything(talk: Conversation) -> None:
    Record.objects.filter(conversation=talk).delete()
    Chain.objects.filter(pk=talk.pk).delete()


CHANGES: list[tuple[str, Change, int, str]] = [
    ("text", entry(1, body="won"), FIRST, "content"),
    ("one letter", entry(3, body="thre\u0435"), 5, "content"),
    ("order", swap_texts, FIRST, "content"),
    ("number", entry(3, seq=99), 5, "entry"),
    ("time", entry(2, at=F("at") + timedelta(microseconds=1)), 4, "entry"),
    ("kind", entry(2, kind="notice"), 4, "entry"),
    ("author", entry(2, participant=None), 4, "entry"),
    ("entry deleted", drop_entry, 4, "entry"),
    ("entry added", add_entry, SEAL, "entry"),
    ("note", note(body="harmless"), NOTE, "content"),
    ("note's place", note(after_seq=1), NOTE, "note"),
    ("file's name", file(name="other.pdf"), FILE, "content"),
    ("file's hash", file(sha256="cd" * 32), FILE, "content"),
    ("record's content", record(8, content='{"name":"Walt"}'), 8, "content"),
    ("record's content not JSON text", record(8, content='{"other":1}'), 8, "content"),
    ("record's time", record(5, at=F("at") + timedelta(seconds=1)), 5, "columns"),
    ("record's kind", record(5, kind="notice"), 5, "columns"),
    ("record's frame", record(5, frame='{"number":5}'), 5, "changed"),
    ("record's hash", record(5, hash="0" * 64), 5, "changed"),
    ("salts gone", record(5, salts="{}"), 5, "withheld"),
    ("record deleted", drop_record, 4, "missing"),
    ("tail cut", cut_tail, CLOSE, "tail"),
    ("tail cut, chain mended", cut_tail_and_chain, CLOSE, "tail"),
    ("all gone", drop_everything, 1, "tail"),
]


@pytest.mark.parametrize(
    ("change", "number", "what"), [each[1:] for each in CHANGES], ids=[each[0] for each in CHANGES]
)
def test_c_06_a_change_is_found_and_named(talk: Conversation, change: Change, number: int, what: str) -> None:
    change(talk)
    fault = check(talk)
    assert fault is not None
    assert (fault.ref, fault.number, fault.what) == (talk.ref, number, what)


def test_c_06_a_chain_that_was_written_anew_disagrees_with_the_log(talk: Conversation) -> None:
    forged = Record.objects.get(conversation=talk, number=FIRST)
    frame, salt = json.loads(forged.frame), json.loads(forged.salts)["body"]
    frame["said"]["body"] = commitment(decoded(salt), "forged")
    entry(1, body="forged")(talk)
    record(FIRST, frame=canonical(frame).decode())(talk)
    hash_anew(talk)
    fault = check(talk)
    assert fault is not None
    assert (fault.number, fault.what) == (SEAL, "log")


def hash_anew(talk: Conversation) -> None:
    previous = bytes(32)
    for row in Record.objects.filter(conversation=talk).order_by("number"):
        previous = next_hash(previous, row.frame.encode())
        record(row.number, hash=previous.hex())(talk)
    Chain.objects.filter(pk=talk.pk).update(head=previous.hex())


def test_raw_sql_is_found_too(talk: Conversation) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE chatdesk_entry SET body = 'x' WHERE conversation_id = %s AND seq = 2", [talk.pk])
    fault = check(talk)
    assert fault is not None
    assert fault.number == 4


def test_what_was_erased_is_whole_without_its_words(talk: Conversation) -> None:
    sealing.forget(talk)
    Entry.objects.filter(conversation=talk, kind__in=("message", "file")).update(body="Deleted.")
    Note.objects.filter(conversation=talk).update(body="Deleted.")
    File.objects.filter(conversation=talk).update(name="Deleted.", sha256="")
    assert check(talk) is None
    entry(4, at=timezone.now())(talk)
    fault = check(talk)
    assert fault is not None
    assert (fault.number, fault.what) == (FILE, "entry")


def test_of_what_was_said_after_an_erasure_nothing_may_be_withheld(talk: Conversation) -> None:
    sealing.forget(talk)
    Entry.objects.filter(conversation=talk, kind="message").update(body="Deleted.")
    later = recording.write(talk.pk, RecordKind.PICKUP, said={"name": "V"})
    assert check(talk) is None
    record(later.number, salts="{}", content=None)(talk)
    fault = check(talk)
    assert fault is not None
    assert (fault.number, fault.what) == (later.number, "withheld")


def test_a_conversation_without_records_is_not_wrong(cast: Cast) -> None:
    conversation = make_conversation(cast.sales_button)
    make_entries(conversation, 2)
    assert check(conversation) is None
