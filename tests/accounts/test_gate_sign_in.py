"""The gate of the doors by which people come in: the form, a new password, the first run."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client

from accounts.actions.first_admin import NAME
from accounts.actions.password_mails import send_due
from accounts.first_run import issue_link
from accounts.models import AuditEntry, SignIn, User, UserType
from tests.accounts.people import NEW_PASSWORD, is_signed_in, password_page, sign_in, signed_in, text_of
from tests.accounts.rulings import ELSEWHERE, closed_now, only_from, typed
from tests.factories import PASSWORD, Cast, make_admin

pytestmark = pytest.mark.django_db


def test_the_form_refuses_outside_the_hours_and_says_when(client: Client, cast: Cast) -> None:
    opens = closed_now(typed(cast.alice))
    page = sign_in(client, cast.alice.email)
    assert page.status_code == 200
    assert "This is outside your log-in hours. You can sign in again" in text_of(page)
    assert f"{opens:%H:%M}" in text_of(page)
    assert not is_signed_in(client)


def test_the_form_refuses_from_another_network(client: Client, cast: Cast) -> None:
    only_from(typed(cast.alice), ELSEWHERE)
    assert "from where you are" in text_of(sign_in(client, cast.alice.email))
    assert not is_signed_in(client)


def test_a_wrong_password_learns_nothing_of_the_rules(client: Client, cast: Cast) -> None:
    closed_now(typed(cast.alice))
    page = sign_in(client, cast.alice.email, "not the password")
    assert "do not fit together" in text_of(page)
    assert "hours" not in text_of(page)


def test_a_refusal_by_rule_is_recorded_and_no_strike(client: Client, cast: Cast) -> None:
    closed_now(typed(cast.alice))
    for _ in range(6):
        assert sign_in(client, cast.alice.email).status_code == 200
    refused = AuditEntry.objects.filter(action="sign_in.refused", reason="hours")
    assert refused.count() == 6
    typed(cast.alice).windows.all().delete()
    assert sign_in(client, cast.alice.email).status_code == 302


def test_the_admins_door_is_the_same_door(client: Client) -> None:
    ada = make_admin()
    only_from(typed(ada), ELSEWHERE)
    door = client.get("/admin/login/")
    assert door.headers["Location"].startswith("/accounts/login/")
    assert client.post("/admin/login/", {"username": ada.email, "password": PASSWORD}).status_code == 302
    assert not is_signed_in(client)


def test_a_new_password_is_no_way_in(client: Client, cast: Cast) -> None:
    closed_now(typed(cast.alice))
    path = password_page(client, cast.alice)
    client.post(path, {"new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD})
    assert not is_signed_in(client)
    assert "outside your log-in hours" in text_of(sign_in(client, cast.alice.email, NEW_PASSWORD))


def test_asking_for_a_new_password_says_nothing_of_the_rules(client: Client, cast: Cast) -> None:
    only_from(typed(cast.alice), ELSEWHERE)
    page = client.post("/accounts/password/reset/", {"email": cast.alice.email}, follow=True)
    assert "from where you are" not in text_of(page)
    send_due()
    assert len(mail.outbox) == 1


def test_the_first_run_ends_at_the_gate(client: Client) -> None:
    kind = UserType.objects.create(name=NAME, opens_admin=True, networks=ELSEWHERE)
    facts = {"email": "ada@desk.example", "display_name": "Ada", "password": NEW_PASSWORD, "again": NEW_PASSWORD}
    page = client.post(issue_link(), facts)
    assert page.status_code == 302
    assert User.objects.get().user_type == kind
    assert client.get(page.headers["Location"]).status_code == 403
    assert not is_signed_in(client)


def test_each_sign_in_has_its_row(client: Client, cast: Cast) -> None:
    sign_in(client, cast.alice.email, headers={"user-agent": "Tester/1"})
    row = SignIn.objects.get(user=cast.alice)
    assert (row.address, row.user_agent, row.session_key) == ("127.0.0.1", "Tester/1", client.session.session_key)
    client.post("/accounts/logout/")
    assert not SignIn.objects.exists()


def test_signing_in_over_somebody_else_makes_a_row_of_its_own(cast: Cast) -> None:
    browser = signed_in(cast.alice)
    browser.force_login(cast.bob, backend="accounts.backends.UserTypeBackend")
    assert SignIn.objects.get(user=cast.bob).session_key == browser.session.session_key
    assert browser.get("/accounts/profile/").status_code == 200


def test_the_row_follows_the_session_to_another_key(client: Client, cast: Cast) -> None:
    sign_in(client, cast.alice.email)
    words = {"old_password": PASSWORD, "new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD}
    assert client.post("/accounts/password/", words).status_code == 302
    assert SignIn.objects.get(user=cast.alice).session_key == client.session.session_key
    assert is_signed_in(client)


def test_tomorrow_and_other_days_are_named(client: Client, cast: Cast) -> None:
    closed_now(typed(cast.alice), timedelta(hours=24))
    assert "tomorrow at" in text_of(sign_in(client, cast.alice.email))
    opens = closed_now(typed(cast.alice), timedelta(days=3))
    assert f"on {opens:%A} at {opens:%H:%M}" in text_of(sign_in(client, cast.alice.email))
