"""Where a conversation can be handed over to: groups, people, their load, and why not."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Scope, User, UserType
from routing.models import Hours, Status
from tests.accounts.people import signed_in
from tests.chatdesk.desk_doors import address, fragment, html
from tests.factories import (
    Cast,
    make_conversation,
    make_group,
    make_membership,
    make_operator,
    make_outsider,
    make_participant,
    make_present,
    make_user,
)


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


# --- inviting, and why not -------------------------------------------------------------------------------------------


def test_who_is_in_the_chat_is_not_invited_again(cast: Cast) -> None:
    guest, free = make_operator("gina", cast.support), make_operator("finn", cast.support)
    for person in (cast.alice, cast.bob, guest, free):
        make_present(person)
    conversation = make_conversation(cast.sales_button, operator=cast.alice)
    part = make_participant(conversation, guest)
    part.role = "guest"
    part.save()
    chosen = offers(cast.alice, address(conversation, "targets/?for=invite"))
    assert f"operator:{cast.bob.pk}" in chosen
    assert f"operator:{free.pk}" in chosen
    assert {f"operator:{guest.pk}", f"operator:{cast.alice.pk}"}.isdisjoint(chosen)
    assert f"operator:{guest.pk}" in offers(cast.alice, address(conversation, "targets/"))


def test_a_queue_takes_a_chat_and_an_invitation_needs_somebody(cast: Cast) -> None:
    path = address(make_conversation(cast.sales_button, operator=cast.alice), "targets/")
    assert offers(cast.alice, path)["group:support"] is True
    assert offers(cast.alice, f"{path}?for=invite")["group:support"] is False
    make_present(cast.bob)
    assert offers(cast.alice, f"{path}?for=invite")["group:support"] is True
    assert "Whoever is first" in html(fragment(cast.alice, f"{path}?for=invite"))


def test_a_closed_group_is_shown_as_such_and_can_not_be_chosen(cast: Cast) -> None:
    cast.support.hours = Hours.objects.create(name="Never")
    cast.support.save()
    make_present(cast.bob)
    for part in ("targets/", "targets/?for=invite"):
        path = address(make_conversation(cast.sales_button, operator=cast.alice), part)
        assert offers(cast.alice, path)["group:support"] is False
        assert "outside its hours" in html(fragment(cast.alice, path))


def test_who_could_not_answer_is_absent(cast: Cast) -> None:
    reader = make_user("rita", UserType.objects.create(name="Reader", answer=Scope.NONE))
    stranger = make_outsider("olaf")
    for person in (reader, stranger):
        make_membership(cast.support, person)
        make_present(person)
    found = offers(cast.alice, address(make_conversation(cast.sales_button, operator=cast.alice), "targets/"))
    assert {f"operator:{reader.pk}", f"operator:{stranger.pk}"}.isdisjoint(found)


def test_the_languages_stand_below_the_name(cast: Cast) -> None:
    cast.bob.languages = ["de", "fr", "xx-klingon"]
    cast.bob.save()
    path = address(make_conversation(cast.sales_button, operator=cast.alice), "targets/")
    assert "German, French, xx-klingon" in html(fragment(cast.alice, path))


def test_more_people_and_groups_take_no_more_queries(cast: Cast) -> None:
    path = address(make_conversation(cast.sales_button, operator=cast.alice), "targets/")
    browser, counts = signed_in(cast.alice), []
    for names in (("eve", "fay"), ("gil", "hal", "ida", "jan")):
        for name in names:
            make_present(make_operator(name, cast.support, make_group(name)))
        with CaptureQueriesContext(connection) as captured:
            browser.get(path, headers={"HX-Request": "true"})
        counts.append(len(captured))
    assert counts[0] == counts[1]
