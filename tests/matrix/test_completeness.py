"""No URL and no command is left out of the matrix: a new one fails here until somebody says who may use it."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.matrix import commands
from tests.matrix.doors import (
    BY_PASS,
    COMPLIANCE,
    CONVERSATION_DOORS,
    DESK_PAGES,
    OWN_ACCOUNT,
    PUBLIC,
    classes_of,
    routes,
)
from tests.matrix.table import CHATS, ROLES, TYPES, expected

pytestmark = pytest.mark.once


def test_every_url_stands_in_exactly_one_class() -> None:
    unclear = {route: classes_of(route) for route, _pattern in routes() if len(classes_of(route)) != 1}
    assert unclear == {}


def test_no_class_names_a_url_that_is_gone() -> None:
    known = {route for route, _pattern in routes()}
    assert len(known) > 60
    assert {door.route for door in CONVERSATION_DOORS} <= known
    assert set(DESK_PAGES) | OWN_ACCOUNT | PUBLIC <= known


def test_every_url_that_names_a_conversation_is_held_to_the_table() -> None:
    named = {route for route, _pattern in routes() if ":ref>" in route and not route.startswith(COMPLIANCE)}
    assert named
    assert named >= BY_PASS
    assert named - BY_PASS <= {door.route for door in CONVERSATION_DOORS}


def test_every_command_of_the_desk_stands_in_exactly_one_class() -> None:
    listed = Counter([*commands.NEEDS, *commands.OF_ONESELF, *commands.OFFERED])
    assert set(listed) == set(commands.desk_commands())
    assert max(listed.values()) == 1


def test_every_command_that_names_a_conversation_is_held_to_the_table() -> None:
    naming = {tag for tag, kind in commands.desk_commands().items() if "conversation" in kind.__struct_fields__}
    assert naming == set(commands.NEEDS) | commands.OFFERED


def test_no_command_of_a_visitor_can_name_a_conversation() -> None:
    found = commands.visitor_commands()
    assert set(found) == commands.VISITORS
    assert not [tag for tag, kind in found.items() if {"conversation", "ref", "visitor"} & {*kind.__struct_fields__}]


def test_the_table_has_every_answer_for_every_permission() -> None:
    """A matrix in which everybody may do everything would prove nothing."""
    desk = frozenset({"dashboard"})
    for verb in TYPES["admin"]:
        answers = {expected(role, verb, chat, desk) for role in ROLES for chat in CHATS}
        assert answers >= {"shut", "unknown", "yes"}
    assert {expected(role, "answer", chat, desk) for role in ROLES for chat in CHATS} >= {"denied"}
