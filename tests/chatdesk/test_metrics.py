"""What the sockets do shows in the metrics."""

from __future__ import annotations

from asgiref.sync import sync_to_async
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from tests.factories import Cast
from tests.sockets import Sockets


def scrape() -> dict[str, float]:
    text = Client().get("/metrics").content.decode()
    samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    return {" ".join([s.name, *(v for k, v in sorted(s.labels.items()) if k != "le")]): s.value for s in samples}


async def test_a_talk_is_counted(cast: Cast, sockets: Sockets) -> None:
    before = await sync_to_async(scrape)()
    alice, vera = await sockets.operator(cast.alice), await sockets.visitor()
    ref = (await vera.command("conversation.start", client_id="first", body="Hello"))["conversation"]
    for n in range(3):
        await vera.command("entry.post", client_id=f"v{n}", body="More")
    await alice.command("entry.post", conversation=ref, client_id="a", body="  ")
    vera.say_raw("no frame")
    await vera.event("error", code="frame.invalid")
    now = await sync_to_async(scrape)()

    def risen(name: str) -> float:
        return now[name] - before.get(name, 0)

    assert (now["chatdesk_sockets_open visitor"], now["chatdesk_sockets_open desk"]) == (1, 1)
    assert risen("chatdesk_entries_committed_total") == 3
    assert risen("chatdesk_batch_entries_sum") == 3
    assert 1 <= risen("chatdesk_commit_seconds_count") <= 3
    assert risen("chatdesk_commands_refused_total entry.empty") == 1
    assert risen("chatdesk_commands_refused_total frame.invalid") == 1
    assert now["chatdesk_conversations sales active"] == 1


async def test_who_is_cut_is_counted_by_the_code(cast: Cast, sockets: Sockets) -> None:
    before = await sync_to_async(scrape)()
    vera = await sockets.visitor()
    vera.say_raw("x" * 70_000)
    assert await vera.closed() == 4413
    now = await sync_to_async(scrape)()
    name = "chatdesk_sockets_cut_total 4413"
    assert now[name] - before.get(name, 0) == 1
