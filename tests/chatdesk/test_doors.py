"""The first page and the help page: where to go, honestly, for whoever looks."""

from __future__ import annotations

import pytest
from django.test import Client

from chatdesk.demo import seed
from tests.factories import (
    make_admin,
    make_button,
    make_conversation,
    make_group,
    make_operator,
    make_outsider,
    make_present,
)

pytestmark = pytest.mark.django_db


def doors(client: Client) -> str:
    answer = client.get("/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_visitors_are_shown_each_active_button(client: Client) -> None:
    seed("correct horse battery staple")
    make_button("hidden", is_active=False, title="Not yet")
    text = doors(client)
    assert 'href="/chat/"' in text
    assert 'href="/chat/sales/"' in text
    assert "Not yet" not in text


def test_states_are_what_they_are(client: Client) -> None:
    sales = make_group("sales")
    button, alice = make_button("sales", sales), make_operator("alice", sales, limit=1)
    assert "Nobody is at the desk now" in doors(client)
    make_present(alice)
    assert "Somebody is free to answer" in doors(client)
    make_conversation(button, operator=alice)
    assert "Everybody is in a chat" in doors(client)
    make_present(alice, seconds=-1)
    assert "Nobody is at the desk now" in doors(client)


def test_a_title_is_text(client: Client) -> None:
    make_button("odd", make_group("sales"), title="<script>alert(1)</script>")
    assert "<script>alert" not in doors(client)


def test_a_new_desk_tells_where_the_first_admin_comes_from(client: Client) -> None:
    text = doors(client)
    assert "There is no chat to open" in text
    assert "printed a link on its console" in text


def test_strangers_are_offered_the_sign_in(client: Client) -> None:
    make_admin()
    text = doors(client)
    assert "/accounts/login/?next=/desk/" in text
    assert "/accounts/login/?next=/admin/" in text


def test_everybody_is_offered_the_doors_their_user_type_opens(client: Client) -> None:
    client.force_login(make_operator("alice"))
    text = doors(client)
    assert "Open the desk" in text
    assert "Your user type does not open the settings" in text
    client.force_login(make_outsider())
    assert "Your user type does not open the desk" in doors(client)


def test_a_page_about_now_is_not_kept(client: Client) -> None:
    assert "no-store" in client.get("/").headers["Cache-Control"]


def test_many_buttons_cost_no_more_queries(client: Client, django_assert_max_num_queries: object) -> None:
    sales = make_group("sales")
    for number in range(20):
        make_button(f"b{number}", sales)
    with django_assert_max_num_queries(30):  # type: ignore[operator]
        doors(client)
