"""What a visitor without a script reads while they wait, what page may post, and where a chat page is."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.http import HttpRequest
from django.test import RequestFactory
from django.utils import timezone
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from chatdesk.links import chat_link, page_url
from chatdesk.models import Button
from chatdesk.protocol import ConversationState
from chatdesk.templatetags.entries import breakable, of
from chatdesk.views.visitor.closed import opening_words
from chatdesk.views.visitor.colours import drawn_in
from chatdesk.views.visitor.origin import own_post
from chatdesk.views.visitor.waits import about, card_words, in_words, waiting_words
from chatdesk.wait_range import wait_range

pytestmark = pytest.mark.once

MONDAY = datetime(2026, 3, 2, 8, tzinfo=UTC)
LANGUAGES = ["en", "de"]


def place(state: str = "waiting", **facts: Any) -> ConversationState:
    return ConversationState(conversation="c", state=state, **facts)


@pytest.mark.parametrize(
    ("headers", "own"),
    [
        ({}, True),
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "none"}, True),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": ""}, False),
        ({"Sec-Fetch-Site": "Same-Origin"}, False),
        ({"Origin": "http://testserver"}, True),
        ({"Origin": "https://testserver"}, True),
        ({"Origin": "null"}, False),
        ({"Origin": ""}, False),
        ({"Origin": "http://testserver:81"}, False),
        ({"Origin": "http://testserver.evil.example"}, False),
        ({"Origin": "http://evil.example/testserver"}, False),
        ({"Origin": "http://testserver@evil.example"}, False),
        ({"Origin": "http://evil.example#testserver"}, False),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "http://evil.example"}, False),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"}, False),
    ],
)
def test_a_post_of_another_site_is_known_by_either_header(headers: dict[str, str], own: bool) -> None:
    request: HttpRequest = RequestFactory().post("/chat/", headers=headers)
    assert own_post(request) is own


@given(written=st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=40))
def test_no_origin_but_the_hosts_own_passes(written: str) -> None:
    request = RequestFactory().post("/chat/", headers={"Origin": f"http://{written}.example"})
    assert not own_post(request)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("seconds", "number"), [(0, None), (60, None), (61, "2"), (600, "15"), (86_400, "2160")])
def test_a_wait_is_a_range_in_words(language: str, seconds: int, number: str | None) -> None:
    with override(language):
        said = about(seconds)
    assert not any(sign in said for sign in "%{}‹›")
    assert number in said if number else not any(sign.isdigit() for sign in said)


@pytest.mark.parametrize("language", LANGUAGES)
@given(seconds=st.integers(0, 10**6))
def test_the_words_of_any_wait_name_both_ends_of_its_range(language: str, seconds: int) -> None:
    span = wait_range(seconds)
    assert span is not None
    with override(language):
        said = in_words(span)
    if span[1] > 60:
        assert str(span[0] // 60) in said
        assert str(span[1] // 60) in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_place_and_wait_are_said_together(language: str) -> None:
    with override(language):
        first, third = waiting_words(1, (60, 60)), waiting_words(3, (120, 240))
        lost = waiting_words(None, (120, 240))
    assert "3" in third
    assert first != third
    assert len(lost) < len(third)
    assert not any(mark in first + third + lost for mark in "‹›%")


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_a_wait_no_place_is_promised(language: str) -> None:
    with override(language):
        assert waiting_words(7, None) == waiting_words(None, None)
        assert "7" not in waiting_words(7, None)


@pytest.mark.parametrize("state", ["active", "closed", "new"])
def test_nothing_is_said_while_somebody_is_there_or_all_is_over(state: str) -> None:
    assert card_words(place(state, position=2, wait_range=(60, 120))) == ""


def test_who_left_a_message_is_told_how_they_hear_of_it() -> None:
    kept, mailed = card_words(place("message")), card_words(place("message", by_mail=True))
    assert kept != mailed
    assert kept.split(".")[0] == mailed.split(".")[0]


def test_closed_hours_win_over_a_place_in_the_queue() -> None:
    opens = place(closed=True, opens_at=MONDAY, position=4, wait_range=(120, 240))
    with timezone.override("UTC"):
        said = card_words(opens)
    assert "Monday" in said
    assert "4" not in said
    assert "None" not in card_words(place(closed=True))


@pytest.mark.parametrize(
    ("zone", "language", "parts"),
    [
        ("UTC", "en", ["Monday", "March 2", "8 a.m.", "UTC"]),
        ("Europe/Berlin", "en", ["Monday", "9 a.m.", "CET"]),
        ("Europe/Berlin", "de", ["Montag", "2. März", "9:00", "CET"]),
        ("Asia/Tokyo", "de", ["Montag", "17:00", "JST"]),
        ("Pacific/Kiritimati", "en", ["Monday", "10 p.m.", "+14"]),
        ("Pacific/Pago_Pago", "en", ["Sunday", "March 1", "9 p.m.", "SST"]),
        ("Asia/Kathmandu", "de", ["Montag", "13:45", "+0545"]),
    ],
)
def test_when_it_opens_is_said_in_the_zone_of_the_desk(zone: str, language: str, parts: list[str]) -> None:
    with timezone.override(zone), override(language):
        said = opening_words(MONDAY)
    assert [part for part in parts if part not in said] == []


def test_summer_time_is_called_so() -> None:
    with timezone.override("Europe/Berlin"):
        before, after = (opening_words(datetime(2026, 3, day, 8, tzinfo=UTC)) for day in (28, 29))
    assert "CET" in before
    assert "9 a.m." in before
    assert "CEST" in after
    assert "10 a.m." in after


def test_nobody_knows_when() -> None:
    assert opening_words(None) == ""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_that_is_to_be_light_or_dark_asks_no_system(scheme: str) -> None:
    drawn = drawn_in(scheme)
    assert f"color-scheme: {scheme}" in drawn
    assert "prefers-color-scheme" not in drawn
    assert ("@media not all" in drawn) is (scheme == "light")


def test_where_the_system_decides_nothing_is_forced() -> None:
    assert drawn_in("") == ""


@pytest.mark.parametrize(
    ("slug", "path"), [("default", "/chat/"), ("sales", "/chat/sales/"), ("default-2", "/chat/default-2/")]
)
def test_links_are_of_the_site_that_was_set(slug: str, path: str, settings: Settings) -> None:
    settings.SITE_URL = "https://desk.example"
    button = Button(slug=slug)
    assert page_url(button) == path
    assert chat_link(button) == f"https://desk.example{path}"


@given(address=st.text(max_size=60))
def test_an_address_that_may_break_says_the_same_and_no_markup(address: str) -> None:
    shown = breakable(address)
    assert shown.count("<") == address.count("/")
    assert shown.count("/<wbr>") == address.count("/")


def test_nothing_was_found_where_nobody_looked() -> None:
    assert of("", 3) == of({}, 3) == ""
