"""Waiting on the wire: ranges and choices are pushed, commands are refused in place, and strangers reach nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from asgiref.sync import sync_to_async
from django.utils import timezone
from pytest_django.fixtures import Settings

from chatdesk import pace
from chatdesk.actions.waiting import tend
from chatdesk.models import Conversation
from routing.models import Group
from tests.factories import Cast, make_request
from tests.sockets import Frame, SocketClient, Sockets


@pytest.fixture(autouse=True)
def no_mail(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"


async def begun(vera: SocketClient, words: str = "Hello there") -> str:
    answer = await vera.command("conversation.start", client_id="first", body=words)
    assert answer["type"] == "ok", answer
    return str(answer["conversation"])


async def after(seconds: float) -> int:
    """What the clock brings about, that much later."""
    return await sync_to_async(tend)(timezone.now() + timedelta(seconds=seconds))


async def standing(client: SocketClient, state: str, **facts: object) -> Frame:
    return await client.event("conversation.state", state=state, **facts)


async def test_the_range_goes_with_the_median(cast: Cast, sockets: Sockets) -> None:
    await sync_to_async(make_request)(
        cast.sales, cast.alice, closed=True, taken_at=timezone.now(), waited_seconds=180, closed_at=timezone.now()
    )
    await Group.objects.filter(pk=cast.sales.pk).aupdate(policy="manual")
    await sockets.operator(cast.alice)
    vera = await sockets.visitor()
    await begun(vera)
    state = await standing(vera, "waiting")
    assert (state["position"], state["wait_seconds"], state["wait_range"]) == (1, 180, [120, 300])


async def test_the_choice_is_pushed_and_taken(cast: Cast, sockets: Sockets) -> None:
    vera = await sockets.visitor()
    await begun(vera)
    assert "choices" not in await standing(vera, "waiting")
    await after(61)
    await standing(vera, "waiting", choices=["wait", "message"])
    assert (await vera.command("conversation.choose", choice="message"))["type"] == "ok"
    await standing(vera, "message")
    notice = await vera.event("entry.posted", kind="notice")
    assert notice["author"] == {"kind": "system"}


async def test_a_message_goes_on_and_is_answered(cast: Cast, sockets: Sockets) -> None:
    vera = await sockets.visitor()
    ref = await begun(vera)
    await vera.command("conversation.choose", choice="message")
    assert (await vera.command("entry.post", client_id="v2", body="Also this"))["type"] == "ok"
    alice = await sockets.operator(cast.alice)
    assert alice.heard("conversation.assigned") == []
    taken = await alice.command("conversation.take", conversation=ref, after=0)
    assert taken["type"] == "ok"
    await alice.command("entry.post", conversation=ref, client_id="a1", body="Here I am")
    await vera.event("entry.posted", body="Here I am")
    assert (await standing(vera, "active"))["operator"]["name"] == "Alice"


async def test_who_left_a_message_hears_when_somebody_comes(cast: Cast, sockets: Sockets) -> None:
    vera = await sockets.visitor()
    await begun(vera)
    await vera.command("conversation.choose", choice="message")
    await standing(vera, "message")
    await sockets.operator(cast.alice)
    await standing(vera, "message", choices=["wait"])
    assert (await vera.command("conversation.choose", choice="wait"))["type"] == "ok"
    await standing(vera, "active")


async def test_the_desk_hears_that_a_queue_grew_shorter(cast: Cast, sockets: Sockets) -> None:
    await Group.objects.filter(pk=cast.sales.pk).aupdate(policy="manual")
    alice, vera = await sockets.operator(cast.alice), await sockets.visitor()
    await begun(vera)
    await alice.event("queue.changed", waiting={"sales": 1})
    await vera.command("conversation.choose", choice="message")
    await alice.event("queue.changed", waiting={})


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"choice": "dance"}, "frame.invalid"),
        ({}, "frame.invalid"),
        ({"choice": "mail", "email": "x" * 255}, "frame.invalid"),
        ({"choice": "mail", "email": "vera@example.com"}, "state.conflict"),  # this desk sends no mail
        ({"choice": "wait", "body": "?"}, "frame.invalid"),
    ],
)
async def test_what_cannot_be_is_refused(cast: Cast, sockets: Sockets, fields: dict[str, str], code: str) -> None:
    vera = await sockets.visitor()
    await begun(vera)
    assert (await vera.command("conversation.choose", **fields))["code"] == code
    assert await Conversation.objects.filter(request__state="waiting").acount() == 1


async def test_without_a_conversation_there_is_no_choice(cast: Cast, sockets: Sockets) -> None:
    vera = await sockets.visitor()
    assert (await vera.command("conversation.choose", choice="wait"))["code"] == "conversation.unknown"


async def test_to_and_fro_has_a_pace(cast: Cast, sockets: Sockets) -> None:
    vera = await sockets.visitor()
    await begun(vera)
    answers = [await vera.command("conversation.choose", choice="wait") for _ in range(25)]
    assert answers[-1]["code"] == "rate.limited"
    pace.visitor_posts.clear()


async def test_an_operator_leaves_no_message_for_a_visitor(cast: Cast, sockets: Sockets) -> None:
    alice = await sockets.operator(cast.alice)
    assert (await alice.command("conversation.choose", choice="message"))["code"] == "frame.invalid"


async def test_a_visitor_puts_nobody_on_hold(cast: Cast, sockets: Sockets) -> None:
    vera = await sockets.visitor()
    ref = await begun(vera)
    assert (await vera.command("conversation.hold", conversation=ref, on=True))["code"] == "frame.invalid"
