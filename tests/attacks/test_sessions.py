"""S-01 to S-16: sessions and sockets that outlive their right, or come from somewhere else. One test for each.

Elsewhere: S-10 and S-11 (guessing passwords and second factors) in test_identity.py.
S-12 (more log-ins at once than allowed): there is no such limit to get past. How many browsers somebody uses is theirs
to say: each is a row on "Your sessions", where one or all others are ended, and an admin can end all. That is tested
at its number.
S-16 (a socket's ticket used twice, late or by another): no ticket is ever given out. The desk's socket is opened with
the session's own cookie, which no script reads; what stands in an address or another header counts for nothing. That
is tested at its number.
"""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings as Configured

from accounts.models import LoginWindow, SignIn, User
from routing.models import Presence
from tests.accounts.adminforms import change_type, save
from tests.accounts.people import NEW_PASSWORD, is_signed_in, sign_in, signed_in
from tests.accounts.rulings import ELSEWHERE, begun_earlier, ends_in, only_from, typed
from tests.chatdesk.test_talk import begun
from tests.factories import PASSWORD, Cast, make_admin, make_membership, make_operator
from tests.sockets import ADDRESS, HandshakeRefused, SocketClient, Sockets

SOON = 2.0  # seconds
LEFT = 6.0  # seconds of a window in which a busy machine starts one more chat


def cookie_of(client: Client) -> str:
    name = settings.SESSION_COOKIE_NAME
    return f"{name}={client.cookies[name].value}"


async def seated(cast: Cast, sockets: Sockets) -> tuple[SocketClient, SocketClient, str]:
    """alice with a chat of vera's."""
    alice, vera = await sockets.operator(cast.alice), await sockets.visitor()
    ref = (await begun(vera))["conversation"]
    await alice.event("conversation.assigned", conversation=ref)
    return alice, vera, ref


async def as_admin(cast: Cast, **facts: Any) -> None:
    """An admin changes the user type of alice on its page."""

    def change() -> None:
        kind = typed(cast.alice)
        save(signed_in(make_admin()), f"/admin/accounts/usertype/{kind.pk}/change/", **facts)

    await sync_to_async(change)()


async def test_s01_a_permission_is_revoked_in_the_middle_of_a_chat(cast: Cast, sockets: Sockets) -> None:
    alice, vera, ref = await seated(cast, sockets)
    await as_admin(cast, answer="none")
    answer = await alice.command("entry.post", conversation=ref, client_id="a", body="No longer mine to say")
    assert (answer["type"], answer["code"]) == ("error", "auth.denied")
    await sync_to_async(change_type)(await sync_to_async(admin)(), await kind(cast), opens_dashboard=False)
    assert await alice.closed(SOON) == 4460
    heard = len(alice.frames)
    await vera.command("entry.post", client_id="later", body="Is anybody there?")
    assert len(alice.frames) == heard


def admin() -> Client:
    return signed_in(User.objects.get(email="ada@desk.example"))


async def kind(cast: Cast) -> Any:
    return await sync_to_async(typed)(cast.alice)


async def test_s02_somebody_is_switched_off_with_an_open_desk(cast: Cast, sockets: Sockets) -> None:
    alice, vera, _ref = await seated(cast, sockets)
    bob = await sockets.operator(cast.bob)

    def switch_off_and_delete() -> None:
        desk = signed_in(make_admin())
        save(desk, f"/admin/accounts/user/{cast.alice.pk}/change/", is_active=False)
        desk.post(f"/admin/accounts/user/{cast.bob.pk}/delete/", {"post": "yes"})

    await sync_to_async(switch_off_and_delete)()
    assert [await each.closed(SOON) for each in (alice, bob)] == [4460, 4460]
    await vera.event("entry.posted", kind="leave")
    await vera.event("conversation.state", state="waiting", position=1)
    assert not await User.objects.filter(pk=cast.bob.pk).aexists()


async def test_s03_the_password_is_changed_elsewhere(cast: Cast, sockets: Sockets) -> None:
    lost = await sync_to_async(signed_in)(cast.alice)
    alice = await sockets.operator(cast.alice, cookie_of(lost))

    def change_elsewhere() -> Client:
        here = Client()
        sign_in(here, cast.alice.email)
        words = {"old_password": PASSWORD, "new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD}
        here.post("/accounts/password/", words)
        return here

    here = await sync_to_async(change_elsewhere)()
    assert await alice.closed(SOON) == 4401
    assert await sync_to_async(is_signed_in)(here)
    assert not await sync_to_async(is_signed_in)(lost)


async def test_s04_signing_out_in_one_tab_closes_the_other(cast: Cast, sockets: Sockets) -> None:
    browser, phone = await sync_to_async(signed_in)(cast.alice), await sync_to_async(signed_in)(cast.alice)
    old = cookie_of(browser)
    tab = await sockets.operator(cast.alice, old)
    other = await sockets.operator(cast.alice, cookie_of(phone))
    await sync_to_async(browser.post)("/accounts/logout/")
    assert await tab.closed(SOON) == 4401
    assert (await other.command("presence.set", status="available"))["type"] == "ok"
    with_the_old = await sockets.open("/ws/desk/", cookie=old)
    assert await with_the_old.closed(SOON) == 4401


async def test_s05_a_window_ends_with_three_open_chats(cast: Cast, sockets: Sockets) -> None:
    dora = await sync_to_async(in_another_type)(cast)
    alice = await sockets.operator(cast.alice)
    visitors = [await sockets.visitor() for _ in range(3)]
    for number, vera in enumerate(visitors):
        await begun(vera, f"Question {number}")
        await vera.event("conversation.state", state="active")
    helper = await sockets.operator(dora)
    end = await sync_to_async(ends_in)(await kind(cast), timedelta(seconds=LEFT))
    await as_admin(cast, grace_minutes=0)
    assert (await alice.event("access.ending"))["at"]
    presence = await Presence.objects.aget(user=cast.alice)
    assert presence.no_new_after == end - timedelta(minutes=5)
    late = await sockets.visitor()
    await begun(late, "A late question")
    assert (await late.event("conversation.state", state="active"))["operator"]["name"] == "Dora"
    assert await alice.closed(LEFT + 4) == 4440
    for vera in visitors:
        assert "Alice" in (await vera.event("entry.posted", kind="leave"))["body"]
        await vera.event("conversation.state", state="active", operator=DORA | {"id": dora.pk})
    await helper.until(lambda: len({frame["conversation"] for frame in helper.heard("conversation.assigned")}) == 4)


DORA = {"kind": "operator", "name": "Dora"}


def in_another_type(cast: Cast) -> User:
    """dora, of Sales too, whose type has no hours."""
    dora = make_operator("dora")
    kind = typed(dora)
    kind.pk, kind.name = None, "All day"
    kind.save()
    User.objects.filter(pk=dora.pk).update(user_type=kind)
    make_membership(cast.sales, dora, priority=-1)
    return User.objects.select_related("user_type").get(pk=dora.pk)


async def test_s06_another_zone_of_the_type_counts_at_once(cast: Cast, sockets: Sockets) -> None:
    """Windows past midnight and the nights on which clocks change: tests/accounts/test_access.py, 100,000 cases."""
    alice, _vera, _ref = await seated(cast, sockets)

    def write_window() -> None:
        now = timezone.now()
        start = now - timedelta(hours=1)
        facts = {"weekday": start.weekday(), "start": start.time(), "end": (now + timedelta(hours=1)).time()}
        LoginWindow.objects.create(user_type=typed(cast.alice), **facts)

    await sync_to_async(write_window)()
    await as_admin(cast, starts_unavailable=False)
    assert alice.close_code is None
    await sync_to_async(change_type)(await sync_to_async(admin)(), await kind(cast), zone="Asia/Tokyo")
    assert await alice.closed(SOON) == 4440


async def test_s07_the_networks_are_changed_so_that_the_present_one_is_out(cast: Cast, sockets: Sockets) -> None:
    browser = await sync_to_async(signed_in)(cast.alice)
    alice = await sockets.operator(cast.alice, cookie_of(browser))
    await as_admin(cast, networks=f"{ADDRESS}\n127.0.0.1")
    assert (await alice.command("presence.set", status="available"))["type"] == "ok"
    await sync_to_async(change_type)(await sync_to_async(admin)(), await kind(cast), networks=ELSEWHERE)
    assert await alice.closed(SOON) == 4441
    page = await sync_to_async(browser.get)("/desk/")
    assert page.status_code in (302, 403)
    assert not await SignIn.objects.filter(user=cast.alice).aexists()


async def test_s08_a_cookie_is_replayed_from_another_address(cast: Cast, sockets: Sockets) -> None:
    await sync_to_async(only_from)(await kind(cast), f"127.0.0.1\n{ADDRESS}")
    browser = await sync_to_async(signed_in)(cast.alice)
    thief = await sockets.open("/ws/desk/", cookie=cookie_of(browser), address="203.0.113.66")
    assert await thief.closed(SOON) == 4441
    assert not [frame for frame in thief.frames if frame["type"] == "ok"]
    assert not await sync_to_async(is_signed_in)(browser)  # the stolen session is over for everybody
    again = await sync_to_async(signed_in)(cast.alice)
    page = await sync_to_async(again.get)("/desk/", REMOTE_ADDR="203.0.113.66")
    assert page.status_code == 403


FORGED = [
    "198.51.100.7",
    "198.51.100.7, 10.0.0.1",
    " 198.51.100.7 ,  ",
    "::ffff:198.51.100.7",
    "::ffff:c633:6407",
    "198.51.100.7:4711",
    "unknown",
    "127.0.0.1",
    '"[2001:db8::7]:80"',
]


@pytest.mark.parametrize("forged", FORGED)
async def test_s09_nobody_writes_their_own_address(
    cast: Cast, sockets: Sockets, settings: Configured, forged: str
) -> None:
    await sync_to_async(only_from)(await kind(cast), f"{ELSEWHERE}\n2001:db8::/32")
    for written in (forged, f"{forged}, {forged}"):
        browser = await sync_to_async(signed_in)(cast.alice)
        page = await sync_to_async(browser.get)("/desk/", headers={"x-forwarded-for": written})
        assert page.status_code == 403
    for name in (b"x-forwarded-for", b"x_forwarded_for", b"forwarded", b"x-real-ip"):
        assert await reached(cast, sockets, [(name, forged.encode())]) == 4441
    settings.TRUSTED_PROXIES = [ADDRESS]
    twice = [(b"x-forwarded-for", forged.encode()), (b"x-forwarded-for", b"203.0.113.66")]
    assert await reached(cast, sockets, twice) == 4441
    if forged == "198.51.100.7":
        assert await reached(cast, sockets, [(b"x-forwarded-for", forged.encode())]) is None
        assert await reached(cast, sockets, [(b"x_forwarded_for", forged.encode())]) == 4441


async def reached(cast: Cast, sockets: Sockets, headers: list[tuple[bytes, bytes]]) -> int | None:
    """The code that a socket with these headers is closed with; None for one that is greeted."""
    cookie = cookie_of(await sync_to_async(signed_in)(cast.alice)).encode()
    own = [(b"host", b"127.0.0.1:8000"), (b"origin", b"http://127.0.0.1:8000"), (b"cookie", cookie)]
    client = SocketClient("/ws/desk/", [*own, *headers])
    await client.connect()
    client.say("hello", v=1)
    await client.until(lambda: client.close_code is not None or client.heard("ok"))
    greeted = bool(client.heard("ok"))
    code = client.close_code
    await client.vanish()
    return None if greeted else code


async def test_s12_every_one_of_many_log_ins_is_shown_and_can_be_ended(cast: Cast, sockets: Sockets) -> None:
    browsers = [await sync_to_async(signed_in)(cast.alice) for _ in range(4)]
    lines = [await sockets.operator(cast.alice, cookie_of(browser)) for browser in browsers]
    page = await sync_to_async(browsers[0].get)("/accounts/sessions/")
    assert page.content.decode().count("last used") == 4
    await sync_to_async(browsers[0].post)("/accounts/sessions/end/")
    assert [await line.closed(SOON) for line in lines[1:]] == [4401] * 3
    assert (await lines[0].command("presence.set", status="available"))["type"] == "ok"


async def test_s13_a_heartbeat_keeps_no_session_alive(
    cast: Cast, sockets: Sockets, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chatdesk.realtime.clock.CHECK_ACCESS_EVERY", 0.2)
    alice, _vera, ref = await seated(cast, sockets)
    ago = timedelta(minutes=59, seconds=56)
    await sync_to_async(begun_earlier)(cast.alice, timedelta(hours=2), ago)
    for _ in range(3):
        await alice.command("conversation.resume", conversation=ref, after=0)
        await alice.command("entry.read", conversation=ref, seq=1)
    assert await alice.closed(8) == 4401
    busy = await sockets.operator(cast.alice)
    await sync_to_async(begun_earlier)(cast.alice, timedelta(hours=2), ago)
    assert (await busy.command("presence.touch"))["type"] == "ok"
    assert (await SignIn.objects.aget(user=cast.alice)).acted_at > timezone.now() - timedelta(seconds=10)
    with pytest.raises(TimeoutError):
        await busy.closed(5)


COOKIES = """
from django.conf import settings
print(settings.SESSION_COOKIE_SECURE, settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_SECURE)
"""


def test_s14_the_cookie_stays_in_its_site_and_off_the_open_wire(cast: Cast, client: Client) -> None:
    sign_in(client, cast.alice.email)
    morsel = client.cookies[settings.SESSION_COOKIE_NAME]
    assert (bool(morsel["httponly"]), morsel["samesite"], morsel["path"], morsel["domain"]) == (True, "Lax", "/", "")
    assert "frame-ancestors 'self'" in client.get("/desk/").headers["Content-Security-Policy"]
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    assert strict.post("/accounts/sessions/end/").status_code == 403
    environment = {**os.environ, "SITE_URL": "https://desk.example", "DJANGO_SETTINGS_MODULE": "chatdesk.settings"}
    said = subprocess.run([sys.executable, "-c", COOKIES], env=environment, capture_output=True, text=True, check=True)
    assert said.stdout.split() == ["True", "__Host-desk", "True"]


HOSTILE = [
    "https://evil.example",
    "http://127.0.0.1:8000@evil.example",
    "https://ok@127.0.0.1:8000",
    "http://127.0.0.1:8000.",
    "http://127.0.0.1.:8000",
    "http://xn--127-0-0-1.example:8000",
    "http://１２７.0.0.1:8000",
    "http://LOCALHOST:9999",
    "https://127.0.0.1:8000",
    "http://127.0.0.1:80",
    "null",
    "",
]


@pytest.mark.parametrize("origin", HOSTILE)
async def test_s15_no_other_page_opens_a_socket_with_the_cookie(cast: Cast, sockets: Sockets, origin: str) -> None:
    cookie = cookie_of(await sync_to_async(signed_in)(cast.alice)).encode()
    own = [(b"host", b"127.0.0.1:8000"), (b"cookie", cookie)]
    theirs = (b"origin", origin.encode())
    ours = (b"origin", b"http://127.0.0.1:8000")
    for origins in ([theirs], [theirs, ours], [ours, theirs]):
        with pytest.raises(HandshakeRefused):
            await SocketClient("/ws/desk/", [*own, *origins]).connect()


async def test_s16_only_the_cookie_of_a_living_session_opens_the_desk(cast: Cast, sockets: Sockets) -> None:
    browser = await sync_to_async(signed_in)(cast.alice)
    key = browser.cookies[settings.SESSION_COOKIE_NAME].value
    own = [(b"host", b"127.0.0.1:8000"), (b"origin", b"http://127.0.0.1:8000")]
    for name in (b"authorization", b"sec-websocket-protocol", b"x-session", b"set-cookie"):
        client = await SocketClient("/ws/desk/", [*own, (name, key.encode())]).connect()
        assert await client.closed(SOON) == 4401
        await client.vanish()
    await sync_to_async(SignIn.objects.all().delete)()
    late = await sockets.open("/ws/desk/", cookie=cookie_of(browser))
    assert await late.closed(SOON) == 4401
