"""A conversation at the desk: what was said, who may read it, and what may be done."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Scope, User
from tests.accounts.people import signed_in
from tests.chatdesk.desk_doors import address, fragment, html, numbers, page
from tests.factories import Cast, make_conversation, make_entries, make_entry, make_guest, make_participant

# Ten are for tickets, promises, mails, the way to the visitor and the address there, five for the pick-up box, two for
# log-in; three ask for the groups of the person: as plain numbers, which indexes like.
FRAGMENT_QUERIES = 29


def head(text: str) -> dict[str, str]:
    found = re.search(r'id="top" ([^>]*)>', text)
    assert found
    return dict(re.findall(r'data-(\w+)="(\w*)"', found[1]))


def acts(text: str) -> list[str]:
    return re.findall(r'data-act="(\w+)"', text)


def test_it_opens_as_a_fragment_and_as_a_page(cast: Cast) -> None:
    conversation = make_conversation(cast.sales_button, operator=cast.alice, name="Marta")
    make_entry(conversation, "Is it in stock?")
    part, whole = html(fragment(cast.alice, address(conversation))), html(page(cast.alice, address(conversation)))
    assert "<html" not in part
    assert "<html" in whole
    for text in (part, whole):
        assert "Is it in stock?" in text
        assert f'data-ref="{conversation.ref}"' in text
    assert 'data-view="conversation"' in whole
    assert re.search(rf'data-ref="{conversation.ref}" data-state="active" aria-current="true"', whole)


def test_the_frame_comes_alone(cast: Cast) -> None:
    conversation = make_conversation(cast.sales_button, operator=cast.alice)
    make_entry(conversation, "Is it in stock?")
    text = html(fragment(cast.alice, address(conversation, "?part=frame")))
    assert head(text)["state"] == "active"
    assert 'hx-swap-oob="true"' in text
    assert "Is it in stock?" not in text


def test_what_is_not_mine_to_see_does_not_exist(cast: Cast) -> None:
    foreign = make_conversation(cast.support_button, operator=cast.bob, name="Zuzanna")
    for part in ("", "entries/", "targets/"):
        for ask in (fragment, page):
            answer = ask(cast.alice, address(foreign, part))
            assert answer.status_code == 404
            assert "Zuzanna" not in answer.content.decode()
    assert fragment(cast.alice, "/desk/conversations/nonsense/").status_code == 404


def test_a_chat_that_went_out_of_sight_leaves_the_panel(cast: Cast) -> None:
    foreign = make_conversation(cast.support_button, operator=cast.bob, name="Zuzanna")
    for path in (address(foreign), "/desk/conversations/nonsense/"):
        answer = fragment(cast.alice, f"{path}?part=frame")
        assert answer.headers["HX-Retarget"] == "#panel"
        assert "no longer yours to see" in html(answer)
        assert "Zuzanna" not in html(answer)


def test_the_newest_fifty_come_first_and_older_ones_on_demand(cast: Cast) -> None:
    conversation = make_conversation(cast.sales_button, operator=cast.alice)
    make_entries(conversation, 120)
    text = html(fragment(cast.alice, address(conversation)))
    assert numbers(text) == list(range(71, 121))
    assert "entries/?before=71" in text
    older = html(fragment(cast.alice, address(conversation, "entries/?before=71")))
    assert numbers(older) == list(range(21, 71))
    oldest = html(fragment(cast.alice, address(conversation, "entries/?before=21")))
    assert numbers(oldest) == list(range(1, 21))
    assert "before=" not in oldest


@pytest.mark.parametrize("before", ["", "x", "-1", "99999999999999", "%00", "1.5"])
def test_odd_numbers_mean_the_newest(cast: Cast, before: str) -> None:
    conversation = make_conversation(cast.sales_button, operator=cast.alice)
    make_entries(conversation, 3)
    assert numbers(html(fragment(cast.alice, address(conversation, f"entries/?before={before}")))) == [1, 2, 3]


def test_what_visitors_say_and_give_is_text(cast: Cast) -> None:
    evil = "<img src=x onerror=alert(1)>"
    conversation = make_conversation(
        cast.sales_button, operator=cast.alice, name=evil, question=evil, page=f"javascript:{evil}", referrer=evil
    )
    make_entry(conversation, evil)
    text = html(fragment(cast.alice, address(conversation)))
    assert "<img" not in text
    assert 'href="javascript' not in text
    assert "&lt;img src=x onerror=alert(1)&gt;" in text


def test_what_is_known_stands_beside(cast: Cast) -> None:
    conversation = make_conversation(
        cast.sales_button, name="Marta", email="marta@web.example", page="https://shop.example/jackets", referrer="news"
    )
    text = html(fragment(cast.alice, address(conversation)))
    for fact in ("Marta", "m•••@w•••.example", "shop.example/<wbr>jackets", "news", "nobody yet", "First conversation"):
        assert fact in text


def test_earlier_conversations_show_as_far_as_one_may_see_them(cast: Cast) -> None:
    now = make_conversation(cast.sales_button, cast.vera, operator=cast.alice)
    seen = make_conversation(cast.sales_button, cast.vera, closed=True)
    hidden = make_conversation(cast.support_button, cast.vera, closed=True)
    other = make_conversation(cast.sales_button, make_guest(), closed=True)
    text = html(fragment(cast.alice, address(now)))
    assert address(seen) in text
    assert address(hidden) not in text
    assert address(other) not in text


def test_how_far_it_reached_the_visitor(cast: Cast) -> None:
    conversation = make_conversation(cast.sales_button, operator=cast.alice)
    part = make_participant(conversation)
    part.delivered_seq, part.read_seq = 3, 2
    part.save()
    assert 'data-delivered="3" data-read="2"' in html(fragment(cast.alice, address(conversation)))


@pytest.mark.parametrize(
    ("state", "expected"),
    [("waiting", ["take"]), ("mine", ["transfer", "invite", "close"]), ("colleague's", []), ("closed", [])],
)
def test_what_may_be_done_depends_on_the_state(cast: Cast, sam: User, state: str, expected: list[str]) -> None:
    operator = {"mine": cast.alice, "colleague's": sam}.get(state)
    conversation = make_conversation(cast.sales_button, operator=operator, closed=state == "closed")
    text = html(fragment(cast.alice, address(conversation)))
    assert acts(text) == expected
    assert head(text)["answer"] == ("yes" if state == "mine" else "no")


def test_what_may_be_done_depends_on_the_user_type(cast: Cast, sam: User) -> None:
    conversation = make_conversation(cast.sales_button, operator=cast.alice)
    assert acts(html(fragment(sam, address(conversation)))) == [
        "transfer",
        "invite",
        "close",
        "watch",
        "join",
        "takeover",
    ]
    kind = cast.alice.user_type
    assert kind
    kind.transfer = Scope.NONE
    kind.save()
    assert acts(html(fragment(cast.alice, address(conversation)))) == ["close"]


def test_a_longer_conversation_takes_no_more_queries(cast: Cast) -> None:
    conversation = make_conversation(cast.sales_button, operator=cast.alice)
    browser, counts = signed_in(cast.alice), []
    for _ in range(2):
        make_entries(conversation, 20)
        with CaptureQueriesContext(connection) as captured:
            browser.get(address(conversation), headers={"HX-Request": "true"})
        counts.append(len(captured))
    assert counts[0] == counts[1] <= FRAGMENT_QUERIES
