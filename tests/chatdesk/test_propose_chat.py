"""Which invitations web pages are told of: only while somebody is free to answer, and no more than the page needs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from chatdesk.models import Button, InvitationRule
from tests.chatdesk.test_show_button import close
from tests.factories import Cast, make_conversation, make_hours, make_present

STATE = "/buttons/sales.json"


def rule(cast: Cast, **facts: Any) -> InvitationRule:
    facts.setdefault("texts", "May we help?\n\n  Any question?  ")
    return InvitationRule.objects.create(button=cast.sales_button, **facts)


def told(client: Client, language: str = "en") -> list[dict[str, Any]]:
    answer = client.get(STATE, headers={"Accept-Language": language}).json()
    rules: list[dict[str, Any]] = answer.get("invite", {}).get("rules", [])
    return rules


def test_a_page_is_told_what_to_check(client: Client, cast: Cast) -> None:
    make_present(cast.alice)
    made = rule(cast, page="/prices/*", seconds=20, returning_only=True)
    assert told(client) == [
        {
            "id": made.pk,
            "page": "/prices/*",
            "seconds": 20,
            "returning": True,
            "texts": ["May we help?", "Any question?"],
        }
    ]
    invite = client.get(STATE).json()["invite"]
    assert invite["script"] == "/static/widget/invitation.js"
    assert invite["words"] == {"title": "Invitation to chat", "yes": "Start a chat", "no": "No, thank you"}


def test_a_button_without_rules_says_nothing_of_them(client: Client, cast: Cast) -> None:
    make_present(cast.alice)
    rule(cast, is_active=False)
    assert "invite" not in client.get(STATE).json()


def test_nobody_is_invited_while_nobody_is_there(client: Client, cast: Cast) -> None:
    rule(cast)
    assert told(client) == []
    make_present(cast.alice)
    assert len(told(client)) == 1


def test_nobody_is_invited_to_wait(client: Client, cast: Cast) -> None:
    rule(cast)
    make_present(cast.alice)
    cast.alice.memberships.update(chat_limit=1)
    make_conversation(cast.sales_button, operator=cast.alice)
    assert told(client) == []


def test_nobody_is_invited_out_of_hours(client: Client, cast: Cast) -> None:
    rule(cast)
    make_present(cast.alice)
    close(cast.sales)
    assert told(client) == []


def test_only_while_the_queue_is_short(client: Client, cast: Cast) -> None:
    rule(cast, queue_below=2)
    make_present(cast.alice)
    make_conversation(cast.sales_button)
    assert len(told(client)) == 1
    make_conversation(cast.sales_button)
    assert told(client) == []


def test_only_in_hours_of_its_own(client: Client, cast: Cast) -> None:
    make_present(cast.alice)
    today = timezone.now().weekday()
    tomorrow = (timezone.now() + timedelta(days=2)).weekday()
    made = rule(cast, hours=make_hours("Today", opens="00:00-00:00", days=range(today, today + 1)))
    assert len(told(client)) == 1
    made.hours = make_hours("Later", opens="09:00-17:00", days=range(tomorrow, tomorrow + 1))
    made.save()
    assert told(client) == []


def test_only_in_its_language(client: Client, cast: Cast) -> None:
    make_present(cast.alice)
    rule(cast, language="de", texts="Fragen?")
    assert told(client) == []
    assert [one["texts"] for one in told(client, "de")] == [["Fragen?"]]


@pytest.mark.parametrize("page", ["/", "/prices/*", "*", "*/basket", "https://shop.example/*", "/search?q=*"])
def test_pages_are_paths_or_addresses(cast: Cast, page: str) -> None:
    rule(cast, page=page).full_clean()


@pytest.mark.parametrize("page", ["", "prices", "javascript:alert(1)", "/a b", "/a#b", "ftp://x/"])
def test_what_is_no_page_is_refused(cast: Cast, page: str) -> None:
    with pytest.raises(ValidationError):
        rule(cast, page=page).full_clean()


@pytest.mark.parametrize("seconds", [0, 2, 3601])
def test_nobody_is_jumped_at(cast: Cast, seconds: int) -> None:
    with pytest.raises(ValidationError):
        rule(cast, seconds=seconds).full_clean()


# --- the frame that knows of earlier chats ---------------------------------------------------------------------------


def test_the_frame_asks_nothing_and_tells_only_the_buttons_sites(client: Client, cast: Cast) -> None:
    Button.objects.filter(slug="sales").update(allowed_sites="https://shop.example")
    answer = client.get("/buttons/sales/known/")
    assert not answer.cookies
    assert "frame-ancestors 'self' https://shop.example" in answer.headers["Content-Security-Policy"]
    assert 'data-button="sales"' in answer.content.decode()
    assert "Cookie" not in answer.headers.get("Vary", "")


def test_the_frame_of_no_button_is_not_found(client: Client, cast: Cast) -> None:
    assert client.get("/buttons/nobody/known/").status_code == 404
    Button.objects.filter(slug="sales").update(is_active=False)
    assert client.get("/buttons/sales/known/").status_code == 404
