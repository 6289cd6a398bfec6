from __future__ import annotations

import time

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.test import Client

from accounts.models import User
from tests.accounts.people import LOGIN, is_signed_in, sign_in, signed_in, text_of
from tests.factories import PASSWORD, Cast, make_admin, make_compliance, make_user

REFUSED = "This e-mail and password do not fit together."


def test_the_page_asks_for_email_and_password(client: Client, db: None) -> None:
    page = client.get(LOGIN)
    assert page.status_code == 200
    assert "Sign in" in text_of(page)
    assert 'autocomplete="current-password"' in page.content.decode()


def test_the_page_is_never_kept_by_caches(client: Client, db: None) -> None:
    assert "no-store" in client.get(LOGIN).headers["Cache-Control"]


@pytest.mark.parametrize(
    "spelling", ["alice@desk.example", "ALICE@Desk.Example", "  alice@desk.example ", "ａlice@desk.example"]
)
def test_an_email_is_known_in_any_spelling(client: Client, cast: Cast, spelling: str) -> None:
    assert sign_in(client, spelling).status_code == 302
    assert is_signed_in(client)


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("alice@desk.example", "wrong"),
        ("nobody@desk.example", PASSWORD),
        ("nobody@desk.example", "wrong"),
        ("alice@desk.example", PASSWORD + " "),
        ("alice@desk.example", PASSWORD.upper()),
        ("%", PASSWORD),
        ("alice_desk.example", PASSWORD),
    ],
)
def test_what_does_not_fit_is_refused_with_one_sentence(client: Client, cast: Cast, email: str, password: str) -> None:
    answer = sign_in(client, email, password)
    assert answer.status_code == 200
    assert REFUSED in text_of(answer)
    assert not is_signed_in(client)


def test_a_person_who_is_switched_off_hears_the_same_sentence(client: Client, cast: Cast) -> None:
    User.objects.filter(pk=cast.alice.pk).update(is_active=False)
    assert REFUSED in text_of(sign_in(client, cast.alice.email))


def test_a_person_without_a_password_hears_the_same_sentence(client: Client, db: None) -> None:
    user = make_user("nina")
    user.set_unusable_password()
    user.save()
    for password in ("", "!", user.password):
        answer = sign_in(client, user.email, password)
        assert not is_signed_in(client)
        assert answer.status_code == 200
    assert REFUSED in text_of(sign_in(client, user.email, user.password))


def test_unknown_people_take_as_long_as_known_ones(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each costs one Argon2 hash, which is all of the time there is to see."""
    monkeypatch.setattr(Argon2PasswordHasher, "memory_cost", 102_400)
    monkeypatch.setattr(Argon2PasswordHasher, "time_cost", 2)
    cast.alice.set_password(PASSWORD)
    cast.alice.save()

    def seconds(email: str) -> float:
        began = time.perf_counter()
        sign_in(Client(), email, "wrong")
        return time.perf_counter() - began

    seconds("warm@desk.example")
    known = min(seconds("alice@desk.example") for _ in range(5))
    unknown = min(seconds(f"nobody{number}@desk.example") for number in range(5))
    assert 0.5 < known / unknown < 2


def test_a_megabyte_of_password_is_refused_before_it_is_hashed(client: Client, cast: Cast) -> None:
    began = time.perf_counter()
    answer = sign_in(client, cast.alice.email, "x" * 10_000_000)
    assert answer.status_code == 400
    assert "That request did not make sense" in text_of(answer)
    assert time.perf_counter() - began < 2


@pytest.mark.parametrize(("length", "hashed"), [(512, True), (513, False), (900_000, False)])
def test_a_password_has_a_length_up_to_which_it_is_tried(client: Client, cast: Cast, length: int, hashed: bool) -> None:
    answer = sign_in(client, cast.alice.email, "x" * length)
    assert (REFUSED in text_of(answer)) is hashed
    assert not is_signed_in(client)


@pytest.mark.parametrize("email", ["", "a" * 300 + "@desk.example", "al\0ice@desk.example"])
def test_an_impossible_email_is_told_at_its_field(client: Client, cast: Cast, email: str) -> None:
    answer = sign_in(client, email)
    assert answer.status_code == 200
    assert 'aria-invalid="true"' in answer.content.decode()
    assert 'class="errorlist"' in answer.content.decode()


def test_markup_in_the_email_comes_back_as_text(client: Client, cast: Cast) -> None:
    answer = sign_in(client, '"><script>alert(1)</script>@desk.example')
    assert "<script>alert" not in answer.content.decode()


def test_signing_in_gives_a_new_session_key(client: Client, cast: Cast) -> None:
    client.get(LOGIN)
    session = client.session
    session["planted"] = "yes"
    session.save()
    before = session.session_key
    client.cookies["desk"] = str(before)
    sign_in(client, cast.alice.email)
    assert client.session.session_key != before
    assert is_signed_in(client)
    thief = Client()
    thief.cookies["desk"] = str(before)
    assert not is_signed_in(thief)


def test_who_is_signed_in_does_not_become_somebody_else(cast: Cast) -> None:
    client = signed_in(cast.alice)
    sign_in(client, cast.bob.email)
    assert "alice@desk.example" in text_of(client.get("/accounts/profile/"))


def test_the_next_person_finds_nothing_of_the_last_one(cast: Cast) -> None:
    client = signed_in(cast.alice)
    session = client.session
    session["of_alice"] = "secret"
    session.save()
    client.post("/accounts/logout/")
    sign_in(client, cast.bob.email)
    assert is_signed_in(client)
    assert "of_alice" not in client.session


@pytest.mark.parametrize(
    ("query", "target"),
    [
        ("", "/desk/"),
        ("?next=/accounts/profile/", "/accounts/profile/"),
        ("?next=/desk/?tab=mine", "/desk/?tab=mine"),
        ("?next=//evil.example/", "/desk/"),
        ("?next=/%5Cevil.example/", "/desk/"),
        ("?next=https:evil.example", "/desk/"),
        ("?next=https://evil.example/", "/desk/"),
        ("?next=javascript:alert(1)", "/desk/"),
        ("?next=%09//evil.example", "/desk/"),
        ("?next=http://testserver@evil.example/", "/desk/"),
    ],
)
def test_next_is_followed_on_this_site_only(client: Client, cast: Cast, query: str, target: str) -> None:
    answer = sign_in(client, cast.alice.email, query=query)
    assert answer.status_code == 302
    assert answer.headers["Location"] == target


def test_next_as_a_form_field_is_no_way_out_either(client: Client, cast: Cast) -> None:
    facts = {"username": cast.alice.email, "password": PASSWORD, "next": "//evil.example/"}
    assert client.post(LOGIN, facts).headers["Location"] == "/desk/"


def test_everybody_starts_at_the_first_door_that_opens(cast: Cast) -> None:
    doors = {make_admin().email: "/desk/", make_compliance().email: "/transcripts/"}
    doors[cast.charlie.email] = "/accounts/profile/"
    for email, door in doors.items():
        assert sign_in(Client(), email).headers["Location"] == door


def test_who_opens_only_the_settings_starts_there(cast: Cast) -> None:
    ada = make_admin()
    assert ada.user_type is not None
    ada.user_type.opens_dashboard = False
    ada.user_type.save()
    assert sign_in(Client(), ada.email).headers["Location"] == "/admin/"


def test_who_is_signed_in_does_not_meet_the_form(cast: Cast) -> None:
    assert signed_in(cast.alice).get(LOGIN).headers["Location"] == "/desk/"


def test_the_form_needs_its_token(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    answer = sign_in(client, cast.alice.email)
    assert answer.status_code == 403
    assert "Please send that again" in text_of(answer)


def test_djangos_own_sign_in_leads_to_ours(client: Client, db: None) -> None:
    answer = client.get("/admin/", follow=True)
    assert answer.redirect_chain[-1][0] == "/accounts/login/?next=/admin/"
    assert client.post("/admin/login/", {"username": "x", "password": "y"}).headers["Location"].startswith(LOGIN)


def test_djangos_own_sign_in_is_no_open_redirect(cast: Cast) -> None:
    client = signed_in(make_admin())
    assert client.get("/admin/login/?next=//evil.example/").headers["Location"] == "/admin/"
    assert client.get("/admin/login/?next=/admin/accounts/user/").headers["Location"] == "/admin/accounts/user/"


@pytest.mark.parametrize("method", ["get", "put", "delete", "patch"])
def test_strange_methods_sign_nobody_in(client: Client, cast: Cast, method: str) -> None:
    getattr(client, method)(f"{LOGIN}?username={cast.alice.email}&password={PASSWORD}")
    assert not is_signed_in(client)
