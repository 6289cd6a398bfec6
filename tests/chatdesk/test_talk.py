"""Two people talk: what is said is stored, acknowledged, numbered, and shown once and in order to everybody."""

from __future__ import annotations

from chatdesk.models import Conversation, Entry
from tests.factories import Cast
from tests.sockets import Frame, SocketClient, Sockets


async def begun(vera: SocketClient, words: str = "Hello there") -> Frame:
    answer = await vera.command("conversation.start", client_id="first", body=words)
    assert answer["type"] == "ok", answer
    return answer


async def test_a_message_each_way(cast: Cast, sockets: Sockets) -> None:
    alice, vera = await sockets.operator(cast.alice), await sockets.visitor()
    ref = (await begun(vera))["conversation"]
    await alice.event("conversation.assigned", conversation=ref)
    answer = await alice.command("entry.post", conversation=ref, client_id="a1", body="Good morning")
    assert answer == {"type": "ok", "id": answer["id"], "seq": 3}
    shown = await vera.event("entry.posted", body="Good morning")
    assert shown["author"] == {"kind": "operator", "name": "Alice", "id": cast.alice.pk}
    assert "client_id" not in shown
    await vera.command("entry.post", client_id="v2", body="A question")
    assert (await alice.event("entry.posted", body="A question"))["author"] == {"kind": "visitor"}


async def test_both_see_the_same_numbers_in_the_same_order(cast: Cast, sockets: Sockets) -> None:
    alice, vera = await sockets.operator(cast.alice), await sockets.visitor()
    ref = (await begun(vera))["conversation"]
    await alice.event("conversation.assigned")
    await alice.command("conversation.resume", conversation=ref, after=0)
    said = [alice.say("entry.post", conversation=ref, client_id=f"a{n}", body=f"a{n}") for n in range(15)]
    heard = [vera.say("entry.post", client_id=f"v{n}", body=f"v{n}") for n in range(15)]
    for client, ids in ((alice, said), (vera, heard)):
        assert all([(await client.answer_to(i))["type"] == "ok" for i in ids])
    await alice.until(lambda: len(alice.entries) == 32)
    await vera.until(lambda: len(vera.entries) == 32)
    assert alice.entries == vera.entries
    assert [seq for seq, _ in vera.entries] == list(range(1, 33))
    assert [body for _, body in vera.entries if body[:1] == "v"] == [f"v{n}" for n in range(15)]


async def test_the_same_client_id_is_the_same_entry(cast: Cast, sockets: Sockets) -> None:
    vera = await sockets.visitor()
    await begun(vera)
    answers = [await vera.command("entry.post", client_id="once", body="Only once") for _ in range(3)]
    assert len({answer["seq"] for answer in answers}) == 1
    assert len(vera.heard("entry.posted", body="Only once")) == 1
    assert await Entry.objects.filter(body="Only once").acount() == 1


async def test_start_again_with_the_same_client_id_is_the_same_conversation(cast: Cast, sockets: Sockets) -> None:
    vera = await sockets.visitor()
    first, second = await begun(vera), await begun(vera)
    assert (second["conversation"], second["seq"]) == (first["conversation"], 1)
    assert await Conversation.objects.acount() == 1


async def test_a_lost_first_answer_is_asked_again_on_a_new_line(cast: Cast, sockets: Sockets) -> None:
    client_id = "3f1c9a52-6c3e-4a59-8b57-1d2f7f3f2a10"
    line, again, stranger = [await sockets.visitor() for _ in range(3)]
    first = await line.command("conversation.start", client_id=client_id, body="Hello")
    await line.vanish()
    second = await again.command("conversation.start", client_id=client_id, body="Hello")
    assert second["conversation"] == first["conversation"]
    assert second["token"] != first["token"]
    back = await sockets.visitor(token=second["token"])  # from now on nobody else can ask again
    assert back.frames[-1]["conversation"] == first["conversation"]
    third = await stranger.command("conversation.start", client_id=client_id, body="Hello")
    assert third["conversation"] != first["conversation"]


async def test_short_client_ids_of_two_visitors_never_meet(cast: Cast, sockets: Sockets) -> None:
    vera, walt = await sockets.visitor(), await sockets.visitor()
    assert (await begun(vera))["conversation"] != (await begun(walt))["conversation"]


async def test_closed_means_closed_for_both(cast: Cast, sockets: Sockets) -> None:
    alice, vera = await sockets.operator(cast.alice), await sockets.visitor()
    ref = (await begun(vera))["conversation"]
    await alice.event("conversation.assigned")
    assert (await alice.command("conversation.close", conversation=ref))["type"] == "ok"
    assert (await vera.event("conversation.state", state="closed"))["conversation"] == ref
    for answer in (
        await vera.command("entry.post", client_id="late", body="Are you there?"),
        await alice.command("entry.post", conversation=ref, client_id="late", body="One more thing"),
        await alice.command("conversation.close", conversation=ref),
        await vera.command("conversation.close"),
    ):
        assert (answer["type"], answer["code"], answer["retry"]) == ("error", "conversation.closed", False)
    assert (await Conversation.objects.aget()).last_seq == 3


async def test_after_closing_a_new_conversation_can_begin(cast: Cast, sockets: Sockets) -> None:
    vera = await sockets.visitor()
    first = await begun(vera)
    await vera.command("conversation.close")
    second = await vera.command("conversation.start", client_id="second", body="One more thing")
    assert second["conversation"] != first["conversation"]
    assert second["token"] == first["token"]
    assert [f["seq"] for f in vera.heard("entry.posted", conversation=second["conversation"])][:1] == [1]


async def test_a_second_open_conversation_is_refused(cast: Cast, sockets: Sockets) -> None:
    vera = await sockets.visitor()
    await begun(vera)
    answer = await vera.command("conversation.start", client_id="another", body="Hello?")
    assert answer["code"] == "state.conflict"
    assert await Conversation.objects.acount() == 1
