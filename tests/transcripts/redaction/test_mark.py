"""Marking and withdrawing: what can be marked, who is written down, and that the source stays as it is."""

from __future__ import annotations

import json

import pytest

from accounts.models import AuditEntry, User
from chatdesk.models import Conversation
from chatdesk.protocol import Refused
from tests.factories import Cast
from tests.transcripts.exporting.archive import exported, talked
from tests.transcripts.redaction.marking import number_of, reason
from transcripts.actions.checking import check
from transcripts.actions.redacting.making import Place, Why, digest, mark, withdraw
from transcripts.models import LogLeaf, Purpose, Record, Redaction, RedactionReason

pytestmark = pytest.mark.usefixtures("privacy")


def why(code: str = "privacy", note: str = "") -> Why:
    return Why(reason(code).pk, note)


@pytest.fixture
def talk(cast: Cast) -> Conversation:
    return talked(cast, "call zebra now", files=1, note="the note", name="Vera Winter", email="vera@shop.example")


def body(talk: Conversation, start: int | None = None, end: int | None = None) -> Place:
    return Place(number_of(talk, "message"), "body", start, end)


def test_who_when_why_and_what_for(talk: Conversation, cora: User, purpose: Purpose) -> None:
    row = mark(cora, purpose, {talk.pk: [body(talk, 5, 10)]}, why(note="  as the\nletter says "))[0]
    row.refresh_from_db()
    assert (row.made_by, row.matter, row.note, row.length) == (cora, purpose.matter, "as the letter says", 5)
    assert (row.start, row.end, row.reason.code, row.withdrawn_at) == (5, 10, "privacy", None)


def test_the_source_stays_and_the_chain_is_whole(talk: Conversation, cora: User, purpose: Purpose) -> None:
    before = list(Record.objects.filter(conversation=talk).values())
    mark(cora, purpose, {talk.pk: [body(talk), Place(person="visitor")]}, why())
    assert list(Record.objects.filter(conversation=talk).values()) == before
    assert talk.entries.filter(body="call zebra now").exists()
    assert check(talk) is None


def test_the_log_has_numbers_and_a_hash_and_no_word(talk: Conversation, cora: User, purpose: Purpose) -> None:
    made = mark(cora, purpose, {talk.pk: [body(talk, 5, 10), body(talk)]}, why(note="about zebras"))
    leaf = LogLeaf.objects.get(kind="redaction.made")
    told = json.loads(leaf.data)
    assert told["body"] == {
        "conversation": talk.ref,
        "marks": 2,
        "reasons": ["privacy"],
        "sha256": digest(made),
    }
    assert told["actor"] == {"user": cora.pk}
    row = AuditEntry.objects.get(action="transcripts.redact")
    assert (row.actor_id, row.object_name) == (cora.pk, talk.ref)
    for text in (leaf.data, json.dumps(row.after)):
        assert "zebra" not in text


@pytest.mark.parametrize(
    "place",
    [
        Place(9999, "body"),
        Place(1, "nothing"),
        Place(0, person="operator-99999"),
        Place(0, person=""),
        Place(3, "body", 5, 5),
        Place(3, "body", 5, 4),
        Place(3, "body", -1, 4),
        Place(3, "body", 0, 999),
        Place(3, "", 0, 4),
    ],
)
def test_what_is_not_there_can_not_be_marked(talk: Conversation, cora: User, purpose: Purpose, place: Place) -> None:
    with pytest.raises(Refused):
        mark(cora, purpose, {talk.pk: [body(talk), place]}, why())
    assert not Redaction.objects.exists()
    assert not LogLeaf.objects.filter(kind="redaction.made").exists()


def test_no_reason_that_is_not_offered(talk: Conversation, cora: User, purpose: Purpose) -> None:
    wanted = why()
    RedactionReason.objects.update(is_offered=False)
    for given in (wanted, Why(999_999)):
        with pytest.raises(Refused):
            mark(cora, purpose, {talk.pk: [body(talk)]}, given)


def test_a_conversation_that_is_gone(cora: User, purpose: Purpose) -> None:
    with pytest.raises(Refused):
        mark(cora, purpose, {4711: [Place(1, "body")]}, why())


def test_the_same_twice_is_once(talk: Conversation, cora: User, purpose: Purpose) -> None:
    assert len(mark(cora, purpose, {talk.pk: [body(talk, 5, 10), body(talk, 5, 10)]}, why())) == 1
    assert mark(cora, purpose, {talk.pk: [body(talk, 5, 10)]}, why()) == []
    assert LogLeaf.objects.filter(kind="redaction.made").count() == 1


def test_a_mark_is_withdrawn_and_stays_in_the_log(talk: Conversation, cora: User, carl: User, purpose: Purpose) -> None:
    row = mark(cora, purpose, {talk.pk: [body(talk, 5, 10)]}, why())[0]
    assert withdraw(carl, purpose, [row.pk]) == 1
    row.refresh_from_db()
    assert row.withdrawn_by == carl
    assert row.withdrawn_at is not None
    assert LogLeaf.objects.filter(kind="redaction.withdrawn").count() == 1
    with pytest.raises(Refused):
        withdraw(carl, purpose, [row.pk])
    assert len(mark(cora, purpose, {talk.pk: [body(talk, 5, 10)]}, why())) == 1


def test_what_an_export_used_stands(talk: Conversation, cora: User, purpose: Purpose) -> None:
    used = mark(cora, purpose, {talk.pk: [body(talk, 5, 10)]}, why())[0]
    exported(formats=["jsonl"])
    later = mark(cora, purpose, {talk.pk: [body(talk)]}, why())[0]
    with pytest.raises(Refused):
        withdraw(cora, purpose, [used.pk])
    assert withdraw(cora, purpose, [used.pk, later.pk]) == 1
    used.refresh_from_db()
    assert used.withdrawn_at is None
