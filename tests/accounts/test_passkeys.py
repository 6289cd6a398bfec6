"""Passkeys as the second step and alone, with an authenticator made of software. Chromium's own is in tests/browser."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db.models import F
from django.test import Client
from django.utils import timezone
from django_otp_webauthn.models import WebAuthnCredential
from pytest_django.fixtures import Settings

from accounts.freshness import FRESH_AT
from accounts.models import AuditEntry, Directory, DirectoryIdentity, PasskeyWait, User, UserType
from accounts.passkeys import Passkeys, has_name
from accounts.second_factor import has_second_factor
from tests.accounts.authenticator import PRESENT, Authenticator
from tests.accounts.codes import SECOND, at_second_step, code_now, give_code, make_app
from tests.accounts.people import is_signed_in, sign_in, text_of
from tests.factories import Cast

FACTOR = "/accounts/second-factor/"
ADD = f"{FACTOR}passkeys/"
STEP = f"{SECOND}passkey/"
ALONE = "/accounts/sign-in/passkey/"


@pytest.fixture(autouse=True)
def known_host(settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]


def post(client: Client, path: str, said: Any = None) -> Any:
    body = said if isinstance(said, str) else json.dumps(said or {})
    return client.post(path, body, content_type="application/json")


def long_ago() -> datetime:
    return timezone.now() - timedelta(days=1)


def talk(client: Client, path: str, device: Authenticator, **more: Any) -> Any:
    """Ask for a challenge, and hand in what the authenticator makes of it."""
    options = post(client, f"{path}begin/").json()
    answer = device.create(options) if path == ADD else device.get(options)
    return post(client, path, {"credential": answer, **more})


@pytest.fixture
def desk(cast: Cast) -> Client:
    client = Client()
    sign_in(client, cast.alice.email)
    return client


@pytest.fixture
def key(desk: Client) -> Authenticator:
    """The passkey of alice."""
    device = Authenticator()
    assert talk(desk, ADD, device, name="Laptop").status_code == 200
    return device


def test_a_passkey_is_kept_with_its_name(desk: Client, key: Authenticator, alice: User) -> None:
    passkey = WebAuthnCredential.objects.get()
    assert (passkey.user, passkey.name) == (alice, "Laptop")
    assert "Laptop" in text_of(desk.get(FACTOR))
    assert has_second_factor(alice)


@pytest.mark.parametrize(("name", "kept"), [("", "Passkey"), ("  a\n b\x00 ", "a b"), ("x" * 99, "x" * 64)])
def test_names_are_one_short_line(desk: Client, name: str, kept: str) -> None:
    talk(desk, ADD, Authenticator(), name=name)
    assert WebAuthnCredential.objects.get().name == kept


def test_the_browser_is_told_that_the_owner_has_to_show(desk: Client) -> None:
    options = post(desk, f"{ADD}begin/").json()
    chosen = options["authenticatorSelection"]
    assert (chosen["userVerification"], chosen["residentKey"]) == ("required", "required")
    assert options["rp"]["id"] == "testserver"
    assert post(Client(), f"{ALONE}begin/").json()["userVerification"] == "required"


def test_it_is_the_second_step(key: Authenticator, alice: User) -> None:
    client = at_second_step(alice)
    assert not is_signed_in(client)
    assert talk(client, STEP, key).json() == {"next": "/desk/"}
    assert is_signed_in(client)


def test_it_is_the_only_step_for_who_wants_that(key: Authenticator) -> None:
    client = Client()
    assert talk(client, ALONE, key).json() == {"next": "/desk/"}
    assert is_signed_in(client)


def test_a_colleagues_passkey_is_no_second_step(key: Authenticator, cast: Cast) -> None:
    make_app(cast.bob)
    client = at_second_step(cast.bob)
    assert talk(client, STEP, key).status_code == 400
    assert not is_signed_in(client)
    entry = AuditEntry.objects.get(action="sign_in.refused")
    assert (entry.actor_id, entry.reason) == (cast.bob.pk, "second_factor")


@pytest.mark.parametrize(
    "change",
    [{"origin": "https://evil.example"}, {"rp": "evil.example"}, {"flags": PRESENT}, {"flags": 0}, {"count": -1}],
)
@pytest.mark.parametrize("path", [STEP, ALONE])
def test_a_wrong_place_or_an_absent_owner_opens_nothing(
    key: Authenticator, alice: User, change: dict[str, Any], path: str
) -> None:
    client = at_second_step(alice)
    talk(client, ALONE, key)
    client = at_second_step(alice)
    for name, value in change.items():
        setattr(key, name, value)
    assert talk(client, path, key).status_code == 400
    assert not is_signed_in(client)


def refused() -> int:
    return AuditEntry.objects.filter(action="sign_in.refused", reason="second_factor").count()


def test_after_a_wrong_answer_the_next_one_waits(key: Authenticator, alice: User) -> None:
    client, stranger = at_second_step(alice), Authenticator()
    stranger.create(post(Client(), f"{ALONE}begin/").json() | {"rp": {"id": "testserver"}, "user": {"id": "eA"}})
    assert talk(client, STEP, stranger).status_code == 400
    early = talk(client, STEP, key)
    assert (early.status_code, early.json()["detail"]) == (
        429,
        "That did not work just now. Wait 1 second before the next try.",
    )
    assert not is_signed_in(client)
    assert refused() == 1, "what waits is not tried, and not written down"
    PasskeyWait.objects.update(throttling_failure_timestamp=F("throttling_failure_timestamp") - timedelta(seconds=2))
    assert talk(client, STEP, key).status_code == 200
    assert is_signed_in(client)
    assert not PasskeyWait.objects.exists(), "the next time begins anew"


def test_waits_double_for_the_person_in_whatever_browser(key: Authenticator, alice: User) -> None:
    PasskeyWait.objects.create(user=alice, throttling_failure_count=9, throttling_failure_timestamp=long_ago())
    assert post(at_second_step(alice), STEP, {"credential": {}}).status_code == 400
    answer = talk(at_second_step(alice), STEP, key)
    assert answer.status_code == 429
    assert "Wait 9 minutes before the next try." in answer.json()["detail"]


def test_rubbish_counts_and_a_colleague_does_not_wait(key: Authenticator, alice: User, cast: Cast) -> None:
    make_app(cast.bob)
    client, other = at_second_step(alice), at_second_step(cast.bob)
    assert [post(client, STEP, "rubbish").status_code for _time in range(3)] == [400, 429, 429]
    assert refused() == 1
    assert post(other, STEP, "rubbish").status_code == 400


def test_a_wait_for_passkeys_holds_up_no_code(key: Authenticator, alice: User) -> None:
    make_app(alice)
    client = at_second_step(alice)
    post(client, STEP, "rubbish")
    give_code(client, code_now())
    assert is_signed_in(client)


def test_an_owner_who_did_not_show_makes_no_passkey(desk: Client) -> None:
    assert talk(desk, ADD, Authenticator(flags=PRESENT)).status_code == 400
    assert not WebAuthnCredential.objects.exists()


def test_an_answer_counts_once(key: Authenticator, alice: User) -> None:
    client = at_second_step(alice)
    options = post(client, f"{STEP}begin/").json()
    key.origin = "https://evil.example"
    post(client, STEP, {"credential": key.get(options)})
    key.origin = "http://testserver"
    PasskeyWait.objects.all().delete()
    assert post(client, STEP, {"credential": key.get(options)}).status_code == 400
    assert not is_signed_in(client)


def test_somebody_elses_answer_to_somebody_elses_challenge_is_none(key: Authenticator, alice: User) -> None:
    thief = Client()
    post(thief, f"{ALONE}begin/")
    answer = key.get(post(Client(), f"{ALONE}begin/").json())
    assert post(thief, ALONE, {"credential": answer}).status_code == 400
    assert not is_signed_in(thief)


@pytest.mark.parametrize("path", [ADD, STEP, ALONE])
@pytest.mark.parametrize(
    "said",
    ["", "{", "[]", "null", '{"credential": 1}', '{"credential": {}}', '{"credential": {"id": "x"}}', "[" * 9000],
)
def test_nonsense_gets_a_sentence(desk: Client, alice: User, path: str, said: str) -> None:
    client = desk if path == ADD else at_second_step(alice)
    post(client, f"{path}begin/")
    answer = client.post(path, said, content_type="application/json")
    assert answer.status_code in (400, 403)
    assert set(answer.json()) == {"detail"}


@pytest.mark.parametrize("path", [ADD, STEP, f"{ADD}begin/", f"{STEP}begin/"])
def test_strangers_get_no_further(client: Client, db: None, path: str) -> None:
    assert post(client, path).status_code == 403
    assert client.get(path).status_code == 405


def test_adding_one_asks_for_a_fresh_password(desk: Client) -> None:
    session = desk.session
    session[FRESH_AT] -= 301
    session.save()
    answer = post(desk, f"{ADD}begin/")
    assert "Load this page again" in answer.json()["detail"]
    assert "Add a passkey" in text_of(desk.get(FACTOR))


def test_there_are_not_too_many(desk: Client, alice: User) -> None:
    made = [
        WebAuthnCredential(user=alice, name="x", credential_id=str(each).encode(), public_key=b"x", aaguid="x")
        for each in range(20)
    ]
    for passkey in made:
        passkey.save()
    assert "many passkeys" in post(desk, f"{ADD}begin/").json()["detail"]


def test_a_passkey_is_removed_by_its_owner_alone(desk: Client, key: Authenticator, cast: Cast) -> None:
    path = f"{ADD}{WebAuthnCredential.objects.get().pk}/remove/"
    stranger = Client()
    sign_in(stranger, cast.bob.email)
    assert stranger.get(path).status_code == 404
    assert stranger.post(path).status_code == 404
    assert "Remove “Laptop”?" in text_of(desk.get(path))
    desk.post(path)
    assert not WebAuthnCredential.objects.exists()
    assert talk(Client(), ALONE, key).status_code == 400


def test_other_sessions_end_with_a_new_passkey(cast: Cast, desk: Client) -> None:
    elsewhere = Client()
    sign_in(elsewhere, cast.alice.email)
    talk(desk, ADD, Authenticator())
    assert is_signed_in(desk)
    assert not is_signed_in(elsewhere)


# --- the rules hold on this door too ---------------------------------------------------------------------------------


def test_who_is_switched_off_gets_in_by_no_passkey(key: Authenticator, alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(is_active=False)
    client = Client()
    assert talk(client, ALONE, key).status_code == 400
    assert not is_signed_in(client)


def test_the_network_rule_is_asked(key: Authenticator, alice: User) -> None:
    UserType.objects.filter(users=alice).update(networks="203.0.113.0/24")
    client = Client()
    assert talk(client, ALONE, key).status_code == 403
    assert not is_signed_in(client)


def test_people_of_a_directory_give_its_password_first(key: Authenticator, alice: User) -> None:
    """Else a passkey would outlive the account in the directory, and an outage would not keep anybody out."""
    directory = Directory.objects.create(name="Corp", servers="ldap://x", bind_dn="x", base="x", is_active=False)
    DirectoryIdentity.objects.create(user=alice, directory=directory, uid="1")
    client = Client()
    assert "your password of Corp first" in talk(client, ALONE, key).json()["detail"]
    assert not is_signed_in(client)


def test_in_production_the_sites_own_name_counts(settings: Settings, rf: Any) -> None:
    settings.PRODUCTION, settings.SITE_HOST, settings.SITE_URL = True, "desk.example", "https://desk.example"
    passkeys = Passkeys(rf.get("/", headers={"host": "other.example"}))
    assert passkeys.get_relying_party_domain() == "desk.example"
    assert passkeys.get_allowed_origins() == ["https://desk.example"]


@pytest.mark.parametrize(
    ("host", "named"),
    [("localhost:8000", True), ("desk.example", True), ("127.0.0.1:8000", False), ("[::1]:8000", False)],
)
def test_passkeys_need_a_name(host: str, named: bool) -> None:
    assert has_name(host) is named
