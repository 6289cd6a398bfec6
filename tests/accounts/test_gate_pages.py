"""The gate of pages: every request of somebody who is signed in asks the rules of the moment."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import AuditEntry, SignIn, User
from tests.accounts.people import is_signed_in, signed_in, text_of
from tests.accounts.rulings import ELSEWHERE, begun_earlier, closed_now, ends_in, only_from, typed
from tests.factories import Cast, make_admin

DOORS = ["/accounts/profile/", "/desk/", "/desk/lists/mine/", "/accounts/sessions/", "/admin/", "/"]


@pytest.mark.parametrize("path", DOORS)
def test_outside_the_hours_every_page_says_so(cast: Cast, path: str) -> None:
    alice = signed_in(cast.alice)
    opens = closed_now(typed(cast.alice))
    page = alice.get(path)
    assert page.status_code == 403
    assert "outside your log-in hours" in text_of(page)
    assert f"{opens:%H:%M}" in text_of(page)
    assert page.headers["Cache-Control"] == "no-store"


def test_a_refused_session_is_over(cast: Cast) -> None:
    alice = signed_in(cast.alice)
    closed_now(typed(cast.alice))
    alice.get("/desk/")
    assert not SignIn.objects.filter(user=cast.alice).exists()
    assert not Session.objects.exists()
    typed(cast.alice).windows.all().delete()
    assert not is_signed_in(alice)
    ended = AuditEntry.objects.get(action="session.end")
    assert (ended.object_id, ended.reason) == (str(cast.alice.pk), "hours")


def test_from_another_network_every_page_says_so(cast: Cast) -> None:
    alice = signed_in(cast.alice)
    only_from(typed(cast.alice), ELSEWHERE)
    page = alice.get("/desk/")
    assert page.status_code == 403
    assert "from where you are" in text_of(page)
    assert "sign in again" not in text_of(page).lower()


def test_the_address_that_counts_is_not_what_a_stranger_writes(cast: Cast, settings: Any) -> None:
    only_from(typed(cast.alice), ELSEWHERE)
    forged = signed_in(cast.alice).get("/desk/", headers={"x-forwarded-for": "198.51.100.7"})
    assert forged.status_code == 403
    settings.TRUSTED_PROXIES = ["127.0.0.1"]
    behind = signed_in(cast.alice).get("/desk/", headers={"x-forwarded-for": "198.51.100.7"})
    assert behind.status_code == 200


def test_who_is_still_inside_the_hours_stays(cast: Cast) -> None:
    alice = signed_in(cast.alice)
    ends_in(typed(cast.alice), timedelta(minutes=1))
    only_from(typed(cast.alice), "127.0.0.0/8")
    assert alice.get("/desk/").status_code == 200


def test_a_visitors_page_is_open_to_whoever_was_signed_in(cast: Cast) -> None:
    alice = signed_in(cast.alice)
    closed_now(typed(cast.alice))
    assert alice.get("/chat/sales/").status_code == 200
    assert not is_signed_in(alice)


def test_a_session_that_nobody_works_in_ends(cast: Cast) -> None:
    alice = signed_in(cast.alice)
    begun_earlier(cast.alice, timedelta(hours=3), timedelta(minutes=61))
    page = alice.get("/desk/")
    assert page.status_code == 403
    assert "nothing was done here" in text_of(page)


def test_a_session_lasts_so_long_and_no_longer(cast: Cast) -> None:
    alice = signed_in(cast.alice)
    begun_earlier(cast.alice, timedelta(hours=12, seconds=1), timedelta())
    assert "lasts only so long" in text_of(alice.get("/desk/"))


def test_a_browser_keeps_the_cookie_as_long_as_the_type_says(cast: Cast) -> None:
    kind = typed(cast.alice)
    kind.session_hours = 3
    kind.save()
    signed_in(User.objects.select_related("user_type").get(pk=cast.alice.pk))
    left = Session.objects.get().expire_date - timezone.now()
    assert timedelta(hours=2, minutes=59) < left <= timedelta(hours=3)


def acted_at(user: User) -> Any:
    return SignIn.objects.get(user=user).acted_at


def test_opening_a_page_is_a_deed(cast: Cast) -> None:
    alice = signed_in(cast.alice)
    begun_earlier(cast.alice, timedelta(hours=1), timedelta(minutes=30))
    before = acted_at(cast.alice)
    alice.get("/desk/")
    assert acted_at(cast.alice) > before


def test_a_page_within_the_same_minute_writes_nothing(cast: Cast) -> None:
    """SQLite has one writer at a time: a page that has nothing to write must not wait for the chats."""
    alice = signed_in(cast.alice)
    alice.get("/desk/")  # what is made once for each person and desk is there from now on
    with CaptureQueriesContext(connection) as asked:
        assert alice.get("/desk/").status_code == 200
    written = [each["sql"] for each in asked if not each["sql"].startswith("SELECT")]
    assert written == []


@pytest.mark.parametrize("headers", [{"hx-request": "true"}, {"sec-fetch-mode": "no-cors"}, {"sec-fetch-mode": "cors"}])
def test_what_a_page_fetches_by_itself_is_no_deed(cast: Cast, headers: dict[str, str]) -> None:
    alice = signed_in(cast.alice)
    begun_earlier(cast.alice, timedelta(hours=1), timedelta(minutes=30))
    before = acted_at(cast.alice)
    assert alice.get("/desk/lists/mine/", headers=headers).status_code == 200
    assert acted_at(cast.alice) == before


def test_a_type_that_asks_for_a_second_factor_ends_sessions_without(cast: Cast) -> None:
    alice = signed_in(cast.alice)
    kind = typed(cast.alice)
    kind.needs_second_factor = True
    kind.save()
    assert "second factor" in text_of(alice.get("/desk/"))
    with_factor = signed_in(cast.alice)
    session = with_factor.session
    session["second_factor_at"] = 1
    session.save()
    assert with_factor.get("/desk/").status_code == 200


def test_a_session_whose_row_is_gone_is_a_strangers(cast: Cast) -> None:
    alice = signed_in(cast.alice)
    SignIn.objects.all().delete()
    assert not is_signed_in(alice)


def test_an_admin_is_asked_as_everybody_else(db: None) -> None:
    ada = make_admin()
    client = signed_in(ada)
    closed_now(typed(ada))
    assert client.get("/admin/accounts/user/").status_code == 403
    assert client.post("/admin/accounts/usertype/add/", {"name": "Mine"}).status_code == 302  # a stranger by now


def test_strangers_are_not_asked(client: Client, db: None) -> None:
    assert client.get("/accounts/login/").status_code == 200
    assert client.get("/desk/").status_code == 302
