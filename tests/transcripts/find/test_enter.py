"""Who comes in to the compliance desk: its own staff, who said what for. Nobody else reaches any address of it."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from accounts.models import AuditEntry, User
from tests.factories import Cast, make_admin, make_supervisor, make_user
from tests.matrix.doors import COMPLIANCE, routes
from transcripts.models import Matter, Purpose

PATHS = sorted(
    "/" + re.sub(r"<(\w+):\w+>", lambda part: "1" if part[1] == "int" else "x", route)
    for route, _pattern in routes()
    if route.startswith(COMPLIANCE)
)


def signed_in(user: User) -> Client:
    browser = Client()
    browser.force_login(user, backend="accounts.backends.UserTypeBackend")
    return browser


def test_there_are_doors_at_all() -> None:
    assert {"/transcripts/", "/transcripts/purpose/", "/transcripts/matters/"} <= set(PATHS)


def test_nobody_else_comes_in_anywhere(cast: Cast) -> None:
    """C-01: not an admin, not a superuser, not a supervisor, not an operator."""
    root = make_user("root", is_superuser=True)
    for user in (cast.alice, cast.charlie, make_supervisor(), make_admin(), root):
        browser = signed_in(user)
        for path in PATHS:
            assert {browser.get(path).status_code, browser.post(path).status_code} <= {403, 405}, (user, path)
    assert not Purpose.objects.exists()


def test_a_stranger_is_led_to_the_sign_in_and_back(client: Client, db: None) -> None:
    for path in PATHS:
        answer = client.get(path)
        assert answer.status_code in (302, 405), path
        assert answer.status_code == 405 or answer.headers["Location"].startswith("/accounts/login/?next=/transcripts/")


def test_a_visitor_with_a_token_is_a_stranger_here(client: Client, cast: Cast) -> None:
    client.cookies["chat"] = cast.vera.token
    assert client.get("/transcripts/").status_code == 302


def test_before_the_first_page_the_purpose_is_asked(cora: User) -> None:
    browser = signed_in(cora)
    for path in PATHS:
        answer = browser.get(path)
        if path != "/transcripts/purpose/":
            assert answer.status_code in (302, 405), path
            assert answer.status_code == 405 or answer.headers["Location"].startswith("/transcripts/purpose/?next=%2Ft")
    asked = browser.get("/transcripts/purpose/?next=/transcripts/matters/")
    assert asked.status_code == 200
    assert 'value="/transcripts/matters/"' in asked.content.decode()


def test_a_reason_in_words_opens_and_is_recorded(cora: User) -> None:
    browser = signed_in(cora)
    answer = browser.post("/transcripts/purpose/", {"reason": "  Review of\nMay ", "next": "/transcripts/matters/"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/transcripts/matters/")
    page = browser.get("/transcripts/matters/")
    assert page.status_code == 200
    assert "Review of May" in page.content.decode()
    said = Purpose.objects.get()
    row = AuditEntry.objects.get(action="transcripts.purpose")
    assert (row.actor_id, row.reason, row.object_id) == (cora.pk, "Review of May", str(said.pk))
    assert len(said.session) == 64


def test_a_matter_opens_without_words_until_it_is_closed(cora: User) -> None:
    matter = Matter.objects.create(number="2026-1", name="A case", created_by=cora)
    browser = signed_in(cora)
    browser.post("/transcripts/purpose/", {"matter": matter.pk})
    assert browser.get("/transcripts/").status_code == 200
    Matter.objects.update(closed_at=matter.created_at)
    assert browser.get("/transcripts/").status_code == 302
    assert browser.post("/transcripts/purpose/", {"matter": matter.pk}).status_code == 422


@pytest.mark.parametrize("reason", ["", "   ", "x", "\n\t a \x00"])
def test_no_reason_opens_nothing(cora: User, reason: str) -> None:
    browser = signed_in(cora)
    assert browser.post("/transcripts/purpose/", {"reason": reason}).status_code == 422
    assert not Purpose.objects.exists()
    assert browser.get("/transcripts/").status_code == 302


def test_each_session_says_it_anew(cora: User) -> None:
    signed_in(cora).post("/transcripts/purpose/", {"reason": "review of May"})
    assert signed_in(cora).get("/transcripts/").status_code == 302


def test_of_two_purposes_the_later_counts(cora: User) -> None:
    browser = signed_in(cora)
    for reason in ("review of May", "review of June"):
        browser.post("/transcripts/purpose/", {"reason": reason})
    assert "review of June" in browser.get("/transcripts/").content.decode()


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/transcripts/", "/admin/", "/transcripts/purpose/"]
)
def test_the_way_back_leads_nowhere_else(cora: User, target: str) -> None:
    answer = signed_in(cora).post("/transcripts/purpose/", {"reason": "review of May", "next": target})
    assert answer.headers["Location"] == "/transcripts/"


def test_who_loses_the_module_is_out_at_once(cora: User) -> None:
    browser = signed_in(cora)
    browser.post("/transcripts/purpose/", {"reason": "review of May"})
    assert cora.user_type is not None
    cora.user_type.opens_transcripts = False
    cora.user_type.save()
    assert browser.get("/transcripts/").status_code in (302, 403)


def test_pages_are_kept_by_no_cache(cora: User) -> None:
    browser = signed_in(cora)
    browser.post("/transcripts/purpose/", {"reason": "review of May"})
    assert "no-store" in browser.get("/transcripts/").headers["Cache-Control"]
