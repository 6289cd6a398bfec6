"""S-10, S-11 and A-15: around the lock of too many tries, around the second step, and rights by a group's name.

tests/accounts/directory/test_groups.py has each case of A-15 by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
from asgiref.sync import sync_to_async
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import F
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.actions.second_factors import check_code, make_recovery_codes
from accounts.models import Directory, DirectoryIdentity, User
from chatdesk.usual import user_type
from tests.accounts.codes import SECOND, at_second_step, code_now, give_code, make_app, sleep_out
from tests.accounts.conftest import cheap_hashes as cheap_hashes
from tests.accounts.directory.conftest import Scene
from tests.accounts.directory.corp import CORRECT, mapped
from tests.accounts.people import LOGIN, NEW_PASSWORD, is_signed_in, password_page, sign_in
from tests.factories import PASSWORD, Cast, make_admin
from tests.services.process import free_port
from tests.sockets import Sockets

HOME, AWAY = "198.51.100.7", "203.0.113.9"
OTHERS = ["ALICE@desk.example", "alice@desk.example ", "ａlice@desk.example", "Alice@DESK.example"]
SPELLINGS = ["alice@desk.example", *OTHERS]


def guess(email: str, password: str = "wrong", address: str = HOME, **headers: str) -> int:
    return int(sign_in(Client(), email, password, REMOTE_ADDR=address, **headers).status_code)


def start_anew() -> None:
    AccessAttempt.objects.all().delete()


# --- S-10 ------------------------------------------------------------------------------------------------------------


def test_s10_other_spellings_and_forged_addresses_share_one_counter(cast: Cast) -> None:
    assert [guess(name) for name in SPELLINGS] == [200, 200, 200, 200, 429]
    assert guess("alice@desk.example", PASSWORD) == 429
    start_anew()
    for nul in ("alice\0@desk.example", "alice@desk.example\0"):
        assert guess(nul, PASSWORD) == 200  # told at the field: nobody is looked for, nothing is counted
    assert not AccessAttempt.objects.exists()
    forged = [f"10.0.0.{number}" for number in range(5)]
    assert [guess("alice@desk.example", HTTP_X_FORWARDED_FOR=each) for each in forged][-1] == 429


def test_s10_a_colleague_is_not_locked_out_on_purpose(cast: Cast) -> None:
    for _ in range(6):
        guess("alice@desk.example", address=HOME)
    assert guess("alice@desk.example", PASSWORD, HOME) == 429
    assert guess("alice@desk.example", PASSWORD, AWAY) == 302  # the one who guesses is kept out, not the one who works
    assert guess("bob@desk.example", PASSWORD, HOME) == 302


def test_s10_a_directory_that_is_down_is_no_strike(cast: Cast) -> None:
    silent = f"ldap://127.0.0.1:{free_port()}"
    Directory.objects.create(name="Corp", servers=silent, bind_dn="cn=x", base="dc=x")
    assert [guess("nina") for _ in range(7)] == [503] * 7
    assert not AccessAttempt.objects.exists()
    assert [guess("alice@desk.example") for _ in range(5)] == [200, 200, 200, 200, 429]


# --- A-15 ------------------------------------------------------------------------------------------------------------


def test_a15_the_name_of_a_group_gives_nobody_anything(scene: Scene) -> None:
    """eve may make and rename groups in a corner of the directory, and write into her own entry."""
    corp, server = scene.corp, scene.corp.server
    admins = corp.group("admins", scene.ann)
    mapped(scene.directory, admins, user_type("Admin"), priority=9)
    assert guess("ann", CORRECT) == 302
    eve = corp.person("eve")
    server.add(f"ou=eve,{corp.branch}", objectClass="organizationalUnit", ou="eve")
    server.add(f"cn=admins,ou=eve,{corp.branch}", objectClass="groupOfNames", member=[eve])  # the same name elsewhere
    corp.group("Admin", eve)  # the name of the user type
    server.delete(admins)
    corp.group("admins", eve)  # the very place of the group that was meant
    ada = make_admin()
    server.change(eve, mail=ada.email, displayName="Ada")  # somebody else's address
    for name in ("eve", "eve@ad.corp.test", ada.email):
        assert guess(name, CORRECT, AWAY) != 302
    assert set(User.objects.values_list("email", flat=True)) == {"ann@corp.test", ada.email}
    assert not DirectoryIdentity.objects.filter(user=ada).exists()


# --- S-11 ------------------------------------------------------------------------------------------------------------


def passes(user: User, code: str) -> bool:
    client = at_second_step(user)
    give_code(client, code)
    return is_signed_in(client)


def test_s11_a_code_passes_once(cast: Cast) -> None:
    device = make_app(cast.alice)
    code = code_now()
    assert passes(cast.alice, code)
    assert not passes(cast.alice, code)
    sleep_out(device)
    assert not passes(cast.alice, code)
    spare = make_recovery_codes(cast.alice)[0]
    assert passes(cast.alice, spare)
    assert not passes(cast.alice, spare)


@pytest.mark.parametrize(("steps", "fits"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_s11_a_clock_may_be_wrong_by_half_a_minute(cast: Cast, steps: int, fits: bool) -> None:
    make_app(cast.alice)
    assert passes(cast.alice, code_now(steps=steps)) is fits


def test_s11_a_wrong_clock_is_not_believed_to_drift_on(cast: Cast) -> None:
    make_app(cast.alice)
    assert passes(cast.alice, code_now(steps=1))
    TOTPDevice.objects.update(last_t=-1)
    assert not passes(cast.alice, code_now(steps=2))


def test_s11_a_million_codes_take_longer_than_a_life(cast: Cast) -> None:
    """A day's guesses, each at the first moment at which it is looked at."""
    make_app(cast.alice)
    tried, elapsed = 0, 0
    while elapsed < 86_400:
        wait = check_code(cast.alice, code_now(steps=1000 + tried)).wait
        assert check_code(cast.alice, code_now()).held_up  # between two tries even the right one is not looked at
        tried, elapsed = tried + 1, elapsed + wait
        earlier = F("throttling_failure_timestamp") - timedelta(seconds=wait)
        TOTPDevice.objects.update(throttling_failure_timestamp=earlier)
    assert tried <= 18
    assert 3 * tried / 1_000_000 < 0.0001  # three codes fit at a time


@dataclass(frozen=True)
class Door:
    path: str
    said: dict[str, str] | None = None


NEW = {"new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD}
DOORS = [
    Door("/desk/"),
    Door("/desk/lists/mine/"),
    Door("/admin/"),
    Door("/admin/login/?next=/admin/"),
    Door("/admin/accounts/user/"),
    Door("/accounts/profile/"),
    Door("/accounts/profile/", {"display_name": "Eve"}),
    Door("/accounts/password/", {"old_password": PASSWORD, **NEW}),
    Door("/accounts/confirm/", {"password": PASSWORD}),
    Door("/accounts/second-factor/"),
    Door("/accounts/second-factor/app/"),
    Door("/accounts/second-factor/app/", {"code": "000000"}),
    Door("/accounts/second-factor/app/remove/", {"yes": "yes"}),
    Door("/accounts/second-factor/codes/", {"yes": "yes"}),
    Door(f"{LOGIN}?next=/admin/", {"username": "ada@desk.example", "password": PASSWORD}),
    Door(SECOND, {"code": ""}),
    Door(SECOND, {"code": "None"}),
]


@pytest.mark.parametrize("door", DOORS, ids=lambda door: f"{'POST' if door.said else 'GET'} {door.path}")
def test_s11_no_door_is_open_between_the_steps(db: None, door: Door) -> None:
    ada = make_admin()
    make_app(ada)
    client = at_second_step(ada)
    client.post(door.path, door.said) if door.said else client.get(door.path)
    assert not is_signed_in(client)
    assert client.get("/admin/").status_code == 302
    ada.refresh_from_db()
    assert ada.display_name == "Ada"
    assert ada.check_password(PASSWORD)
    assert TOTPDevice.objects.filter(user=ada).exists()


def test_s11_a_new_password_by_mail_does_not_spare_the_second_step(cast: Cast) -> None:
    make_app(cast.alice)
    client = Client()
    client.post(password_page(client, cast.alice), NEW)
    assert not is_signed_in(client)
    sign_in(client, cast.alice.email, NEW_PASSWORD)
    assert not is_signed_in(client)


async def test_s11_the_desks_socket_is_closed_between_the_steps(sockets: Sockets) -> None:
    """The desk's one interface for programs is its socket: it knows nobody who has not passed both steps."""
    line = await sockets.open("/ws/desk/", cookie=await sync_to_async(_cookie_between_the_steps)())
    line.say("hello", v=1)
    assert await line.closed() == 4401
    assert not [frame for frame in line.frames if frame["type"] == "ok"]


def _cookie_between_the_steps() -> str:
    ada = make_admin()
    make_app(ada)
    return f"{settings.SESSION_COOKIE_NAME}={at_second_step(ada).session.session_key}"
