from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts import factor_changes
from accounts.actions.second_factors import WrongCode, confirm_app, make_recovery_codes, remove_all
from accounts.freshness import FRESH_AT
from accounts.models import AuditEntry, User, UserType
from accounts.second_factor import has_second_factor, recovery_codes_left
from tests.accounts.codes import KEY, at_second_step, code_now, codes_on, give_code, key_on, make_app
from tests.accounts.people import is_signed_in, sign_in, signed_in, text_of
from tests.factories import PASSWORD, Cast

FACTOR = "/accounts/second-factor/"
APP = f"{FACTOR}app/"
CODES = f"{FACTOR}codes/"
REMOVE = f"{APP}remove/"
CONFIRM = "/accounts/confirm/"


@pytest.fixture
def desk(cast: Cast) -> Client:
    """alice, who has just signed in."""
    client = Client()
    sign_in(client, cast.alice.email)
    return client


def set_up(client: Client) -> Any:
    key = key_on(client.get(APP))
    return client.post(APP, {"code": code_now(key)})


def must_have_one(user: User) -> None:
    UserType.objects.filter(users=user).update(needs_second_factor=True)


def age(client: Client) -> None:
    """More than five minutes pass since the password was given."""
    session = client.session
    session[FRESH_AT] -= 301
    session.save()


def test_an_app_is_set_up_with_its_first_code(desk: Client, alice: User) -> None:
    page = set_up(desk)
    assert len(codes_on(page)) == 10
    assert has_second_factor(alice)
    assert recovery_codes_left(alice) == 10
    assert is_signed_in(desk)


def test_the_picture_says_what_the_words_say(desk: Client, alice: User) -> None:
    page = desk.get(APP)
    html = page.content.decode()
    assert "<svg" in html
    assert "style=" not in html
    assert page.context["address"].startswith("otpauth://totp/chatdesk%20127.0.0.1%3Aalice%40desk.example?secret=")
    assert page.context["words"].replace(" ", "") in page.context["address"]


def test_the_key_stays_until_it_is_confirmed_and_not_longer(desk: Client) -> None:
    first = key_on(desk.get(APP))
    assert key_on(desk.get(APP)) == first
    desk.post(APP, {"code": "000000"})
    assert key_on(desk.get(APP)) == first
    desk.post(APP, {"code": code_now(first)})
    assert key_on(desk.get(APP)) != first


def test_a_wrong_first_code_sets_nothing_up(desk: Client, alice: User) -> None:
    key_on(desk.get(APP))
    page = desk.post(APP, {"code": "000000"})
    assert "Check that the clock of your device is right." in text_of(page)
    assert not has_second_factor(alice)


def test_a_wrong_first_code_leaves_the_app_from_before(alice: User) -> None:
    make_app(alice)
    with pytest.raises(WrongCode):
        confirm_app(alice, "00" * 20, "000000")
    assert TOTPDevice.objects.get(user=alice).key == KEY


def test_the_code_that_confirmed_signs_nobody_in(desk: Client, alice: User) -> None:
    key = key_on(desk.get(APP))
    code = code_now(key)
    desk.post(APP, {"code": code})
    again = at_second_step(alice)
    give_code(again, code)
    assert not is_signed_in(again)


def test_another_phone_replaces_the_first(desk: Client, alice: User) -> None:
    make_app(alice)
    set_up(desk)
    assert TOTPDevice.objects.get(user=alice).key != KEY


def test_the_page_of_a_stranger_leads_to_signing_in(client: Client, db: None) -> None:
    for path in (FACTOR, APP, CODES, REMOVE, CONFIRM):
        assert client.get(path).status_code in (302, 405)
        assert client.post(path, {"code": "123456"}).headers["Location"].startswith("/accounts/login/")


def test_recovery_codes_can_be_made_anew(desk: Client, alice: User) -> None:
    make_app(alice)
    assert "0 codes are left" in text_of(desk.get(FACTOR))
    assert len(codes_on(desk.post(CODES))) == 10
    assert "10 codes are left" in text_of(desk.get(FACTOR))


def test_without_a_factor_there_are_no_recovery_codes(desk: Client, alice: User) -> None:
    assert desk.post(CODES).headers["Location"] == FACTOR
    assert recovery_codes_left(alice) == 0


def test_removing_the_app_removes_its_recovery_codes(desk: Client, alice: User) -> None:
    make_app(alice)
    make_recovery_codes(alice)
    assert "your password alone will sign you in" in text_of(desk.get(REMOVE))
    assert "is removed" in text_of(desk.post(REMOVE, follow=True))
    assert not has_second_factor(alice)
    assert not StaticDevice.objects.filter(user=alice).exists()


def test_all_can_be_taken_away_at_once(alice: User, bob: User) -> None:
    make_app(alice)
    make_app(bob)
    remove_all(alice)
    assert not has_second_factor(alice)
    assert has_second_factor(bob)


# --- a fresh password ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [APP, REMOVE])
def test_an_old_sign_in_gives_the_password_again(desk: Client, alice: User, path: str) -> None:
    make_app(alice)
    age(desk)
    assert desk.get(path).headers["Location"] == f"{CONFIRM}?next={path}"
    assert desk.post(path, {"code": "1"}).headers["Location"] == f"{CONFIRM}?next={FACTOR}"
    assert has_second_factor(alice)
    assert desk.post(CONFIRM, {"password": PASSWORD, "next": path}).headers["Location"] == path
    assert desk.get(path).status_code == 200


def test_a_wrong_password_confirms_nothing(desk: Client) -> None:
    age(desk)
    assert "does not fit" in text_of(desk.post(CONFIRM, {"password": "wrong"}))
    assert desk.get(APP).status_code == 302


def test_guessing_at_the_confirmation_locks_as_at_the_door(desk: Client, alice: User) -> None:
    codes = [desk.post(CONFIRM, {"password": "wrong", "username": "x"}).status_code for _ in range(5)]
    assert codes[-1] == 429
    assert sign_in(Client(), alice.email).status_code == 429


def test_confirming_leads_to_this_site_only(desk: Client) -> None:
    for asked in ("//evil.example/", "https://evil.example/", "/\\evil.example"):
        answer = desk.post(CONFIRM, {"password": PASSWORD, "next": asked})
        assert answer.headers["Location"] == FACTOR


def test_a_colleagues_password_confirms_nothing(cast: Cast) -> None:
    cast.bob.set_password("the sentence of bob")
    cast.bob.save()
    client = signed_in(cast.alice)
    client.post(CONFIRM, {"password": "the sentence of bob"})
    assert client.get(APP).status_code == 302


# --- who must have one -----------------------------------------------------------------------------------------------


def test_who_needs_a_factor_sets_it_up_before_anything_opens(cast: Cast) -> None:
    must_have_one(cast.alice)
    client = Client()
    assert sign_in(client, cast.alice.email, query="?next=/accounts/profile/").headers["Location"] == APP
    for door in ("/desk/", "/accounts/profile/", FACTOR, CODES, "/admin/"):
        assert not is_signed_in(client)
        assert client.get(door).status_code in (302, 405)
    assert "Set it up now; then you are in." in text_of(client.get(APP))
    page = set_up(client)
    assert len(codes_on(page)) == 10
    assert 'href="/accounts/profile/"' in page.content.decode()
    assert is_signed_in(client)


def test_a_key_shown_to_somebody_else_before_is_not_offered(cast: Cast) -> None:
    must_have_one(cast.bob)
    client = Client()
    sign_in(client, cast.bob.email)
    seen = key_on(client.get(APP))
    sign_in(client, cast.alice.email)
    assert key_on(client.get(APP)) != seen


@pytest.mark.parametrize("deed", ["app", "codes", "remove"])
def test_nothing_changes_that_is_not_written_down(
    desk: Client, alice: User, monkeypatch: pytest.MonkeyPatch, deed: str
) -> None:
    make_app(alice)
    before = left_of(alice)
    key = key_on(desk.get(APP))

    def fail(*_said: Any, **_facts: Any) -> None:
        raise OSError("the log is full")

    monkeypatch.setattr(factor_changes, "record", fail)
    path, said = {"app": (APP, {"code": code_now(key)}), "codes": (CODES, {}), "remove": (REMOVE, {})}[deed]
    with pytest.raises(OSError, match="full"):
        desk.post(path, said)
    assert left_of(alice) == before


def left_of(user: User) -> list[Any]:
    return [*TOTPDevice.objects.filter(user=user).values_list("pk", "key"), recovery_codes_left(user)]


def test_at_the_second_step_nobody_sets_up_another_app(cast: Cast) -> None:
    make_app(cast.alice)
    must_have_one(cast.alice)
    client = at_second_step(cast.alice)
    assert client.get(APP).headers["Location"] == "/accounts/login/"
    assert client.post(APP, {"code": code_now()}).headers["Location"] == "/accounts/login/"
    assert TOTPDevice.objects.get(user=cast.alice).key == KEY


def test_who_needs_a_factor_is_told_when_removing_it(alice: User) -> None:
    make_app(alice)
    must_have_one(alice)
    client = at_second_step(alice)
    give_code(client, code_now())
    assert "you set up an app again the next time" in text_of(client.get(REMOVE))
    client.post(REMOVE)
    assert sign_in(Client(), alice.email).headers["Location"] == APP


def test_a_session_from_before_the_rule_goes_through_the_second_step(desk: Client, alice: User) -> None:
    must_have_one(alice)
    assert not is_signed_in(desk)
    assert sign_in(Client(), alice.email).headers["Location"] == APP


@pytest.mark.parametrize("deed", ["set up", "codes", "remove"])
def test_other_sessions_end_when_a_factor_changes(cast: Cast, deed: str) -> None:
    if deed != "set up":
        make_app(cast.alice)
    here, elsewhere = at_second_step(cast.alice), at_second_step(cast.alice)
    if deed != "set up":
        give_code(elsewhere, code_now())
        TOTPDevice.objects.update(last_t=-1)
        give_code(here, code_now())
    assert is_signed_in(elsewhere)
    if deed == "set up":
        set_up(here)
    else:
        here.post(CODES if deed == "codes" else REMOVE)
    assert is_signed_in(here)
    assert not is_signed_in(elsewhere)


def test_what_changes_is_written_down(desk: Client, alice: User) -> None:
    set_up(desk)
    desk.post(REMOVE)
    told = AuditEntry.objects.filter(action__startswith="factor.").order_by("pk")
    assert [(entry.action, entry.actor_id) for entry in told] == [
        ("factor.add", alice.pk),
        ("factor.remove", alice.pk),
    ]
