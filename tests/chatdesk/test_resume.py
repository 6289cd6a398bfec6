"""Coming back: n+1 to the last, then live, with nothing missing between and nothing twice."""

from __future__ import annotations

import asyncio

from chatdesk.actions.ledger import Post, commit
from chatdesk.models import Conversation, Participant
from tests.chatdesk.test_talk import begun
from tests.factories import Cast
from tests.sockets import Sockets
from tests.threads import elsewhere


async def test_a_visitor_comes_back_with_the_token(cast: Cast, sockets: Sockets) -> None:
    alice, vera = await sockets.operator(cast.alice), await sockets.visitor()
    started = await begun(vera)
    await alice.event("conversation.assigned")
    await vera.vanish()
    for n in range(5):
        await alice.command("entry.post", conversation=started["conversation"], client_id=f"a{n}", body=f"answer {n}")
    back = await sockets.visitor(token=started["token"], after=2)
    assert [seq for seq, _ in back.entries] == [3, 4, 5, 6, 7]
    assert back.heard("ok")[0]["last_seq"] == 7
    await alice.command("entry.post", conversation=started["conversation"], client_id="live", body="still here")
    await back.event("entry.posted", seq=8, body="still here")


async def test_resume_answers_after_the_missing_entries(cast: Cast, sockets: Sockets) -> None:
    vera = await sockets.visitor()
    started = await begun(vera)
    for n in range(4):
        await vera.command("entry.post", client_id=f"v{n}", body=f"{n}")
    back = await sockets.visitor(token=started["token"])
    assert back.entries == []
    answer = await back.command("conversation.resume", after=0)
    assert answer["last_seq"] == 5
    place = back.frames.index(answer)
    assert [f["seq"] for f in back.frames[:place] if f["type"] == "entry.posted"] == [1, 2, 3, 4, 5]


async def test_resuming_while_others_write_has_no_hole(cast: Cast, sockets: Sockets) -> None:
    alice, vera = await sockets.operator(cast.alice), await sockets.visitor()
    started = await begun(vera)
    ref = started["conversation"]
    await alice.event("conversation.assigned")

    async def writes() -> None:
        for n in range(40):
            await alice.command("entry.post", conversation=ref, client_id=f"a{n}", body=f"{n}")

    async def returns() -> list[int]:
        await asyncio.sleep(0.02)
        back = await sockets.visitor(token=started["token"], after=0)
        await back.until(lambda: any(body == "39" for _, body in back.entries))
        return [seq for seq, _ in back.entries]

    _, *views = await asyncio.gather(writes(), *[returns() for _ in range(6)])
    assert all(view == list(range(1, 43)) for view in views), views


async def test_more_than_a_page_of_history(cast: Cast, sockets: Sockets) -> None:
    vera = await sockets.visitor()
    started = await begun(vera)
    conversation = await Conversation.objects.aget(ref=started["conversation"])
    part = await Participant.objects.aget(conversation=conversation)
    posts = [Post(conversation.pk, part.pk, "message", f"line {n}") for n in range(450)]
    await elsewhere(commit, posts)
    back = await sockets.visitor(token=started["token"], after=0)
    assert [seq for seq, _ in back.entries] == list(range(1, 452))


async def test_marks_are_told_to_who_comes_back(cast: Cast, sockets: Sockets) -> None:
    alice, vera = await sockets.operator(cast.alice), await sockets.visitor()
    started = await begun(vera)
    ref = started["conversation"]
    await alice.event("conversation.assigned")
    await alice.command("entry.read", conversation=ref, seq=1)
    await vera.event("entry.read", reader="operator", seq=1)
    await asyncio.sleep(1.2)  # until the marks are stored
    await vera.vanish()
    back = await sockets.visitor(token=started["token"], after=0)
    assert (await back.event("entry.read", reader="operator"))["seq"] == 1


async def test_a_forged_token_opens_nothing(cast: Cast, sockets: Sockets) -> None:
    client = await sockets.open("/ws/visitor/")
    for token in ("0", "true", "null", "x" * 43, "../../etc", "' OR 1=1 --"):
        answer = await client.command("hello", v=1, button="sales", token=token)
        assert (answer["type"], answer["code"]) == ("error", "auth.denied")
