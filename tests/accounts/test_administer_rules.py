"""Log-in rules in the admin pages: what is written down, what is refused, and that nobody locks everybody out."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import LoginWindow, User, UserType
from accounts.signals import access_changed
from tests.accounts.adminforms import TYPES, change_type, post, save, window
from tests.accounts.people import signed_in, text_of
from tests.accounts.rulings import ELSEWHERE, closed_now, only_from, typed
from tests.factories import Cast, make_admin, make_user

LOCKED = "lock you out yourself"


def test_rules_are_written_down(desk: Client, cast: Cast) -> None:
    kind = typed(cast.alice)
    facts = {"zone": "Europe/Berlin", "networks": "192.0.2.0/24\n2001:db8::/32", "grace_minutes": 5}
    path = f"{TYPES}{kind.pk}/change/"
    save(desk, path, **facts, idle_minutes=20, session_hours=8, needs_second_factor=True, starts_unavailable=True)
    save(desk, path, **window(0, 0, "08:00", "17:30"))
    save(desk, path, **window(1, 4, "22:00", "06:00"))
    kind.refresh_from_db()
    assert (kind.zone, kind.grace_minutes, kind.idle_minutes, kind.session_hours) == ("Europe/Berlin", 5, 20, 8)
    assert kind.networks.split() == ["192.0.2.0/24", "2001:db8::/32"]
    assert kind.needs_second_factor
    assert kind.starts_unavailable
    assert [str(each) for each in kind.windows.all()] == ["Monday 08:00-17:30", "Friday 22:00-06:00"]


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("10.0.0.0/33", "10.0.0.0/33 is no address"),
        ("office", "office is no address"),
        ("fe80::1%eth0", "names a network card"),
        ("010.0.0.1", "leading zero"),
        ("::ffff:10.0.0.01", "leading zero"),
        ("10.0.0.1/24", "write 10.0.0.0/24"),
        ("192.0.2.0/24\n10.0.0.0/99", "10.0.0.0/99 is no address"),
    ],
)
def test_networks_that_are_none_are_refused_by_line(desk: Client, cast: Cast, written: str, sentence: str) -> None:
    assert sentence in text_of(change_type(desk, typed(cast.alice), networks=written))
    assert typed(cast.alice).networks == ""


@pytest.mark.parametrize("facts", [{"grace_minutes": 31}, {"zone": "../../etc"}, {"idle_minutes": 9999}])
def test_rules_beyond_reason_are_refused(desk: Client, cast: Cast, facts: dict[str, Any]) -> None:
    before = UserType.objects.filter(pk=typed(cast.alice).pk).values().get()
    assert change_type(desk, typed(cast.alice), **facts).status_code == 200
    assert UserType.objects.filter(pk=before["id"]).values().get() == before


def test_open_sockets_hear_of_every_change_of_a_type(desk: Client, cast: Cast) -> None:
    heard: list[int] = []
    access_changed.connect(told := lambda user_id, **_: heard.append(user_id))
    change_type(desk, typed(cast.alice), see="all")
    access_changed.disconnect(told)
    assert heard == [0]


# --- nobody locks everybody out ---


def test_an_admin_keeps_the_own_address(desk: Client, ada: User) -> None:
    assert LOCKED in text_of(change_type(desk, typed(ada), networks=ELSEWHERE))
    assert typed(ada).networks == ""
    change_type(desk, typed(ada), networks=f"{ELSEWHERE}\n127.0.0.1")
    assert typed(ada).networks


def test_an_admin_keeps_the_present_moment(desk: Client, ada: User) -> None:
    now = timezone.now()
    later = window(0, (now + timedelta(days=2)).weekday(), "08:00", "17:00")
    assert "leave out this very moment" in text_of(change_type(desk, typed(ada), **later))
    assert not LoginWindow.objects.exists()
    change_type(desk, typed(ada), **window(0, now.weekday(), "00:00", "00:00"))
    assert LoginWindow.objects.get().start == time()


def test_rules_of_others_may_leave_out_the_admin(desk: Client, cast: Cast) -> None:
    change_type(desk, typed(cast.alice), networks=ELSEWHERE)
    assert typed(cast.alice).networks == ELSEWHERE


@pytest.mark.parametrize("facts", [{"opens_admin": False}, {"admin_parts": ["routing"]}])
def test_an_admin_keeps_the_part_that_gives_all(desk: Client, ada: User, facts: dict[str, Any]) -> None:
    make_user("root", is_superuser=True)
    assert LOCKED in text_of(change_type(desk, typed(ada), **facts))
    assert typed(ada).opens_part("people")


def test_the_last_admins_type_keeps_people(ada: User) -> None:
    other = make_user("root", typed(ada))
    ada.delete()
    page = change_type(signed_in(other), typed(other), admin_parts=["site"])
    assert "last admins are of this user type" in text_of(page)


def test_a_type_that_opens_the_settings_opens_some_part(desk: Client, cast: Cast) -> None:
    page = change_type(desk, typed(cast.alice), opens_admin=True, admin_parts=[])
    assert "Choose at least one part" in text_of(page)


@pytest.mark.parametrize("rule", ["hours", "address"])
def test_nobody_moves_into_a_type_that_shuts_out(desk: Client, ada: User, rule: str) -> None:
    strict = UserType.objects.create(name="Strict", opens_admin=True)
    closed_now(strict) if rule == "hours" else only_from(strict, ELSEWHERE)
    make_user("root", is_superuser=True)
    page = post(desk, f"/admin/accounts/user/{ada.pk}/change/", user_type=strict.pk)
    assert "from here and now" in text_of(page)
    assert typed(ada).name == "Admin"


# --- parts ---


def partial(*parts: str) -> Client:
    kind = UserType.objects.create(name="Partial", opens_admin=True, admin_parts=list(parts))
    return signed_in(make_user("pia", kind))


OF_PARTS = {
    "people": "/admin/accounts/user/",
    "routing": "/admin/routing/group/",
    "buttons": "/admin/chatdesk/button/",
    "records": "/admin/chatdesk/conversation/",
    "protection": "/admin/axes/accessattempt/",
}


@pytest.mark.parametrize("part", OF_PARTS)
def test_a_part_opens_its_own_pages_and_no_others(cast: Cast, part: str) -> None:
    pia = partial(part)
    opened = {name for name, path in OF_PARTS.items() if pia.get(path).status_code == 200}
    looked_at = {"people"} if part == "routing" else set()
    assert opened == {part} | looked_at
    assert pia.get("/admin/").status_code == 200


def test_forged_posts_to_other_parts_change_nothing(cast: Cast) -> None:
    pia = partial("routing")
    path = f"/admin/accounts/user/{cast.alice.pk}/"
    assert pia.post(f"{path}change/", {"is_active": ""}).status_code == 403
    assert pia.post(f"{path}delete/", {"post": "yes"}).status_code == 403
    assert pia.post("/admin/accounts/user/add/", {"email": "x@desk.example"}).status_code == 403
    assert pia.post("/admin/accounts/usertype/add/", {"name": "Mine", "opens_admin": "on"}).status_code == 403
    deed = {"action": "delete_selected", "_selected_action": [cast.alice.pk], "post": "yes"}
    pia.post("/admin/accounts/user/", deed)
    assert User.objects.get(pk=cast.alice.pk).is_active
    assert not UserType.objects.filter(name="Mine").exists()


def test_members_of_groups_are_found_by_who_looks_after_groups(cast: Cast) -> None:
    pia = partial("routing")
    query = {"app_label": "routing", "model_name": "membership", "field_name": "user", "term": "ali"}
    assert pia.get("/admin/autocomplete/", query).json()["results"]
    assert partial_of("buttons").get("/admin/autocomplete/", query).status_code == 403


@pytest.mark.parametrize("asked", ["password__startswith=argon2", "last_login__gt=2020-01-01", "memberships__group=1"])
def test_who_only_looks_filters_by_nothing_hidden(cast: Cast, asked: str) -> None:
    pia = partial("routing")
    assert pia.get(f"/admin/accounts/user/?{asked}").status_code == 400
    assert pia.get("/admin/accounts/user/?is_active__exact=1").status_code == 200


def test_nobody_asks_how_a_password_begins(cast: Cast) -> None:
    assert signed_in(make_admin()).get("/admin/accounts/user/?password__startswith=argon2").status_code == 400


def partial_of(part: str) -> Client:
    kind = UserType.objects.create(name=part, opens_admin=True, admin_parts=[part])
    return signed_in(make_user(part, kind))


def test_a_model_of_no_part_is_for_who_has_all(cast: Cast) -> None:
    user = User.objects.get(email="ada@desk.example") if User.objects.filter(email="ada@desk.example") else make_admin()
    assert User.objects.get(pk=user.pk).has_perm("sessions.view_session")
    kind = UserType.objects.create(name="Some", opens_admin=True, admin_parts=["people", "routing"])
    assert not make_user("pia", kind).has_perm("sessions.view_session")
