"""Each role at each door of each conversation, by page, fragment, file and export: the table's answer, and no other."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from chatdesk.models import Conversation
from tests.matrix.doors import CONVERSATION_DOORS, DESK_PAGES, OWN_ACCOUNT, PUBLIC, Door
from tests.matrix.stage import Stage, every_chat, file_of, make_stage
from tests.matrix.table import CHATS, MODULES, ROLES, TYPES, Answer, Chat, Role, expected

pytestmark = pytest.mark.django_db
NEVER = "never-was-there-ever"
TOKEN = re.compile(rb"value=\"[A-Za-z0-9]{64}\"|nonce=\"[^\"]+\"|X-CSRFToken[^}]+|\"csrf\": \"[^\"]+\"")
SECRETS = (b"a secret of vera", b"vera@example.org", b"a document")


@pytest.fixture
def stage() -> Stage:
    return make_stage()


def path_at(door: Door, conversation: Conversation | None) -> str:
    """The address of a door; without a conversation, of one that never was."""
    if conversation is None:
        return door.path.format(ref=NEVER, document=NEVER, picture=NEVER)
    keys = {kind: file_of(conversation, picture=kind == "picture").key for kind in ("document", "picture")}
    return door.path.format(ref=conversation.ref, **keys)


def knock(browser: Client, door: Door, path: str) -> Any:
    headers = {"HX-Request": "true"} if door.fragment else {}
    if door.method == "post":
        return browser.post(path, door.facts, headers=headers)
    return browser.get(path, headers=headers)


def body_of(answer: Any) -> bytes:
    content: bytes = b"".join(answer) if answer.streaming else answer.content
    return TOKEN.sub(b"", content)


def judged(answer: Any, never: Any) -> Answer:
    """What an answer means beside the one for a conversation that never was, which this person gets at this door."""
    if never.status_code in (302, 401, 403):
        return "shut"
    if answer.status_code == 404 or "HX-Retarget" in answer.headers:
        return "unknown"
    return "denied" if answer.status_code == 403 else "yes"


@pytest.mark.parametrize("role", ROLES, ids=[role.name for role in ROLES])
def test_the_answer_is_the_tables(role: Role, stage: Stage, shelf_root: None) -> None:
    browser, chats = stage.browser(role), every_chat(stage)
    for door in CONVERSATION_DOORS:
        found = answers_at(door, browser, chats)
        assert found == {
            chat.name: of_visitor(role, door) or expected(role, door.verb, chat, door.modules) for chat in CHATS
        }, door


def answers_at(door: Door, browser: Client, chats: list[tuple[Chat, Conversation]]) -> dict[str, Answer]:
    """What each conversation's door says. What is no yes shows nothing; what is unseen looks like what never was."""
    never = knock(browser, door, path_at(door, None))
    nothing, found = body_of(never), {}
    for chat, conversation in chats:
        answer = knock(browser, door, path_at(door, conversation))
        found[chat.name] = judged(answer, never)
        content = body_of(answer)
        if found[chat.name] in ("shut", "unknown"):
            assert (answer.status_code, content) == (never.status_code, nothing), (door, chat)
        if found[chat.name] != "yes":
            assert not any(secret in content for secret in SECRETS), (door, chat)
    return found


def of_visitor(role: Role, door: Door) -> Answer | None:
    """Vera reads and keeps the files of her own conversations; all others here are hers, and no other door is."""
    return "yes" if role.name == "vera" and door.path.startswith("/files/") else None


@pytest.fixture
def shelf_root(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.mark.parametrize("role", ROLES, ids=[role.name for role in ROLES])
def test_pages_of_the_desk_open_by_the_module(role: Role, stage: Stage) -> None:
    opened = {path: stage.browser(role).get(path).status_code == 200 for path in DESK_PAGES.values()}
    assert opened == dict.fromkeys(DESK_PAGES.values(), "dashboard" in MODULES[role.kind])


@pytest.mark.parametrize("role", ROLES, ids=[role.name for role in ROLES])
def test_lists_show_what_may_be_seen_and_nothing_else(role: Role, stage: Stage) -> None:
    chats = every_chat(stage)
    browser = stage.browser(role)
    shown = "".join(browser.get(f"/desk/lists/{tab}/").content.decode() for tab in ("waiting", "mine", "groups", "all"))
    for chat, conversation in chats:
        sees = expected(role, "see", chat, frozenset({"dashboard"})) == "yes"
        listed = conversation.ref in shown
        assert listed <= sees
        if TYPES[role.kind]["see"] == "all" and "dashboard" in MODULES[role.kind]:
            assert listed


SENT_AWAY = (302, 401, 403, 405)


@pytest.mark.parametrize("route", sorted(OWN_ACCOUNT))
def test_own_account_pages_ask_a_stranger_to_sign_in(route: str) -> None:
    for answer in (Client().get(filled(route)), Client().post(filled(route), {"display_name": "x", "password": "x"})):
        assert answer.status_code in SENT_AWAY
        assert "/login/" in answer.get("Location", "/login/") or "password" in answer["Location"]


FILLED = {
    "<slug:slug>": "sales",
    "<slug:person>": "admin",
    "<int:pk>": "1",
    "<slug:key>": "never-was",
    "<str:token>": "never-was",
    "<uidb64>": "MQ",
    "<token>": "x",
}


def filled(route: str) -> str:
    for name, value in FILLED.items():
        route = route.replace(name, value)
    return f"/{route}"


@pytest.mark.parametrize("route", sorted(PUBLIC))
def test_public_pages_tell_a_stranger_and_a_colleague_no_secret(route: str, stage: Stage) -> None:
    every_chat(stage)
    for role in (ROLES[0], ROLES[3]):
        answer = stage.browser(role).get(filled(route))
        assert answer.status_code < 500 or route == "readyz"
        assert not any(secret in body_of(answer) for secret in SECRETS)
