"""A hint that never came, a read that failed: whoever was left behind is caught up long before the heartbeat."""

from __future__ import annotations

import pytest
from django.db import OperationalError

from chatdesk.actions.ledger import Post, commit
from chatdesk.models import Conversation, Participant
from chatdesk.realtime import hub, reader
from chatdesk.realtime.missing import entries_after
from chatdesk.realtime.room import Item
from tests.chatdesk.test_talk import begun
from tests.factories import Cast
from tests.sockets import SocketClient, Sockets
from tests.threads import elsewhere


async def unheard(ref: str, words: str) -> Conversation:
    """An entry of the visitor's that is committed, and of which nobody is told."""
    conversation = await Conversation.objects.aget(ref=ref)
    part = await Participant.objects.aget(conversation=conversation, user=None)
    await elsewhere(commit, [Post(conversation.pk, part.pk, "message", words)])
    return conversation


async def talking(cast: Cast, sockets: Sockets) -> tuple[SocketClient, str, str]:
    """alice's line, live in a conversation; its name and its visitor's token."""
    alice, vera = await sockets.operator(cast.alice), await sockets.visitor()
    started = await begun(vera)
    await alice.event("conversation.assigned")
    await alice.command("conversation.resume", conversation=started["conversation"], after=0)
    return alice, started["conversation"], started["token"]


async def test_who_comes_back_takes_the_others_along(cast: Cast, sockets: Sockets) -> None:
    """Its writer died between commit and hint; the visitor's next line reads it, and so does everybody."""
    alice, ref, token = await talking(cast, sockets)
    await unheard(ref, "nobody was told")
    assert not alice.heard("entry.posted", body="nobody was told")
    await sockets.visitor(token=token, after=0)
    await alice.event("entry.posted", body="nobody was told", seq=3)
    assert [seq for seq, _ in alice.entries] == [1, 2, 3]


async def test_a_read_that_fails_is_tried_again(
    cast: Cast, sockets: Sockets, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    alice, ref, _token = await talking(cast, sockets)
    conversation = await unheard(ref, "read at the second try")
    failures = [OperationalError("the server closed the connection"), OperationalError("it still starts up")]

    def reluctantly(after: dict[int, int]) -> dict[int, list[Item]]:
        if failures:
            raise failures.pop()
        return entries_after(after)

    monkeypatch.setattr(reader, "entries_after", reluctantly)
    monkeypatch.setattr(reader, "TRY_AGAIN_AFTER", 0.05)
    hub.hear(["head", conversation.pk, 3])
    await alice.event("entry.posted", body="read at the second try", seq=3)
    assert failures == []
    assert caplog.text.count("could not be read (OperationalError)") == 2
