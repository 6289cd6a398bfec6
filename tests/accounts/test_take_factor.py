"""An admin takes a lost second factor away; the person is told."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.actions.second_factors import make_recovery_codes
from accounts.models import AuditEntry, User
from accounts.second_factor import has_second_factor
from accounts.tasks import send_password_mails
from tests.accounts.codes import at_second_step, code_now, give_code, make_app
from tests.accounts.people import is_signed_in, sign_in, signed_in, text_of
from tests.factories import Cast

PEOPLE = "/admin/accounts/user/"


def take(admin: Client, *users: User) -> Any:
    chosen = {"action": "remove_second_factor", "_selected_action": [user.pk for user in users]}
    return admin.post(PEOPLE, chosen, follow=True)


def test_it_is_gone_told_and_written_down(ada: User, cast: Cast, mailoutbox: list[Any]) -> None:
    make_app(cast.alice)
    alice = at_second_step(cast.alice)
    give_code(alice, code_now())
    page = take(signed_in(ada), cast.alice, cast.bob)
    assert "1 second factor removed." in text_of(page)
    assert not has_second_factor(cast.alice)
    assert not is_signed_in(alice)
    entry = AuditEntry.objects.get(action="factor.remove")
    assert (entry.actor_id, entry.object_id) == (ada.pk, str(cast.alice.pk))
    send_password_mails()
    assert [mail.to for mail in mailoutbox] == [["alice@desk.example"]]
    assert "If you did not, tell them at once." in mailoutbox[0].body
    assert sign_in(Client(), cast.alice.email).headers["Location"] == "/desk/"


def test_ones_own_is_not_taken_away_there(ada: User) -> None:
    make_app(ada)
    page = take(signed_in(ada), ada)
    assert "on your own page" in text_of(page)
    assert has_second_factor(ada)


def test_the_list_tells_who_has_one(ada: User, cast: Cast) -> None:
    make_app(cast.alice)
    admin = signed_in(ada)
    assert "alice@desk.example" in text_of(admin.get(f"{PEOPLE}?factor=yes"))
    assert "bob@desk.example" not in text_of(admin.get(f"{PEOPLE}?factor=yes"))
    assert "alice@desk.example" not in text_of(admin.get(f"{PEOPLE}?factor=no"))
    assert "bob@desk.example" in text_of(admin.get(f"{PEOPLE}?factor=no"))


def test_the_page_of_a_person_says_what_there_is_and_no_key(ada: User, cast: Cast) -> None:
    device = make_app(cast.alice)
    codes = make_recovery_codes(cast.alice)
    page = signed_in(ada).get(f"{PEOPLE}{cast.alice.pk}/change/")
    assert "authenticator app, 10 recovery codes left" in text_of(page)
    assert device.key not in page.content.decode()
    assert not any(code in page.content.decode() for code in codes)


@pytest.mark.parametrize("name", ["otp_totp/totpdevice", "otp_static/staticdevice"])
def test_keys_have_no_page_in_the_settings(ada: User, name: str) -> None:
    admin = signed_in(ada)
    assert admin.get(f"/admin/{name}/").status_code == 404
    assert admin.get(f"/admin/{name}/add/").status_code == 404
