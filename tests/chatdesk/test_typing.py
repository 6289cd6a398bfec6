"""Typing: told to the other side while it happens, from memory to memory, and kept nowhere."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import pytest

from accounts.models import User
from chatdesk.consumers import visitor_typing
from chatdesk.models import Button, Preview
from tests.chatdesk.test_talk import begun
from tests.factories import Cast
from tests.sockets import SocketClient, Sockets


@dataclass
class Pair:
    alice: SocketClient
    vera: SocketClient
    ref: str


async def talking(cast: Cast, sockets: Sockets, rule: Preview) -> Pair:
    await Button.objects.filter(slug="sales").aupdate(typing_preview=rule)
    alice, vera = await sockets.operator(cast.alice), await sockets.visitor()
    ref = (await begun(vera))["conversation"]
    await alice.event("conversation.assigned")
    return Pair(alice, vera, ref)


async def settled() -> None:
    await asyncio.sleep(0.1)


async def test_off_tells_nothing(cast: Cast, sockets: Sockets) -> None:
    pair = await talking(cast, sockets, Preview.OFF)
    assert (await pair.vera.command("typing", text="a secret"))["type"] == "ok"
    await settled()
    assert not pair.alice.heard("typing")
    assert not pair.alice.heard("typing.preview")


async def test_indicator_never_carries_the_text(cast: Cast, sockets: Sockets) -> None:
    pair = await talking(cast, sockets, Preview.INDICATOR)
    await pair.vera.command("typing", text="a secret")
    assert (await pair.alice.event("typing", on=True))["author"] == {"kind": "visitor"}
    assert "secret" not in str(pair.alice.frames)


async def test_preview_shows_the_last_400_characters(cast: Cast, sockets: Sockets) -> None:
    pair = await talking(cast, sockets, Preview.PREVIEW)
    await pair.vera.command("typing", text="x" * 500 + "end")
    shown = (await pair.alice.event("typing.preview"))["text"]
    assert len(shown) == 400
    assert shown.endswith("end")


async def test_writing_privately_is_an_indicator_alone(cast: Cast, sockets: Sockets) -> None:
    pair = await talking(cast, sockets, Preview.PREVIEW)
    await pair.vera.command("typing", text="visible")
    await pair.vera.command("typing")
    await pair.alice.event("typing", on=True)
    await asyncio.sleep(0.4)
    assert [f["text"] for f in pair.alice.heard("typing.preview")][-1] == ""


async def test_at_most_one_preview_in_300_ms_and_the_newest_wins(cast: Cast, sockets: Sockets) -> None:
    pair = await talking(cast, sockets, Preview.PREVIEW)
    for n in range(20):
        await pair.vera.command("typing", text=f"draft {n}")
    await pair.alice.event("typing.preview", text="draft 19")
    assert len(pair.alice.heard("typing.preview")) <= 3


@pytest.mark.parametrize("ending", ["emptied", "sent", "left", "closed"])
async def test_the_preview_goes_when_the_box_does(cast: Cast, sockets: Sockets, ending: str) -> None:
    pair = await talking(cast, sockets, Preview.PREVIEW)
    await pair.vera.command("typing", text="half a thought")
    await pair.alice.event("typing.preview", text="half a thought")
    if ending == "emptied":
        await pair.vera.command("typing", text="")
    elif ending == "sent":
        await pair.vera.command("entry.post", client_id="v2", body="a whole one")
    elif ending == "left":
        await pair.vera.vanish()
    else:
        await pair.vera.command("conversation.close")
    await pair.alice.event("typing.preview", text="")
    await pair.alice.event("typing", on=False)


async def test_the_preview_goes_by_itself(cast: Cast, sockets: Sockets, monkeypatch: pytest.MonkeyPatch) -> None:
    assert visitor_typing.GONE_AFTER == 6.0
    monkeypatch.setattr(visitor_typing, "GONE_AFTER", 0.2)
    pair = await talking(cast, sockets, Preview.PREVIEW)
    await pair.vera.command("typing", text="half a thought")
    await pair.alice.event("typing.preview", text="")


async def test_an_operator_typing_is_told_to_the_visitor_and_to_colleagues(
    cast: Cast, sockets: Sockets, sam: User
) -> None:
    pair = await talking(cast, sockets, Preview.PREVIEW)
    colleague = await sockets.operator(sam)
    await colleague.command("conversation.resume", conversation=pair.ref, after=0)
    await pair.alice.command("typing", conversation=pair.ref)
    assert (await pair.vera.event("typing", on=True))["author"]["name"] == "Alice"
    assert (await colleague.event("typing", on=True))["author"]["id"] == cast.alice.pk
    assert not pair.alice.heard("typing")
    await pair.alice.command("entry.post", conversation=pair.ref, client_id="a1", body="Done")
    await pair.vera.event("typing", on=False)


async def test_a_stranger_hears_no_typing(cast: Cast, sockets: Sockets) -> None:
    pair = await talking(cast, sockets, Preview.PREVIEW)
    bob, walt = await sockets.operator(cast.bob), await sockets.visitor()
    await pair.vera.command("typing", text="for Alice alone")
    await pair.alice.event("typing.preview")
    assert "for Alice alone" not in str(bob.frames) + str(walt.frames)


async def test_only_who_is_beside_the_chat_reads_what_is_not_sent(cast: Cast, sockets: Sockets, sam: User) -> None:
    pair = await talking(cast, sockets, Preview.PREVIEW)
    watching = await sockets.operator(sam)
    await watching.command("conversation.resume", conversation=pair.ref, after=0)
    await pair.vera.command("typing", text="OKAPI")
    await pair.alice.event("typing.preview", text="OKAPI")
    assert (await watching.event("typing", on=True))["author"] == {"kind": "visitor"}
    assert not watching.heard("typing.preview")
    await watching.command("conversation.monitor", conversation=pair.ref)
    await watching.event("conversation.assigned", role="monitor")
    await asyncio.sleep(0.35)
    await pair.vera.command("typing", text="OKAPI now")
    await watching.event("typing.preview", text="OKAPI now")
    await watching.command("conversation.leave", conversation=pair.ref)
    await watching.event("conversation.assigned", role=None)
    await asyncio.sleep(0.35)
    await pair.vera.command("typing", text="OKAPI again")
    await pair.alice.event("typing.preview", text="OKAPI again")
    assert "OKAPI again" not in str(watching.frames)


async def test_who_lost_the_chat_reads_no_more_of_what_is_not_sent(cast: Cast, sockets: Sockets, sam: User) -> None:
    pair = await talking(cast, sockets, Preview.PREVIEW)
    taker = await sockets.operator(sam)
    await taker.command("conversation.takeover", conversation=pair.ref)
    await pair.alice.event("conversation.assigned", role=None)
    await taker.event("conversation.assigned", role="host")
    await settled()
    await pair.vera.command("typing", text="OKAPI")
    await taker.event("typing.preview", text="OKAPI")
    assert "OKAPI" not in str(pair.alice.frames)


async def test_who_only_looks_on_hears_again_that_the_visitor_still_writes(
    cast: Cast, sockets: Sockets, sam: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert visitor_typing.AGAIN_AFTER < 8  # seconds after which a window forgets it
    monkeypatch.setattr(visitor_typing, "AGAIN_AFTER", 0.2)
    pair = await talking(cast, sockets, Preview.PREVIEW)
    looking = await sockets.operator(sam)
    await looking.command("conversation.resume", conversation=pair.ref, after=0)
    await pair.vera.command("typing", text="one")
    await asyncio.sleep(0.35)
    await pair.vera.command("typing", text="one two")
    await looking.until(lambda: len(looking.heard("typing", on=True)) == 2)
    assert len(pair.alice.heard("typing", on=True)) == 1


async def test_the_mark_stands_after_the_empty_preview_that_would_end_it(cast: Cast, sockets: Sockets) -> None:
    pair = await talking(cast, sockets, Preview.INDICATOR)
    await pair.vera.command("typing", text="a secret")
    await pair.alice.event("typing", on=True)
    await settled()
    told = [one["type"] for one in pair.alice.frames if str(one["type"]).startswith("typing")]
    assert told == ["typing.preview", "typing"]
