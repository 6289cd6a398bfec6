"""Every entry has its record, from its own transaction: chained, committed to, and without what was said."""

from __future__ import annotations

import json

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from chatdesk.actions.conversations import close_by_operator, close_by_visitor, start, transfer
from chatdesk.actions.entries import post_entry
from chatdesk.actions.ledger import Post, begin_with, commit
from chatdesk.models import Button, Conversation, Entry, FieldRule, Kind
from tests.factories import Cast, make_conversation, make_entries, make_operator, make_participant, make_present
from tests.transcripts.recording.reading import assert_whole, content, frame, frames, kinds, records
from transcripts.actions import recording
from transcripts.models import Chain, LogLeaf, Record

FORM = {"name": "Vera", "email": "vera@shop.example", "question": "Order 4711", "page": "https://shop.example/x"}


def ask(button: Button, *names: str) -> None:
    Button.objects.filter(pk=button.pk).update(**{f"{name}_field": FieldRule.OPTIONAL for name in names})
    button.refresh_from_db()


def say(conversation: Conversation, body: str, client_id: str | None = None) -> Post:
    return Post(conversation.pk, make_participant(conversation).pk, Kind.MESSAGE.value, body, client_id)


def test_a_conversation_begins_with_its_form_and_its_visitor(cast: Cast) -> None:
    ask(cast.sales_button, "name", "email", "question")
    started = start(cast.sales_button, None, "c" * 40, "Hello", fields=dict(FORM))
    opened, visitor, message = assert_whole(started.conversation)
    assert (opened.kind, visitor.kind, message.kind) == ("opened", "participant", "message")
    assert content(opened) == FORM
    facts = frame(opened)
    assert (facts["button"], facts["group"], facts["channel"]) == ("sales", "sales", "chat")
    assert facts["visitor"] == started.conversation.visitor_id
    assert content(visitor) == {"name": "Vera"}
    assert frame(message)["author"] == {"kind": "visitor", "participant": started.participant.pk}
    assert (message.seq, message.at) == (1, Entry.objects.get(conversation=started.conversation).at)


def test_frames_hold_nothing_that_anybody_said(cast: Cast) -> None:
    ask(cast.sales_button, "name", "email")
    given = {"name": "Marker-Vera", "email": "marker@shop.example"}
    started = start(cast.sales_button, None, "c" * 40, "marker text", fields=given)
    for record in records(started.conversation):
        assert "marker" not in record.frame.lower()


def test_what_an_entry_says_is_kept_in_one_place(cast: Cast) -> None:
    conversation = make_conversation(cast.sales_button)
    commit([say(conversation, "once")])
    message = records(conversation)[-1]
    assert message.content is None
    assert list(json.loads(message.salts)) == ["body"]


def test_a_batch_over_several_conversations(cast: Cast) -> None:
    one, two = make_conversation(cast.sales_button), make_conversation(cast.sales_button)
    commit([say(one, "a"), say(two, "b"), say(one, "c"), say(two, "d"), say(one, "e")])
    assert [record.seq for record in assert_whole(one) if record.seq] == [1, 2, 3]
    assert [record.seq for record in assert_whole(two) if record.seq] == [1, 2]
    commit([say(two, "f"), say(one, "g")])
    assert [content(record)["body"] for record in assert_whole(two) if record.seq] == ["b", "d", "f"]
    assert [content(record)["body"] for record in assert_whole(one) if record.seq] == ["a", "c", "e", "g"]


def test_what_is_said_again_is_recorded_once(cast: Cast) -> None:
    conversation = make_conversation(cast.sales_button)
    commit([say(conversation, "a", "x")])
    commit([say(conversation, "b", "y"), say(conversation, "a", "x"), say(conversation, "b", "y")])
    assert [record.seq for record in assert_whole(conversation) if record.seq] == [1, 2]


def test_what_is_refused_is_not_recorded(cast: Cast) -> None:
    closed = make_conversation(cast.sales_button, closed=True)
    assert commit([say(closed, "late")]) == [None]
    assert records(closed) == []


def test_a_batch_that_is_undone_leaves_no_record(cast: Cast) -> None:
    conversation = make_conversation(cast.sales_button)
    commit([say(conversation, "stays")])
    with transaction.atomic():
        commit([say(conversation, "goes")])
        transaction.set_rollback(True)
    commit([say(conversation, "follows")])
    assert [content(record)["body"] for record in assert_whole(conversation) if record.seq] == ["stays", "follows"]


def test_without_its_record_no_entry_is_kept(cast: Cast) -> None:
    conversation = make_conversation(cast.sales_button)
    commit([say(conversation, "stays")])
    in_the_way = Record(conversation=conversation, number=4, kind="x", at=timezone.now(), frame="{}", hash="0" * 64)
    in_the_way.save(force_insert=True)
    with pytest.raises(IntegrityError):
        commit([say(conversation, "can not be recorded")])
    assert Entry.objects.filter(conversation=conversation).count() == 1


@pytest.mark.parametrize(
    "body", ["\u0001\u001f\u007f\u2028", 'quote " and \\ slash', "\U0001f469\u200d\U0001f467", "مرحبا"]
)
def test_any_text_opens_its_commitment(cast: Cast, body: str) -> None:
    conversation = make_conversation(cast.sales_button)
    commit([say(conversation, body)])
    assert content(assert_whole(conversation)[-1]) == {"body": body}


def test_the_first_entry_of_a_mail(cast: Cast) -> None:
    conversation = make_conversation(cast.sales_button)
    begin_with(say(conversation, "By mail"))
    assert [record.kind for record in assert_whole(conversation)] == ["opened", "participant", "message"]


def test_the_system_has_no_author(cast: Cast) -> None:
    conversation = make_conversation(cast.sales_button)
    post_entry(conversation, None, "Ten minutes to wait.", kind=Kind.NOTICE)
    assert "author" not in frame(assert_whole(conversation)[-1])


def test_who_joins_has_a_name_and_a_role(cast: Cast) -> None:
    make_present(cast.alice)
    started = start(cast.sales_button, None, "c" * 40, "Hello")
    (join,) = (record for record in assert_whole(started.conversation) if record.kind == "join")
    assert frame(join)["role"] == "host"
    assert frame(join)["author"]["user"] == cast.alice.pk
    assert content(join)["name"] == "Alice"


def test_a_transfer_names_the_group(cast: Cast) -> None:
    make_present(cast.alice)
    make_present(make_operator("dora", cast.support))
    started = start(cast.sales_button, None, "c" * 40, "Hello")
    transfer(cast.alice, started.conversation.ref, group="support")
    assert_whole(started.conversation)
    assert [facts["group"] for facts in frames(started.conversation, "transfer")] == ["support"]


def test_closing_seals_and_tells_the_log(cast: Cast) -> None:
    make_present(cast.alice)
    started = start(cast.sales_button, None, "c" * 40, "Hello")
    close_by_operator(cast.alice, started.conversation.ref)
    *_others, close, seal = assert_whole(started.conversation)
    assert (close.kind, seal.kind) == ("close", "seal")
    chain = Chain.objects.get(conversation=started.conversation)
    assert chain.sealed_at is not None
    assert chain.sealed_count == seal.number == chain.count
    leaf = json.loads(LogLeaf.objects.get(kind="conversation.closed").data)
    assert leaf["body"] == {"conversation": started.conversation.ref, "count": chain.count, "head": chain.head}


def test_the_visitor_ends_it(cast: Cast) -> None:
    started = start(cast.sales_button, None, "c" * 40, "Hello")
    close_by_visitor(started.conversation.pk)
    assert kinds(started.conversation)[-2:] == ["close", "seal"]


def test_a_conversation_from_before_is_begun_late(cast: Cast) -> None:
    conversation = make_conversation(cast.sales_button)
    make_entries(conversation, 3)
    commit([say(conversation, "after")])
    found = assert_whole(conversation)
    assert [record.kind for record in found] == ["opened", "participant", "begun_late", *["message"] * 4]
    assert frame(found[2])["until"] == 6
    assert [content(record)["body"] for record in found[3:]] == ["Message 1", "Message 2", "Message 3", "after"]


def test_beginning_late_twice_is_once(cast: Cast) -> None:
    conversation = make_conversation(cast.sales_button)
    make_entries(conversation, 2)
    recording.begin(conversation.pk)
    recording.begin(conversation.pk)
    assert len(assert_whole(conversation)) == 5


def test_nothing_is_written_of_a_conversation_that_is_not_there(db: None) -> None:
    with pytest.raises(Conversation.DoesNotExist):
        recording.write(10**9, "pickup")
