"""Where a conversation can be handed over to: groups, people, their load, and why not."""

from __future__ import annotations

import re

import pytest

from accounts.models import User
from routing.models import Status
from tests.chatdesk.desk_doors import address, fragment, html
from tests.factories import Cast, make_conversation, make_operator, make_present


def offers(user: User, path: str) -> dict[str, bool]:
    """Who and what is offered, by value; False where it can't be chosen."""
    inputs = re.findall(r'<input type="radio" name="target" value="([^"]+)"([^>]*)>', html(fragment(user, path)))
    return {value: "disabled" not in rest for value, rest in inputs}


def test_groups_and_free_people_can_be_chosen(cast: Cast) -> None:
    make_present(cast.bob)
    conversation = make_conversation(cast.sales_button, operator=cast.alice)
    assert offers(cast.alice, address(conversation, "targets/")) == {
        "group:sales": True,
        "group:support": True,
        f"operator:{cast.bob.pk}": True,
    }


def test_the_load_stands_beside_the_name(cast: Cast) -> None:
    make_present(cast.bob)
    for _ in range(2):
        make_conversation(cast.support_button, operator=cast.bob)
    text = html(fragment(cast.alice, address(make_conversation(cast.sales_button, operator=cast.alice), "targets/")))
    assert "2 of 4 chats" in text
    assert "somebody is free" in text


@pytest.mark.parametrize(
    ("status", "seconds", "words"),
    [(Status.AWAY, 40, "away"), (Status.UNAVAILABLE, 40, "not here"), (Status.AVAILABLE, -5, "not here")],
)
def test_who_can_not_take_it_is_shown_and_can_not_be_chosen(
    cast: Cast, status: Status, seconds: float, words: str
) -> None:
    make_present(cast.bob, status, seconds)
    path = address(make_conversation(cast.sales_button, operator=cast.alice), "targets/")
    assert offers(cast.alice, path)[f"operator:{cast.bob.pk}"] is False
    assert f"{words} · 0 of 4 chats" in html(fragment(cast.alice, path))


def test_a_full_person_can_not_be_chosen(cast: Cast) -> None:
    full = make_operator("dora", cast.support, limit=1)
    make_present(full)
    make_conversation(cast.support_button, operator=full)
    path = address(make_conversation(cast.sales_button, operator=cast.alice), "targets/")
    assert offers(cast.alice, path)[f"operator:{full.pk}"] is False
    assert "all places taken · 1 of 1 chats" in html(fragment(cast.alice, path))


def test_groups_out_of_use_are_left_out(cast: Cast) -> None:
    cast.support.is_active = False
    cast.support.save()
    path = address(make_conversation(cast.sales_button, operator=cast.alice), "targets/")
    assert list(offers(cast.alice, path)) == ["group:sales"]


def test_who_may_not_hand_it_over_is_refused(cast: Cast, sam: User) -> None:
    path = address(make_conversation(cast.sales_button, operator=sam), "targets/")
    assert fragment(cast.alice, path).status_code == 403
