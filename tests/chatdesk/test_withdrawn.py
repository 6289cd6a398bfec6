"""Fifty open sockets of somebody whose right to be here ends: two seconds later none of them hears anything."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio
from asgiref.sync import sync_to_async
from django.conf import settings
from django.utils import timezone

from accounts.models import SignIn, User
from tests.accounts.adminforms import save
from tests.accounts.people import signed_in as browser_of
from tests.accounts.rulings import ELSEWHERE, ends_in, typed
from tests.chatdesk.test_talk import begun
from tests.factories import Cast, make_admin, make_supervisor
from tests.sockets import SocketClient, Sockets

COUNT = 50
SECONDS = 2.0
OPENING = 30.0  # seconds that fifty desks may take to open on a busy machine
NEVER = 3600.0


@pytest.fixture(autouse=True)
def never_by_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is found here is found because somebody said so, or because a known end has come."""
    monkeypatch.setattr("chatdesk.realtime.clock.CHECK_ACCESS_EVERY", NEVER)


class Desk:
    """alice in fifty tabs of one browser, and a chat of hers that goes on."""

    def __init__(self, cast: Cast, sockets: Sockets, ada: User) -> None:
        self.cast, self.sockets, self.sam = cast, sockets, make_supervisor()
        self.browser, self.admin = browser_of(cast.alice), browser_of(ada)
        self.tabs: list[SocketClient] = []
        self.visitor: SocketClient | None = None

    async def open(self) -> Desk:
        name = settings.SESSION_COOKIE_NAME
        cookie = f"{name}={self.browser.cookies[name].value}"
        self.tabs = [await self.sockets.operator(self.cast.alice, cookie) for _ in range(COUNT)]
        self.visitor = await self.sockets.visitor()
        await begun(self.visitor, "A secret of Sales")
        for tab in self.tabs:
            await tab.until(lambda tab=tab: tab.heard("conversation.assigned"), OPENING)  # type: ignore[misc]
        await self.visitor.command("entry.post", client_id="soon", body="Heard by all")
        for tab in self.tabs:
            await tab.until(lambda tab=tab: tab.heard("entry.posted", body="Heard by all"), OPENING)  # type: ignore[misc]
        return self

    async def after(self, deed: Callable[[], Any]) -> list[int]:
        """How many frames each tab heard of what happens from two seconds after the deed on."""
        await sync_to_async(deed)()
        await asyncio.sleep(SECONDS)
        before = [len(tab.frames) for tab in self.tabs]
        await self.make_noise()
        return [len(tab.frames) - heard for tab, heard in zip(self.tabs, before, strict=True)]

    async def make_noise(self) -> None:
        assert self.visitor is not None
        await self.visitor.command("entry.post", client_id="later", body="Another secret")
        await self.visitor.command("typing")
        sam = await self.sockets.operator(self.sam)
        await sam.command("presence.set", status="away")
        await begun(await self.sockets.visitor(), "A third secret")
        await asyncio.sleep(0.3)

    def change_type(self, **facts: Any) -> Any:
        """What an admin saves on the page of alice's user type."""
        kind = typed(self.cast.alice)
        return save(self.admin, f"/admin/accounts/usertype/{kind.pk}/change/", **facts)

    def change_person(self, **facts: Any) -> Any:
        return save(self.admin, f"/admin/accounts/user/{self.cast.alice.pk}/change/", **facts)

    def codes(self) -> set[int | None]:
        return {tab.close_code for tab in self.tabs}


@pytest_asyncio.fixture
async def desk(cast: Cast, sockets: Sockets) -> AsyncIterator[Desk]:
    ada = await sync_to_async(make_admin)()
    yield await (await sync_to_async(Desk)(cast, sockets, ada)).open()


async def test_a_withdrawn_module_closes_every_tab(desk: Desk) -> None:
    assert await desk.after(lambda: desk.change_type(opens_dashboard=False)) == [0] * COUNT
    assert desk.codes() == {4460}


async def test_a_permission_that_shrank_empties_every_tab(desk: Desk) -> None:
    nothing = dict.fromkeys(("see", "answer", "take", "transfer", "close", "store", "contact"), "none")
    await desk.after(lambda: desk.change_type(**nothing))
    assert desk.codes() == {None}
    assert "Another secret" not in str([tab.frames for tab in desk.tabs])
    assert "A third secret" not in str([tab.frames for tab in desk.tabs])


async def test_a_window_that_ended_closes_every_tab(desk: Desk) -> None:
    kind = await sync_to_async(typed)(desk.cast.alice)
    end = await sync_to_async(ends_in)(kind, timedelta(seconds=8))  # the page is saved long before, on any machine
    await sync_to_async(desk.change_type)(name="Operators till now")
    assert (await desk.tabs[0].event("access.ending"))["at"]
    assert desk.codes() == {None}
    await asyncio.sleep((end - timezone.now()).total_seconds())
    assert await desk.after(lambda: None) == [0] * COUNT
    assert desk.codes() == {4440}
    assert not await SignIn.objects.filter(user=desk.cast.alice).aexists()


async def test_a_changed_network_closes_every_tab(desk: Desk) -> None:
    assert await desk.after(lambda: desk.change_type(networks=ELSEWHERE)) == [0] * COUNT
    assert desk.codes() == {4441}


async def test_signing_out_in_one_tab_closes_all(desk: Desk) -> None:
    assert await desk.after(lambda: desk.browser.post("/accounts/logout/")) == [0] * COUNT
    assert desk.codes() == {4401}


async def test_switching_somebody_off_closes_every_tab(desk: Desk) -> None:
    assert await desk.after(lambda: desk.change_person(is_active=False)) == [0] * COUNT
    assert desk.codes() == {4460}


async def test_the_visitor_is_not_left_alone(desk: Desk) -> None:
    await sync_to_async(desk.change_person)(is_active=False)
    started = time.monotonic()  # as in `after`: how long the page took is another matter
    assert desk.visitor is not None
    await desk.visitor.event("entry.posted", kind="leave")
    await desk.visitor.event("conversation.state", state="waiting")
    assert time.monotonic() - started < SECONDS
