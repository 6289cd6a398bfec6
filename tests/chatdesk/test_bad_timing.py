"""What two people do at the same moment, and what is done to nobody: one outcome, told to both."""

from __future__ import annotations

import asyncio
from typing import Any

from chatdesk.models import Entry
from routing.models import Request
from tests.chatdesk.test_bad_frames import kept, lives
from tests.chatdesk.test_talk import begun
from tests.factories import Cast
from tests.sockets import Sockets


async def test_a_close_while_messages_are_on_their_way(cast: Cast, sockets: Sockets) -> None:
    alice, vera = await sockets.operator(cast.alice), await sockets.visitor()
    ref = (await begun(vera))["conversation"]
    await alice.event("conversation.assigned")
    said = [vera.say("entry.post", client_id=f"m{n}", body=f"m{n}") for n in range(10)]
    closing = alice.say("conversation.close", conversation=ref)
    answers = [await vera.answer_to(i) for i in said]
    assert (await alice.answer_to(closing))["type"] == "ok"
    stored = {e.seq: e async for e in Entry.objects.filter(conversation__ref=ref)}
    assert sorted(stored) == list(range(1, len(stored) + 1))
    assert stored[len(stored)].kind == "close"
    for n, answer in enumerate(answers):
        if answer["type"] == "ok":
            assert stored[answer["seq"]].body == f"m{n}"
        else:
            assert answer["code"] == "conversation.closed"
            assert f"m{n}" not in {e.body for e in stored.values()}
    assert (await vera.command("entry.post", client_id="late", body="late"))["code"] == "conversation.closed"


async def test_two_closes_at_once_end_it_once(cast: Cast, sockets: Sockets) -> None:
    alice, vera = await sockets.operator(cast.alice), await sockets.visitor()
    ref = (await begun(vera))["conversation"]
    await alice.event("conversation.assigned")
    answers = await asyncio.gather(
        alice.command("conversation.close", conversation=ref), vera.command("conversation.close")
    )
    assert sorted(a.get("code", "ok") for a in answers) == ["conversation.closed", "ok"]
    assert await Entry.objects.filter(conversation__ref=ref, kind="close").acount() == 1


async def test_a_transfer_to_nobody_changes_nothing(cast: Cast, sockets: Sockets) -> None:
    alice, vera = await sockets.operator(cast.alice), await sockets.visitor()
    ref = (await begun(vera))["conversation"]
    await alice.event("conversation.assigned")
    before = await kept()
    nobody: list[tuple[dict[str, Any], str]] = [
        ({}, "frame.invalid"),
        ({"group": "support", "operator": cast.bob.pk}, "frame.invalid"),
        ({"group": "nowhere"}, "state.conflict"),
        ({"operator": 10**9}, "state.conflict"),
        ({"operator": -1}, "state.conflict"),
        ({"operator": cast.bob.pk}, "state.conflict"),
        ({"operator": cast.charlie.pk}, "state.conflict"),
    ]
    for fields, code in nobody:
        answer = await alice.command("conversation.transfer", conversation=ref, **fields)
        assert (answer["type"], answer.get("code")) == ("error", code), fields
    assert (await alice.command("conversation.transfer", conversation=ref, operator=10**30))["type"] == "error"
    assert await kept() == before
    held = await Request.objects.aget(conversation__ref=ref)
    assert (held.state, held.operator_id) == ("active", cast.alice.pk)
    assert await lives(alice, conversation=ref)
