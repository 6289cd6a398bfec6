"""How fast people may write and begin: one count for all their doors, and no harm to their neighbours."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.test import Client

from chatdesk.buckets import Buckets
from chatdesk.models import Conversation, Entry
from chatdesk.pace import starts, visitor_posts
from tests.chatdesk.test_talk import begun
from tests.factories import Cast
from tests.sockets import Sockets


@pytest.fixture(autouse=True)
def no_time_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Buckets fill with time: on a busy machine they would never be empty."""
    monkeypatch.setattr("chatdesk.buckets.time", SimpleNamespace(monotonic=lambda: 1000.0))


def test_a_bucket_for_each_key() -> None:
    paces = Buckets(2, 0.001)
    assert [paces.take("a") for _ in range(3)] == [True, True, False]
    assert paces.take("b")


def test_the_longest_unused_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chatdesk.buckets.REMEMBERED", 3)
    paces = Buckets(1, 0.001)
    assert [paces.take(key) for key in "abcd"] == [True] * 4
    assert paces.take("a")  # forgotten, so new
    assert not paces.take("d")


async def test_messages_in_a_burst_are_told_and_not_lost(cast: Cast, sockets: Sockets) -> None:
    vera = await sockets.visitor()
    await begun(vera)
    answers = [await vera.command("entry.post", client_id=f"v{n}", body=f"{n}") for n in range(25)]
    refused = [answer for answer in answers if answer["type"] == "error"]
    assert refused
    assert {(answer["code"], answer["retry"]) for answer in refused} == {("rate.limited", True)}
    assert vera.close_code is None
    assert await Entry.objects.filter(kind="message").acount() == 26 - len(refused)


async def test_a_second_tab_does_not_double_the_pace(cast: Cast, sockets: Sockets) -> None:
    vera = await sockets.visitor()
    token = (await begun(vera))["token"]
    tab = await sockets.visitor(token=token)
    answers = [await line.command("entry.post", client_id=f"{n}", body="x") for n, line in enumerate([vera, tab] * 13)]
    assert any(answer["type"] == "error" for answer in answers)


async def test_one_network_can_not_flood_the_queue(cast: Cast, sockets: Sockets) -> None:
    lines = [await sockets.visitor() for _ in range(65)]
    answers = [await line.command("conversation.start", client_id="first", body="Hello") for line in lines]
    codes = [answer.get("code") for answer in answers]
    assert codes.count(None) >= 60
    assert codes[-1] == "rate.limited"
    assert await Conversation.objects.acount() == codes.count(None)


def test_plain_forms_count_too(client: Client, cast: Cast) -> None:
    starts.clear()
    visitor_posts.clear()
    own = {"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}
    answers = [client.post("/chat/sales/", {"body": f"{n}"}, headers=own) for n in range(25)]
    assert answers[0].status_code == 302
    assert answers[-1].status_code == 429
    assert Entry.objects.filter(kind="message").count() < 25
    visitor_posts.clear()
    starts.clear()
