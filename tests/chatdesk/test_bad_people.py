"""Commands and sockets of people they are not for: strangers, other groups, forged keys, foreign pages."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.models import User
from chatdesk.usual import user_type
from tests.chatdesk.test_bad_frames import kept
from tests.chatdesk.test_talk import begun
from tests.factories import Cast, make_outsider
from tests.sockets import HandshakeRefused, Sockets, signed_in

BY_REF: list[tuple[str, dict[str, Any]]] = [
    ("conversation.take", {}),
    ("conversation.close", {}),
    ("conversation.resume", {"after": 0}),
    ("conversation.transfer", {"group": "support"}),
    ("entry.post", {"client_id": "c", "body": "hi"}),
    ("typing", {}),
    ("entry.read", {"seq": 1}),
]


async def test_another_groups_conversation_is_as_unknown_as_none(cast: Cast, sockets: Sockets) -> None:
    await sockets.operator(cast.alice)
    vera, bob = await sockets.visitor(), await sockets.operator(cast.bob)
    ref = (await begun(vera, "A secret of Sales"))["conversation"]
    before = await kept()
    for kind, fields in BY_REF:
        theirs = await bob.command(kind, conversation=ref, **fields)
        nobodys = await bob.command(kind, conversation="AAAAAAAAAAAAAAAAAAAAAA", **fields)
        assert theirs["code"] == "conversation.unknown", kind
        assert {**theirs, "id": ""} == {**nobodys, "id": ""}, kind
    assert await kept() == before
    await vera.command("entry.post", client_id="more", body="Another secret")
    assert not [f for f in bob.frames if f["type"] in ("entry.posted", "typing", "entry.read")]
    assert "secret" not in json.dumps(bob.frames)


async def test_odd_references_are_unknown(cast: Cast, sockets: Sockets) -> None:
    alice = await sockets.operator(cast.alice)
    for ref in ("", "1", "0", "null", "../../x", "' OR 1=1 --", "%", "x" * 64, "\u202e"):
        assert (await alice.command("conversation.resume", conversation=ref, after=0))[
            "code"
        ] == "conversation.unknown", ref
    assert (await alice.command("conversation.resume", conversation="x" * 65, after=0))["code"] == "frame.invalid"
    assert (await alice.command("conversation.resume", conversation="a\x00b", after=0))["type"] == "error"
    assert (await alice.command("presence.set", status="available"))["type"] == "ok"


async def test_an_outsider_can_not_even_come_in(cast: Cast, sockets: Sockets) -> None:
    for cookie, code in (
        (await sync_to_async(signed_in)(cast.charlie), 4403),
        ("", 4401),
        ("desk=forged", 4401),
        ("desk=", 4401),
    ):
        client = await sockets.open("/ws/desk/", cookie=cookie)
        client.say("hello", v=1)
        assert await client.closed() == code, cookie
        assert not [f for f in client.frames if f["type"] == "ok"]


async def test_tokens_that_are_nobodys_open_nothing(cast: Cast, sockets: Sockets) -> None:
    vera = await sockets.visitor()
    token = (await begun(vera, "A secret of mine"))["token"]
    stranger = await sockets.open("/ws/visitor/")
    forged = [
        token[:-1],
        token + "A",
        token.swapcase(),
        "0",
        "true",
        "[]",
        "{}",
        "null",
        "0e1",
        token[: len(token) // 2],
    ]
    for wrong in forged:
        answer = await stranger.command("hello", v=1, button="sales", token=wrong)
        assert (answer["type"], answer.get("code")) == ("error", "auth.denied"), wrong
    unreadable: list[object] = ["x" * 129, 1, [], {}, True]
    for odd in unreadable:
        answer = await stranger.command("hello", v=1, button="sales", token=odd)
        assert (answer["type"], answer.get("code")) == ("error", "frame.invalid"), odd
    assert (await stranger.command("hello", v=1, button="sales", token="a\x00b"))["type"] == "error"
    assert "secret" not in json.dumps(stranger.frames)
    elsewhere = await stranger.command("hello", v=1, button="support", token=token)
    assert (elsewhere["type"], elsewhere.get("conversation")) == ("ok", None)


async def test_walts_token_never_shows_veras_words(cast: Cast, sockets: Sockets) -> None:
    vera, walt = await sockets.visitor(), await sockets.visitor()
    ref = (await begun(vera, "A secret of Vera"))["conversation"]
    await walt.command("conversation.start", client_id="w", body="Mine")
    for kind, fields in BY_REF:
        answer = await walt.command(kind, conversation=ref, **fields)
        assert (answer["type"], answer.get("code")) == ("error", "frame.invalid"), kind
    await walt.command("conversation.resume", after=0)
    assert "Vera" not in json.dumps(walt.frames)
    assert ref not in json.dumps(walt.frames)


# --- foreign pages ---

FOREIGN = [
    "https://evil.example",
    "null",
    "none",
    "",
    "file://",
    "http://127.0.0.1:8000.evil.example",
    "http://127.0.0.1:8000/../evil",
    "http://127.0.0.1:8000@evil.example",
    "http://evil@127.0.0.1:8000",
    "http://127.0.0.1:9999",
    "http://127.0.0.1",
    "https://127.0.0.1:8000",
    "ws://127.0.0.1:8000",
    "http://127.0.0.1.:8000",
    "http://2130706433:8000",
    "http://localhost:8000",
    "http://127.0.0.1:8000 http://127.0.0.1:8000",
    "http://127.0.0.1:port",
    "http://[::1]:8000",
]


@pytest.mark.parametrize("path", ["/ws/visitor/", "/ws/desk/"])
async def test_no_foreign_page_opens_a_socket(cast: Cast, sockets: Sockets, path: str) -> None:
    cookie = await sync_to_async(signed_in)(cast.alice)
    for origin in [*FOREIGN, None]:
        with pytest.raises(HandshakeRefused):
            await sockets.open(path, cookie=cookie, origin=origin)
    assert (await sockets.open(path, cookie=cookie)).accepted


# --- sign-ins that ended ---


def signed_out() -> None:
    Session.objects.all().delete()


def run_out() -> None:
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))


def given_a_new_password() -> None:
    for user in User.objects.all():
        user.set_password("another password of theirs")
        user.save()


def switched_off() -> None:
    User.objects.update(is_active=False)


def moved_to_another_type() -> None:
    User.objects.update(user_type=make_outsider("nobody").user_type)


async def test_a_signed_out_operator_is_gone_within_five_seconds(cast: Cast, sockets: Sockets) -> None:
    alice = await sockets.operator(cast.alice)
    await sync_to_async(signed_out)()
    assert await alice.closed(5) == 4401


@pytest.fixture
def checked_often(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the test before this waits for, without the wait."""
    monkeypatch.setattr("chatdesk.realtime.clock.CHECK_ACCESS_EVERY", 0.2)


ENDED: list[Any] = [(signed_out, 4401), (run_out, 4401), (given_a_new_password, 4401), (switched_off, 4460)]


@pytest.mark.usefixtures("checked_often")
@pytest.mark.parametrize(("ending", "code"), [*ENDED, (moved_to_another_type, 4460)])
async def test_an_open_socket_ends_with_its_sign_in(cast: Cast, sockets: Sockets, ending: Any, code: int) -> None:
    alice, vera = await sockets.operator(cast.alice), await sockets.visitor()
    await begun(vera)
    await sync_to_async(ending)()
    assert await alice.closed(5) == code
    heard = len(alice.frames)
    await vera.command("entry.post", client_id="later", body="Not for those who left")
    assert len(alice.frames) == heard


@pytest.mark.usefixtures("checked_often")
async def test_others_stay_when_one_signs_out(cast: Cast, sockets: Sockets) -> None:
    alice, bob = await sockets.operator(cast.alice), await sockets.operator(cast.bob)
    await User.objects.filter(pk=cast.alice.pk).aupdate(is_active=False)
    assert await alice.closed(5) == 4460
    assert bob.close_code is None
    assert (await bob.command("presence.set", status="away"))["type"] == "ok"


async def test_a_permission_that_shrank_counts_at_once(cast: Cast, sockets: Sockets) -> None:
    alice, vera = await sockets.operator(cast.alice), await sockets.visitor()
    ref = (await begun(vera))["conversation"]
    await alice.event("conversation.assigned")
    kind = await sync_to_async(user_type)("Operator")
    for verb, command in (("close", "conversation.close"), ("transfer", "conversation.transfer")):
        setattr(kind, verb, "none")
        await kind.asave()
        fields = {"group": "support"} if verb == "transfer" else {}
        answer = await alice.command(command, conversation=ref, **fields)
        assert (answer["type"], answer.get("code")) == ("error", "auth.denied"), verb
