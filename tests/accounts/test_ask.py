"""The page that answers what a person may do, from where and when: by the functions that the doors ask."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import LoginWindow, SignIn, User, UserType
from accounts.simulation import simulate
from tests.accounts.people import signed_in, text_of
from tests.accounts.rulings import only_from, typed
from tests.factories import Cast, make_compliance, make_user

ASK = "/admin/accounts/user/ask/"
MONDAY_NINE = "2026-11-23T09:00"


@pytest.fixture
def office(cast: Cast) -> UserType:
    """alice's type works on Mondays from the office."""
    kind = typed(cast.alice)
    LoginWindow.objects.create(user_type=kind, weekday=0, start=time(8), end=time(17))
    only_from(kind, "192.0.2.0/24")
    return kind


def asked(desk: Client, person: User, at: str = MONDAY_NINE, address: str = "192.0.2.7") -> str:
    return text_of(desk.get(ASK, {"person": str(person.pk), "address": address, "at": at}))


def test_who_may_come_in_is_told_until_when_and_what_opens(desk: Client, cast: Cast, office: UserType) -> None:
    page = asked(desk, cast.alice)
    assert "Alice may be signed in. Nothing stands in the way." in page
    assert "log-in hours end on Nov. 23, 2026, 5 p.m." in page
    assert "Opens the dashboard yes" in page
    assert "Opens the admin pages no" in page
    assert "Admin part: Routing groups no" in page
    assert "Answer chats own chats" in page
    assert "Export transcripts none" in page


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"at": "2026-11-23T07:59"}, "outside your log-in hours. You can sign in again today at 08:00."),
        ({"at": "2026-11-23T17:00"}, "You can sign in again on Nov. 30, 2026 at 08:00."),
        ({"at": "2026-11-22T17:00"}, "You can sign in again tomorrow at 08:00."),
        ({"at": "2026-11-27T17:00"}, "You can sign in again on Monday at 08:00."),
        ({"address": "203.0.113.9"}, "may not be signed in from where you are"),
    ],
)
def test_who_may_not_is_told_why_and_when(
    desk: Client, cast: Cast, office: UserType, facts: dict[str, Any], sentence: str
) -> None:
    page = asked(desk, cast.alice, **facts)
    assert "Alice may not be signed in." in page
    assert sentence in page


def test_the_page_asks_for_what_is_missing(desk: Client, cast: Cast) -> None:
    assert "may be signed in" not in text_of(desk.get(ASK))
    assert "Write an IPv4 or IPv6 address" in asked(desk, cast.alice, address="office")
    assert "This field is required" in text_of(desk.get(ASK, {"address": "192.0.2.1"}))
    assert "Alice may be signed in" in text_of(desk.get(ASK, {"person": cast.alice.pk}))


@pytest.mark.parametrize("at", ["0001-01-01T00:00", "9999-12-20T09:00", "9999-12-31T23:59"])
def test_a_moment_that_no_calendar_reaches_around_is_told(desk: Client, cast: Cast, office: UserType, at: str) -> None:
    assert "Ensure this value is" in asked(desk, cast.alice, at=at)


def test_it_is_linked_from_the_people(desk: Client, cast: Cast) -> None:
    assert f'href="{ASK}"' in desk.get("/admin/accounts/user/").content.decode()
    page = desk.get(f"/admin/accounts/user/{cast.alice.pk}/change/").content.decode()
    assert f"{ASK}?person={cast.alice.pk}" in page


def test_only_who_looks_after_people_asks(cast: Cast) -> None:
    kind = UserType.objects.create(name="Groups", opens_admin=True, admin_parts=["routing"])
    assert signed_in(make_user("pia", kind)).get(ASK).status_code == 403
    assert signed_in(cast.alice).get(ASK, follow=True).status_code == 403


def test_asking_changes_nothing(desk: Client, cast: Cast, office: UserType) -> None:
    before = SignIn.objects.count()
    asked(desk, cast.alice)
    assert SignIn.objects.count() == before


def test_a_person_without_a_type_opens_nothing(db: None) -> None:
    found = simulate(make_user("nina"), "192.0.2.7", timezone.now())
    assert (found.decision.allowed, found.decision.code) == (True, "no_type")
    assert not any(opens for _, opens in [*found.modules, *found.parts])
    assert {scope for _, scope in found.scopes} == {"none"}


def test_compliance_staff_export_and_never_answer(db: None) -> None:
    found = simulate(make_compliance(), "192.0.2.7", datetime.fromisoformat(f"{MONDAY_NINE}+00:00"))
    scopes = dict(found.scopes)
    assert (scopes["export transcripts"], scopes["answer chats"]) == ("all chats", "none")
