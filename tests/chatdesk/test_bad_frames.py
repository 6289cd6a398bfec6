"""Frames that are no commands, or commands out of turn: a clear code, nothing changed, nothing lost, the line lives."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chatdesk.consumers.socket import BAD_FRAMES
from chatdesk.models import Conversation, Entry, Participant
from chatdesk.protocol import MAX_FRAME_BYTES
from routing.models import Presence, Request
from tests.chatdesk.test_talk import begun
from tests.factories import Cast
from tests.sockets import Frame, SocketClient, Sockets

POST = {"type": "entry.post", "id": "x", "client_id": "c", "body": "hi"}
NOT_JSON = [
    "",
    " ",
    "hello",
    "{",
    "{}}",
    '{"type":',
    "\x00",
    "\ufeff{}",
    "{'type':'hello'}",
    '{"type":"entry.post",}',
    "NaN",
]
NOT_AN_OBJECT = ["null", "true", "1", '"hello"', "[]", '[{"type":"hello"}]', "1e400", "-0", "9" * 5000]
DEEP = ["[" * 10_000, "[" * 10_000 + "]" * 10_000, '{"a":' * 10_000, json.dumps(POST)[:-1] + ',"a":' + "[" * 10_000]


def changed(**fields: Any) -> str:
    """A good post with other fields; None takes a field out."""
    return json.dumps({key: value for key, value in {**POST, **fields}.items() if value is not None})


WRONG = {
    "unknown type": changed(type="entry.edit"),
    "no type": changed(type=None),
    "type of a number": changed(type=1),
    "type of another socket": changed(type="conversation.take", conversation="x", client_id=None, body=None),
    "unknown field": changed(seq=1),
    "field of the machine": changed(__proto__={"is_staff": True}),
    "author": changed(author={"kind": "operator"}),
    "no id": changed(id=None),
    "empty id": changed(id=""),
    "long id": changed(id="x" * 65),
    "id of a number": changed(id=7),
    "id of a list": changed(id=["x"]),
    "no body": changed(body=None),
    "body of an object": changed(body={"a": 1}),
    "no client id": changed(client_id=None),
    "empty client id": changed(client_id=""),
    "long client id": changed(client_id="x" * 65),
}
SURROGATES = [r"\ud800", r"\udc00", r"\ud800\ud800", r"a\udfffb"]


async def kept() -> tuple[int, ...]:
    """How much there is of everything that a command could make or change."""
    seqs = sum([seq async for seq in Conversation.objects.values_list("last_seq", flat=True)])
    tables = (Conversation, Entry, Participant, Request, Presence)
    return seqs, *[await table._default_manager.acount() for table in tables]


async def refused(client: SocketClient, text: str | None = None, data: bytes | None = None) -> Frame:
    """The answer to a raw frame, which must be an error."""
    answers = [f for f in client.frames if f["type"] in ("ok", "error")]
    client.say_raw(text, data)
    await client.until(lambda: len([f for f in client.frames if f["type"] in ("ok", "error")]) > len(answers))
    answer = [f for f in client.frames if f["type"] in ("ok", "error")][-1]
    assert answer["type"] == "error", answer
    assert answer["detail"]
    assert answer["retry"] is False
    return answer


async def lives(client: SocketClient, **fields: Any) -> bool:
    answer = await client.command("entry.post", client_id="after", body="Still here", **fields)
    return bool(answer["type"] == "ok")


@pytest.mark.parametrize("frames", [NOT_JSON, NOT_AN_OBJECT, DEEP], ids=["not json", "not an object", "deep"])
async def test_what_is_no_command_is_refused(cast: Cast, sockets: Sockets, frames: list[str]) -> None:
    vera = await sockets.visitor()
    await begun(vera)
    before = await kept()
    for text in frames:
        answer = await refused(vera, text)
        assert answer["code"] == "frame.invalid", text[:40]
    assert (await refused(vera, data=b'{"type":"hello"}'))["id"] is None
    assert await kept() == before
    assert await lives(vera)


async def test_operators_frames_are_read_as_strictly(cast: Cast, sockets: Sockets) -> None:
    alice, vera = await sockets.operator(cast.alice), await sockets.visitor()
    ref = (await begun(vera))["conversation"]
    before = await kept()
    for text in [*NOT_JSON[:5], *NOT_AN_OBJECT[:5], *DEEP, changed(conversation=None), changed(conversation=1)]:
        assert (await refused(alice, text))["code"] == "frame.invalid", text[:40]
    assert (await refused(alice, changed(type="conversation.start", conversation=ref)))["code"] == "frame.invalid"
    assert await kept() == before
    assert await lives(alice, conversation=ref)


async def test_commands_with_wrong_fields_are_refused_by_their_id(cast: Cast, sockets: Sockets) -> None:
    vera = await sockets.visitor()
    await begun(vera)
    before = await kept()
    for name, text in WRONG.items():
        answer = await refused(vera, text)
        readable = json.loads(text).get("id")
        named = readable if isinstance(readable, str) and len(readable) <= 64 else None
        assert (answer["code"], answer["id"] or None) == ("frame.invalid", named or None), name
    assert await kept() == before
    assert await lives(vera)


async def test_text_that_can_not_be_stored_is_refused(cast: Cast, sockets: Sockets) -> None:
    vera = await sockets.visitor()
    await begun(vera)
    before = await kept()
    for escaped in SURROGATES:
        for field in ("body", "client_id"):
            text = changed(**{field: "@"}).replace("@", escaped)
            assert (await refused(vera, text))["code"] == "frame.invalid", (field, escaped)
    assert (await vera.command("entry.post", client_id="n", body="a\x00b"))["code"] == "frame.invalid"
    assert (await vera.command("entry.post", client_id="n\x00", body="hello"))["code"] == "frame.invalid"
    assert await kept() == before
    assert await lives(vera)


async def test_a_first_message_is_as_strict(cast: Cast, sockets: Sockets) -> None:
    vera = await sockets.visitor()
    before = await kept()
    starts: list[dict[str, Any]] = [
        {"body": "a\x00b", "client_id": "c"},
        {"body": "hi", "client_id": "c\x00"},
        {"body": "hi", "client_id": "c", "fields": {"is_staff": "1"}},
        {"body": "hi", "client_id": "c", "fields": {"name": 1}},
        {"body": "hi", "client_id": "c", "fields": {"name": "x" * 501}},
        {"body": "hi", "client_id": "c", "fields": []},
        {"body": "hi", "client_id": "c", "group": "support"},
        {"body": "hi", "client_id": "c", "group": "nowhere"},
        {"body": "hi", "client_id": "c", "group": "x" * 41},
    ]
    for fields in starts:
        answer = await vera.command("conversation.start", **fields)
        assert (answer["type"], answer.get("code")) == ("error", "frame.invalid"), fields
    assert (await vera.command("conversation.start", client_id="c", body=" "))["code"] == "entry.empty"
    assert await kept() == before
    assert (await begun(vera))["seq"] == 1


SEQS = [-1, 2**31, 2**63, 10**30, 1.5, "1", None, True]


async def test_numbers_out_of_range_are_refused(cast: Cast, sockets: Sockets) -> None:
    vera = await sockets.visitor()
    await begun(vera)
    for kind, field in (("conversation.resume", "after"), ("entry.read", "seq")):
        for number in SEQS:
            answer = await vera.command(kind, **{field: number})
            assert (answer["type"], answer.get("code")) == ("error", "frame.invalid"), (kind, number)
    assert await lives(vera)


async def test_who_says_to_have_seen_what_never_was_stalls_nobody(cast: Cast, sockets: Sockets) -> None:
    alice, vera = await sockets.operator(cast.alice), await sockets.visitor()
    ref = (await begun(vera))["conversation"]
    await alice.event("conversation.assigned")
    ahead = await vera.command("conversation.resume", after=2**31 - 1)
    assert (ahead["type"], ahead["last_seq"]) == ("ok", 2)
    assert (await vera.command("entry.read", seq=2**31 - 1))["type"] == "ok"
    resumed = await alice.command("conversation.resume", conversation=ref, after=0)
    assert (resumed["type"], resumed["last_seq"]) == ("ok", 2)
    assert await lives(vera)
    await alice.event("entry.posted", body="Still here")
    await vera.event("entry.posted", body="Still here")
    marks = [mark async for mark in Participant.objects.values_list("read_seq", "delivered_seq")]
    assert all(number <= 3 for mark in marks for number in mark)


async def test_a_frame_too_large_is_told_and_the_line_closed(cast: Cast, sockets: Sockets) -> None:
    for size in (MAX_FRAME_BYTES + 1, 1_000_000):
        vera = await sockets.visitor()
        text = changed(body="")
        assert (await refused(vera, text.replace('""', '"' + "x" * (size - len(text)) + '"')))[
            "code"
        ] == "frame.too_large"
        assert await vera.closed() == 4413
        assert vera.heard("bye", code=4413)
    assert await Entry.objects.acount() == 0


async def test_too_many_bad_frames_close_the_line(cast: Cast, sockets: Sockets) -> None:
    vera = await sockets.visitor()
    for _ in range(BAD_FRAMES + 1):
        vera.say_raw("no")
    assert await vera.closed() == 4400
    assert vera.heard("bye", code=4400)
    assert len([f for f in vera.frames if f.get("code") == "frame.invalid"]) == BAD_FRAMES + 1


@pytest.mark.parametrize("role", ["visitor", "operator"])
async def test_a_flood_is_limited_told_and_cut(cast: Cast, sockets: Sockets, role: str) -> None:
    alice, vera = await sockets.operator(cast.alice), await sockets.visitor()
    ref = (await begun(vera))["conversation"]
    client, fields = (vera, {}) if role == "visitor" else (alice, {"conversation": ref})
    for n in range(1000):
        client.say("entry.post", client_id=f"flood{n}", body=f"{n}", **fields)
    assert await client.closed(20) == 4429
    assert client.heard("error", code="rate.limited")
    assert client.heard("bye", code=4429)
    acknowledged = {f["seq"] for f in client.frames if f["type"] == "ok" and "seq" in f}
    stored = [e.body async for e in Entry.objects.filter(body__regex=r"^\d+$").order_by("seq")]
    assert 0 < len(stored) < 200
    assert stored == [f"{n}" for n in range(len(stored))]
    assert len(acknowledged) >= len(stored)
    other, more = (alice, {"conversation": ref}) if role == "visitor" else (vera, {})
    assert await lives(other, **more)


async def test_a_typing_flood_is_limited_too(cast: Cast, sockets: Sockets) -> None:
    vera = await sockets.visitor()
    await begun(vera)
    for n in range(1000):
        vera.say("typing", text=f"{n}")
    assert await vera.closed(20) == 4429


LIMIT = 10_000


@pytest.mark.parametrize("role", ["visitor", "operator"])
async def test_bodies_of_none_one_the_limit_and_one_more(cast: Cast, sockets: Sockets, role: str) -> None:
    alice, vera = await sockets.operator(cast.alice), await sockets.visitor()
    ref = (await begun(vera))["conversation"]
    await alice.event("conversation.assigned")
    client, fields = (vera, {}) if role == "visitor" else (alice, {"conversation": ref})
    for n, (body, code) in enumerate(
        [
            ("", "entry.empty"),
            (" \n\t\u00a0\u2003", "entry.empty"),
            ("x", None),
            ("x" * LIMIT, None),
            ("x" * (LIMIT + 1), "entry.too_long"),
            ("é" * LIMIT, None),
            ("é" * (LIMIT + 1), "entry.too_long"),
        ]
    ):
        before = await Entry.objects.acount()
        answer = await client.command("entry.post", client_id=f"l{n}", body=body, **fields)
        assert (answer["type"], answer.get("code")) == (("error", code) if code else ("ok", None)), len(body)
        assert await Entry.objects.acount() == before + (code is None)


HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "\u202etxt.exe\u202c \u2066x\u2069",
    "{{ 7*7 }} {% debug %} %(x)s ${x}",
    "=cmd|'/c calc'!A0",
    "a\u0301" * 500,
    "\u200b\ufeff\ufffe",
    "\x01\x1b[2J\x7f",
    "'; DROP TABLE chatdesk_entry; --",
    "🙂" * 2000,
]


async def test_hostile_text_arrives_as_it_was_written(cast: Cast, sockets: Sockets) -> None:
    alice, vera = await sockets.operator(cast.alice), await sockets.visitor()
    await begun(vera)
    await alice.event("conversation.assigned")
    for n, body in enumerate(HOSTILE):
        answer = await vera.command("entry.post", client_id=f"h{n}", body=body)
        assert answer["type"] == "ok", body[:20]
        assert (await alice.event("entry.posted", seq=answer["seq"]))["body"] == body
        assert (await Entry.objects.aget(seq=answer["seq"])).body == body


# --- out of turn ---


async def test_nothing_goes_before_hello_and_hello_goes_once(cast: Cast, sockets: Sockets) -> None:
    vera = await sockets.open("/ws/visitor/")
    for kind, fields in (
        ("entry.post", {"client_id": "c", "body": "hi"}),
        ("conversation.start", {"client_id": "c", "body": "hi"}),
        ("conversation.resume", {"after": 0}),
        ("conversation.close", {}),
        ("typing", {"text": "hi"}),
        ("entry.read", {"seq": 1}),
    ):
        assert (await vera.command(kind, **fields))["code"] == "state.conflict", kind
    for hello in ({"v": 2, "button": "sales"}, {"v": 1, "button": "nowhere"}, {"v": 1, "button": "x" * 41}):
        assert (await vera.command("hello", **hello))["code"] == "frame.invalid", hello
    assert (await vera.command("hello", v=1, button="sales"))["type"] == "ok"
    assert (await vera.command("hello", v=1, button="sales"))["code"] == "state.conflict"
    for kind, fields in (("entry.post", {"client_id": "c", "body": "hi"}), ("conversation.resume", {"after": 0})):
        assert (await vera.command(kind, **fields))["code"] == "conversation.unknown", kind
    assert await Conversation.objects.acount() == 0


async def test_reserved_commands_say_so(cast: Cast, sockets: Sockets) -> None:
    vera = await sockets.visitor()
    await begun(vera)
    before = await kept()
    assert (await vera.command("rating.post", score=5))["code"] == "command.reserved"
    assert await kept() == before
