"""The desk's shell: who may come in, and what it holds."""

from __future__ import annotations

import json
import re

import pytest
from django.test import Client

from accounts.models import User
from routing.models import Status
from tests.chatdesk.desk_doors import address, fragment, html, page
from tests.factories import Cast, make_conversation, make_entry, make_group, make_membership, make_present

DOORS = ["/desk/", "/desk/lists/waiting/", "/desk/lists/mine/", "/desk/lists/groups/", "/desk/lists/all/"]
PARTS = ["", "entries/", "targets/"]


def every_door(cast: Cast) -> list[str]:
    conversation = make_conversation(cast.sales_button, cast.vera, name="Zuzanna")
    make_entry(conversation, "a word that only some may read")
    return [*DOORS, *(address(conversation, part) for part in PARTS)]


def tabs_of(text: str) -> list[str]:
    return re.findall(r'data-tab="(\w+)" aria-controls', text)


def test_a_stranger_is_led_to_the_sign_in_page_and_back(client: Client, cast: Cast) -> None:
    for door in every_door(cast):
        answer = client.get(door)
        assert answer.status_code == 302
        assert answer.headers["Location"] == f"/accounts/login/?next={door}"


def test_a_fragment_says_that_one_is_signed_out(client: Client, cast: Cast) -> None:
    for door in every_door(cast):
        answer = client.get(door, headers={"HX-Request": "true"})
        assert answer.status_code == 401
        assert "Zuzanna" not in answer.content.decode()


def test_charlie_sees_nothing_at_any_door(cast: Cast) -> None:
    for door in every_door(cast):
        for answer in (page(cast.charlie, door), fragment(cast.charlie, door)):
            assert answer.status_code == 403
            assert "Zuzanna" not in answer.content.decode()
            assert "only some may read" not in answer.content.decode()


@pytest.mark.parametrize("door", DOORS)
def test_nothing_is_changed_or_kept_by_looking(alice: User, client: Client, door: str) -> None:
    assert page(alice, door).headers["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    client.force_login(alice, backend="accounts.backends.UserTypeBackend")
    assert client.post(door).status_code == 405


def test_all_chats_are_offered_to_those_who_may_see_all(alice: User, sam: User) -> None:
    assert tabs_of(html(page(alice))) == ["waiting", "mine", "messages", "groups"]
    assert tabs_of(html(page(sam))) == ["waiting", "mine", "messages", "groups", "all"]


def test_a_lone_groups_list_has_its_name(alice: User) -> None:
    assert re.search(r'data-tab="groups"[^>]*>Sales\s', html(page(alice)))
    make_membership(make_group("returns"), alice)
    assert re.search(r'data-tab="groups"[^>]*>My groups\s', html(page(alice)))


def test_who_is_in_no_group_is_told_whom_to_ask(sam: User, alice: User) -> None:
    assert "You are in no group yet" in html(page(sam))
    assert "You are in no group yet" not in html(page(alice))
    assert "You have no chats" in html(page(alice))


def test_a_list_can_be_named_in_the_address(alice: User) -> None:
    assert "Nobody waits" in html(page(alice, "/desk/?tab=waiting"))
    assert "You have no chats" in html(page(alice, "/desk/?tab=all"))
    assert "You have no chats" in html(page(alice, "/desk/?tab=%22%3E"))


def test_the_status_is_what_was_chosen_last(alice: User) -> None:
    make_present(alice, Status.AWAY, seconds=-5)
    assert 'id="status-dot" data-status="away"' in html(page(alice))


def test_the_scripts_are_told_the_limits_and_every_word(alice: User) -> None:
    found = re.search(r'<script id="desk-config" type="application/json">(.*?)</script>', html(page(alice)), re.DOTALL)
    assert found
    config = json.loads(found[1])
    assert config["user"] == alice.pk
    assert config["message_chars"] == 10_000
    assert config["file_mb"] == 20
    assert config["texts"]["line.down"]


def test_the_page_keeps_the_content_policy(alice: User) -> None:
    text = html(page(alice))
    assert "style=" not in text
    assert " on" + "click" not in text
    scripts = re.findall(r"<script\b[^>]*>", text)
    assert scripts
    assert all("src=" in script or 'type="application/json"' in script for script in scripts)


def test_the_page_turns_with_the_language(alice: User) -> None:
    assert 'dir="rtl"' in html(page(alice, **{"Accept-Language": "ar"}))
    assert 'dir="ltr"' in html(page(alice, **{"Accept-Language": "de"}))
