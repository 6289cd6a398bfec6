"""What the console says: the doors, the passwords, and the link that makes the first admin."""

from __future__ import annotations

import pytest

from accounts.models import User
from chatdesk.demo import DemoPerson
from chatdesk.serving.doors import announcement, base_url, first_run_link, report

BASE = "http://127.0.0.1:8000"
ADA = DemoPerson("ada@desk.example", "Admin", "opal-river-42")
BOB = DemoPerson("bob@desk.example", "Operator, Support", None)


@pytest.mark.once
@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000"),
        ("0.0.0.0", "http://127.0.0.1:8000"),
        ("::", "http://[::1]:8000"),
        ("::1", "http://[::1]:8000"),
        ("desk.example", "http://desk.example:8000"),
    ],
)
def test_the_address_is_one_to_type_on_this_machine(host: str, expected: str) -> None:
    assert base_url(host, 8000) == expected


@pytest.mark.once
def test_every_door_is_told_in_full() -> None:
    words = announcement(BASE, [], None)
    for path in ("/chat/", "/desk/", "/admin/", "/help/"):
        assert f"{BASE}{path}" in words


@pytest.mark.once
def test_a_password_is_printed_once_and_later_only_hinted_at() -> None:
    words = announcement(BASE, [ADA, BOB], None)
    assert "ada@desk.example" in words
    assert "opal-river-42" in words
    assert "bob@desk.example" in words
    assert "as on the first run" in words


@pytest.mark.once
def test_nothing_is_said_of_people_or_links_where_there_are_none() -> None:
    words = announcement(BASE, [], None)
    assert "password" not in words.lower()
    assert "first admin" not in words


@pytest.mark.once
def test_the_first_run_link_is_told_with_its_address() -> None:
    assert f"{BASE}/first-run/abc/" in announcement(BASE, [], "/first-run/abc/")
    assert f"{BASE}/first-run/abc/" in report(BASE, [], "/first-run/abc/")


@pytest.mark.once
def test_a_report_does_not_claim_to_serve() -> None:
    assert "serving" not in report(BASE, [ADA], None)


def test_an_empty_desk_has_a_first_run_link(db: None) -> None:
    link = first_run_link()
    assert link is not None
    assert link.startswith("/first-run/")


def test_a_desk_with_people_has_none(alice: User) -> None:
    assert first_run_link() is None
