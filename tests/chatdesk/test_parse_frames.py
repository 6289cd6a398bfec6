"""Frames as text: every command survives the way there, and whatever else comes is refused by a plain code."""

from __future__ import annotations

import json
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatdesk import protocol
from chatdesk.consumers.parsing import BadFrame, id_of, parse
from chatdesk.protocol import Code, Command, DeskCommand, Refused, VisitorCommand, error_frame, ok_frame

pytestmark = pytest.mark.once

DECODERS = {
    "desk": msgspec.json.Decoder(DeskCommand),
    "visitor": msgspec.json.Decoder(VisitorCommand),
}
COMMANDS: dict[str, tuple[type[Command], ...]] = {
    "desk": get_args(DeskCommand),
    "visitor": get_args(VisitorCommand),
}
EVERY = [(side, command) for side, commands in COMMANDS.items() for command in commands]
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
PRINTABLE = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=40)
# What a field of this name may hold; strategies can't be had from patterns on types without trying for long.
FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "id": st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=64),
    "client_id": PRINTABLE,
    "conversation": PRINTABLE,
    "group": PRINTABLE,
    "button": PRINTABLE,
    "body": TEXT,
    "note": TEXT,
    "text": TEXT,
    "words": TEXT,
    "token": TEXT,
    "email": TEXT,
    "status": st.sampled_from(["available", "away", "unavailable"]),
    "choice": st.sampled_from(["wait", "message", "mail"]),
    "fields": st.dictionaries(TEXT, TEXT, max_size=3),
    "v": st.integers(-(2**63), 2**63 - 1),
    "operator": st.integers(-(2**63), 2**63 - 1),
    "score": st.integers(-(2**63), 2**63 - 1),
    "offer": st.integers(1, 2**63 - 1),
    "after": st.integers(0, 2**31 - 1),
    "notes": st.integers(0, 2**31 - 1),
    "seq": st.integers(0, 2**31 - 1),
    "within": st.integers(5, 600),
    "accept": st.booleans(),
    "warm": st.booleans(),
    "on": st.booleans(),
}
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)


def command_of(kind: type[Command]) -> st.SearchStrategy[Command]:
    return st.builds(kind, **{name: FIELDS[name] for name in kind.__struct_fields__})


def refused(side: str, text: str | None) -> BadFrame:
    with pytest.raises(BadFrame) as bad:
        parse(DECODERS[side], text)
    assert bad.value.code is Code.INVALID
    assert bad.value.detail
    return bad.value


@pytest.mark.parametrize(("side", "kind"), EVERY, ids=lambda each: each if isinstance(each, str) else each.__name__)
@settings(max_examples=12)
@given(data=st.data())
def test_every_command_arrives_as_it_was_said(side: str, kind: type[Command], data: st.DataObject) -> None:
    said = data.draw(command_of(kind))
    assert parse(DECODERS[side], msgspec.json.encode(said).decode()) == said


@pytest.mark.parametrize(("side", "kind"), EVERY, ids=lambda each: each if isinstance(each, str) else each.__name__)
@settings(max_examples=6)
@given(data=st.data(), name=st.sampled_from(["is_staff", "author", "at", "by", "__proto__", "constructor", "user"]))
def test_a11_no_command_takes_a_field_more(side: str, kind: type[Command], data: st.DataObject, name: str) -> None:
    said = msgspec.to_builtins(data.draw(command_of(kind)))
    assert refused(side, json.dumps({**said, name: 1})).command_id == said["id"]


@pytest.mark.parametrize(("side", "kind"), EVERY, ids=lambda each: each if isinstance(each, str) else each.__name__)
@settings(max_examples=3)
@given(data=st.data())
def test_every_field_without_a_usual_value_must_be_there(side: str, kind: type[Command], data: st.DataObject) -> None:
    said = msgspec.to_builtins(data.draw(command_of(kind)))
    needed = [field.encode_name for field in msgspec.structs.fields(kind) if field.required]
    assert "id" in needed
    for name in needed:
        refused(side, json.dumps({key: value for key, value in said.items() if key != name}))


@pytest.mark.parametrize(("side", "kind"), EVERY, ids=lambda each: each if isinstance(each, str) else each.__name__)
@settings(max_examples=6)
@given(data=st.data(), wrong=st.sampled_from([[], {}, [1], {"a": 1}]))
def test_w07_lists_and_objects_fit_no_plain_field(
    side: str, kind: type[Command], data: st.DataObject, wrong: Any
) -> None:
    said = msgspec.to_builtins(data.draw(command_of(kind)))
    for name in set(said) - {"fields"}:
        refused(side, json.dumps({**said, name: wrong}))


@pytest.mark.parametrize("side", sorted(DECODERS))
@settings(max_examples=50)
@given(value=ANYTHING)
def test_any_json_is_refused_and_never_raises(side: str, value: Any) -> None:
    refused(side, json.dumps(value))


@pytest.mark.parametrize("side", sorted(DECODERS))
@settings(max_examples=50)
@given(text=st.text(max_size=60))
def test_any_text_is_refused_and_never_raises(side: str, text: str) -> None:
    refused(side, text)


@pytest.mark.parametrize("side", sorted(DECODERS))
def test_a_binary_frame_says_that_text_is_understood(side: str) -> None:
    bad = refused(side, None)
    assert bad.command_id is None
    assert "text" in bad.detail


BORDERS = [
    ("visitor", {"type": "entry.read", "seq": 0}, True),
    ("visitor", {"type": "entry.read", "seq": 2**31 - 1}, True),
    ("visitor", {"type": "entry.read", "seq": 2**31}, False),
    ("visitor", {"type": "entry.read", "seq": -1}, False),
    ("visitor", {"type": "entry.read", "seq": 1.5}, False),
    ("visitor", {"type": "entry.read", "seq": "1"}, False),
    ("visitor", {"type": "entry.read", "seq": True}, False),
    ("visitor", {"type": "entry.read", "seq": 2**64}, False),
    ("visitor", {"type": "hello", "v": 1, "button": "b" * 40}, True),
    ("visitor", {"type": "hello", "v": 1, "button": "b" * 41}, False),
    ("visitor", {"type": "hello", "v": 1, "button": "a\0b"}, False),
    ("visitor", {"type": "hello", "v": 1, "button": "a\x7fb"}, False),
    ("visitor", {"type": "hello", "v": 1, "button": "a\nb"}, False),
    ("visitor", {"type": "hello", "v": 1, "button": "b\n"}, False),
    ("visitor", {"type": "hello", "v": 1, "button": "مبيعات"}, True),
    ("visitor", {"type": "hello", "v": 1, "button": "b", "token": "t" * 128}, True),
    ("visitor", {"type": "hello", "v": 1, "button": "b", "token": "t" * 129}, False),
    ("visitor", {"type": "conversation.choose", "choice": "wait"}, True),
    ("visitor", {"type": "conversation.choose", "choice": "waits"}, False),
    ("visitor", {"type": "conversation.choose", "choice": "wait\n"}, False),
    ("visitor", {"type": "conversation.choose", "choice": "mail", "email": "e" * 255}, False),
    ("visitor", {"type": "conversation.start", "client_id": "c", "body": "", "fields": {"a": "w" * 500}}, True),
    ("visitor", {"type": "conversation.start", "client_id": "c", "body": "", "fields": {"a": "w" * 501}}, False),
    ("visitor", {"type": "conversation.start", "client_id": "c", "body": "", "fields": {"a": 1}}, False),
    ("visitor", {"type": "conversation.start", "client_id": "c", "body": "", "fields": ["a"]}, False),
    ("desk", {"type": "presence.set", "status": "available"}, True),
    ("desk", {"type": "presence.set", "status": "Available"}, False),
    ("desk", {"type": "presence.set", "status": "away\n"}, False),
    ("desk", {"type": "presence.set", "status": "offline"}, False),
    ("desk", {"type": "conversation.invite", "conversation": "r", "within": 5}, True),
    ("desk", {"type": "conversation.invite", "conversation": "r", "within": 4}, False),
    ("desk", {"type": "conversation.invite", "conversation": "r", "within": 600}, True),
    ("desk", {"type": "conversation.invite", "conversation": "r", "within": 601}, False),
    ("desk", {"type": "conversation.invite", "conversation": "r", "note": "n" * 2000}, True),
    ("desk", {"type": "conversation.invite", "conversation": "r", "note": "n" * 2001}, False),
    ("desk", {"type": "invitation.answer", "conversation": "r", "accept": "yes"}, False),
    ("desk", {"type": "invitation.answer", "conversation": "r", "accept": 1}, False),
    ("desk", {"type": "invitation.answer", "conversation": "r", "accept": True, "offer": 0}, False),
    ("desk", {"type": "invitation.answer", "conversation": "r", "accept": True, "offer": 2**63}, False),
    ("desk", {"type": "conversation.take", "conversation": "r" * 65}, False),
    ("desk", {"type": "conversation.take", "conversation": None}, False),
    ("desk", {"type": "conversation.hold", "conversation": "r", "on": None}, False),
]


@pytest.mark.parametrize(("side", "said", "fits"), BORDERS)
def test_w07_each_limit_holds_on_both_sides_of_it(side: str, said: dict[str, Any], fits: bool) -> None:
    text = json.dumps({"id": "1", **said})
    if fits:
        assert parse(DECODERS[side], text).id == "1"
    else:
        assert refused(side, text).command_id == "1"


def test_w05_of_two_keys_the_last_counts_for_everybody_who_reads() -> None:
    """The command and its id are read by one reader: nobody can make the answer go to another command."""
    text = '{"type":"typing","id":"1","id":"2"}'
    assert parse(DECODERS["visitor"], text).id == "2" == id_of(text)


def test_w05_the_type_may_stand_last_and_not_twice_with_another_meaning() -> None:
    assert isinstance(parse(DECODERS["visitor"], '{"id":"1","type":"typing"}'), protocol.VisitorTyping)
    refused("visitor", '{"type":"typing","id":"1","seq":1,"type":"entry.read"}')


def test_a_side_knows_nothing_of_what_only_the_other_says() -> None:
    tags = {
        side: {kind.__struct_config__.tag: kind for kind in commands if kind.__struct_config__.tag}
        for side, commands in COMMANDS.items()
    }
    assert all(len(tags[side]) == len(COMMANDS[side]) for side in tags)
    for side, other in (("desk", "visitor"), ("visitor", "desk")):
        for tag in set(tags[other]) - set(tags[side]):
            refused(side, json.dumps({"type": tag, "id": "1", "conversation": "r"}))


IDS = [
    ('{"id":"7"}', "7"),
    ('{"id":"7","id":"8"}', "8"),
    ('{"id":"' + "x" * 64 + '"}', "x" * 64),
    ('{"id":"' + "x" * 65 + '"}', None),
    ('{"id":""}', ""),
    ('{"id":7}', None),
    ('{"id":null}', None),
    ('{"id":["7"]}', None),
    ('{"ID":"7"}', None),
    ("[]", None),
    ("", None),
    ("{", None),
    (r'{"id":"\ud800"}', None),
    (None, None),
    ('{"id":"7","pad":"' + "x" * protocol.MAX_FRAME_BYTES + '"}', None),
    ('{"a":' * 20_000, None),
]


@pytest.mark.parametrize(("text", "found"), IDS, ids=range(len(IDS)))
def test_the_id_of_whatever_came(text: str | None, found: str | None) -> None:
    assert id_of(text) == found


@settings(max_examples=80)
@given(detail=st.text(st.characters(exclude_categories=["Cs"])), code=st.sampled_from(Code), retry=st.booleans())
def test_a_refusal_is_read_as_it_was_meant(detail: str, code: Code, retry: bool) -> None:
    answer = json.loads(error_frame("9", Refused(code, detail, retry=retry)))
    assert answer == {"type": "error", "id": "9", "code": code.value, "detail": detail, "retry": retry}


@settings(max_examples=80)
@given(body=TEXT, seq=st.integers(0, 2**31))
def test_an_answer_is_one_line_of_json_whatever_it_carries(body: str, seq: int) -> None:
    text = ok_frame("9", {"seq": seq, "body": body})
    assert "\n" not in text
    assert json.loads(text) == {"type": "ok", "id": "9", "seq": seq, "body": body}
