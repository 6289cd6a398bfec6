"""The lists of the desk: whose rows, in which order, page by page."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from tests.chatdesk.desk_doors import fragment, html, refs
from tests.factories import Cast, make_conversation, make_entry, make_group, make_membership


def rows(user: User, tab: str, query: str = "") -> list[str]:
    return refs(html(fragment(user, f"/desk/lists/{tab}/{query}")))


def test_who_waited_longest_stands_first(cast: Cast) -> None:
    early, late = make_conversation(cast.sales_button), make_conversation(cast.sales_button)
    make_entry(early, "I am still here")
    assert rows(cast.alice, "waiting") == [early.ref, late.ref]


def test_a_long_queue_comes_in_pages_too(cast: Cast) -> None:
    made = [make_conversation(cast.sales_button).ref for _ in range(32)]
    text = html(fragment(cast.alice, "/desk/lists/waiting/"))
    assert refs(text) == made[:30]
    assert rows(cast.alice, "waiting", "?cursor=" + text.split("?cursor=")[1].split('"')[0]) == made[30:]


def test_other_groups_do_not_show(cast: Cast) -> None:
    make_conversation(cast.support_button, name="Zuzanna")
    make_conversation(cast.support_button, operator=cast.bob, name="Zuzanna")
    for tab in ("waiting", "mine", "groups", "all"):
        assert "Zuzanna" not in html(fragment(cast.alice, f"/desk/lists/{tab}/"))


def test_mine_is_what_i_hold(cast: Cast, sam: User) -> None:
    make_conversation(cast.sales_button)
    make_conversation(cast.sales_button, operator=sam)
    held = make_conversation(cast.sales_button, operator=cast.alice)
    assert rows(cast.alice, "mine") == [held.ref]


def test_a_supervisor_sees_everything(cast: Cast, sam: User) -> None:
    one, two = make_conversation(cast.sales_button), make_conversation(cast.support_button, closed=True)
    assert rows(sam, "all") == [two.ref, one.ref]


def test_counts_come_with_every_list(cast: Cast) -> None:
    make_conversation(cast.sales_button)
    make_conversation(cast.sales_button, operator=cast.alice)
    assert 'data-waiting="1" data-mine="1"' in html(fragment(cast.alice, "/desk/lists/groups/"))


def test_unread_marks_what_others_said_since(cast: Cast) -> None:
    conversation = make_conversation(cast.sales_button, operator=cast.alice)
    for body in ("one", "two", "three"):
        make_entry(conversation, body)
    conversation.participants.filter(user=cast.alice).update(read_seq=1)
    text = html(fragment(cast.alice, "/desk/lists/mine/"))
    assert '<b class="u">2<span' in text
    assert ">three</span>" in text


def test_pages_follow_the_key(cast: Cast) -> None:
    made = [make_conversation(cast.sales_button, closed=True).ref for _ in range(35)][::-1]
    text = html(fragment(cast.alice, "/desk/lists/groups/"))
    assert refs(text) == made[:30]
    cursor = text.split("?cursor=")[1].split('"')[0]
    newest = make_conversation(cast.sales_button)
    second = html(fragment(cast.alice, f"/desk/lists/groups/?cursor={cursor}"))
    assert refs(second) == made[30:]
    assert newest.ref not in second
    assert "?cursor=" not in second


def test_a_refresh_asks_for_as_many_as_stand_there(cast: Cast) -> None:
    for _ in range(35):
        make_conversation(cast.sales_button, closed=True)
    assert len(rows(cast.alice, "groups", "?rows=35")) == 35
    assert len(rows(cast.alice, "groups", "?rows=2")) == 30


@pytest.mark.parametrize(
    "query", ["?rows=-1", "?rows=x", "?rows=99999", "?cursor=x", "?cursor=-5", "?rows=%00", "?open=%22"]
)
def test_odd_questions_get_the_first_page(cast: Cast, query: str) -> None:
    conversation = make_conversation(cast.sales_button)
    assert rows(cast.alice, "groups", query) == [conversation.ref]


def test_an_unknown_list_is_not_found(alice: User) -> None:
    assert fragment(alice, "/desk/lists/secret/").status_code == 404


def test_what_visitors_write_is_text(cast: Cast) -> None:
    conversation = make_conversation(cast.sales_button, name="<b>Eve</b>\u202egnp")
    make_entry(conversation, "<script>alert(1)</script>\u202e")
    text = html(fragment(cast.alice, "/desk/lists/waiting/"))
    assert "&lt;b&gt;Eve&lt;/b&gt;[U+202E]gnp" in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;[U+202E]" in text
    assert "<script" not in text


def test_rows_name_the_group_where_there_are_several(cast: Cast) -> None:
    make_conversation(cast.sales_button)
    assert "Sales ·" not in html(fragment(cast.alice, "/desk/lists/waiting/"))
    make_membership(make_group("returns"), cast.alice)
    assert "Sales ·" in html(fragment(cast.alice, "/desk/lists/waiting/"))


@pytest.mark.parametrize("tab", ["waiting", "mine", "groups", "all"])
def test_a_longer_list_takes_no_more_queries(cast: Cast, tab: str) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            fragment(cast.alice, f"/desk/lists/{tab}/")
        return len(captured)

    for operator in (None, cast.alice):
        make_entry(make_conversation(cast.sales_button, operator=operator))
    few = queries()
    for operator in (None, cast.alice) * 4:
        make_entry(make_conversation(cast.sales_button, operator=operator))
    assert queries() == few
