"""A chat that alice holds, and colleagues at their desks: where most tests of handing over begin."""

from __future__ import annotations

from dataclasses import dataclass

from asgiref.sync import sync_to_async

from accounts.models import User
from tests.chatdesk.test_talk import begun
from tests.factories import Cast, make_operator
from tests.sockets import Frame, SocketClient, Sockets


@dataclass
class Held:
    """vera talks with alice; bob (Support) sits at his desk too."""

    ref: str
    alice: SocketClient
    bob: SocketClient
    vera: SocketClient

    async def asks(self, who: SocketClient, kind: str, **fields: object) -> Frame:
        """A command about this chat that is carried out."""
        answer = await who.command(kind, conversation=self.ref, **fields)
        assert answer["type"] == "ok", answer
        return answer

    async def refused(self, who: SocketClient, kind: str, **fields: object) -> str:
        """The code of a command about this chat that is not carried out."""
        answer = await who.command(kind, conversation=self.ref, **fields)
        assert answer["type"] == "error", answer
        return str(answer["code"])


async def held_chat(cast: Cast, sockets: Sockets) -> Held:
    alice, bob, vera = await sockets.operator(cast.alice), await sockets.operator(cast.bob), await sockets.visitor()
    ref = (await begun(vera))["conversation"]
    await alice.event("conversation.assigned", conversation=ref)
    await vera.event("entry.posted", kind="join")
    return Held(ref, alice, bob, vera)


async def colleague(sockets: Sockets, cast: Cast, name: str = "carol", *, limit: int = 4) -> tuple[User, SocketClient]:
    """One more person of Sales, at their desk; priority keeps new chats with alice."""
    person: User = await sync_to_async(make_operator)(name, cast.sales, limit=limit, priority=-1)
    return person, await sockets.operator(person)
