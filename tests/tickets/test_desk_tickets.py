"""The tickets page and the panel beside a conversation, as their browser asks for them."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from chatdesk.models import Conversation
from tests.accounts.people import signed_in
from tests.chatdesk.desk_doors import address, fragment, html, page
from tests.factories import Cast, make_conversation, make_entry, make_operator, make_supervisor
from tests.tickets.test_promise import contact, soon, wanted
from tickets.actions import followups, tickets
from tickets.models import FollowUp, Ticket


def send(user: User, path: str, **facts: Any) -> HttpResponse:
    return signed_in(user).post(path, facts, headers={"HX-Request": "true"})  # type: ignore[return-value]


def shown(user: User, query: str = "") -> list[int]:
    """The numbers of the tickets listed."""
    return [int(number) for number in re.findall(r"#(\d+)</span>", html(fragment(user, f"/desk/tickets/?{query}")))]


# --- the list --------------------------------------------------------------------------------------------------------


@pytest.fixture
def three(cast: Cast) -> dict[str, Ticket]:
    """Alice's, nobody's in her group, and one of another group."""
    made = {
        "alice": tickets.ensure(make_conversation(cast.sales_button), "Parcel lost"),
        "nobody": tickets.ensure(make_conversation(cast.sales_button), "Invoice"),
        "bob": tickets.ensure(make_conversation(cast.support_button), "Parcel broken"),
    }
    tickets.assign(cast.alice, made["alice"].conversation.ref, cast.alice)
    return made


def test_lists_show_what_is_mine_my_groups_and_all(cast: Cast, three: dict[str, Ticket]) -> None:
    assert shown(cast.alice, "whose=mine") == [three["alice"].pk]
    assert shown(cast.alice, "whose=groups") == [three["nobody"].pk, three["alice"].pk]
    assert shown(cast.alice, "whose=all") == [three["nobody"].pk, three["alice"].pk]
    assert len(shown(make_supervisor(), "whose=all")) == 3


def test_filters_narrow_the_list(cast: Cast, three: dict[str, Ticket]) -> None:
    mine = three["alice"]
    tickets.tag(cast.alice, mine.conversation.ref, "late")
    tickets.set_due(cast.alice, mine.conversation.ref, timezone.now() - timedelta(hours=1))
    tickets.set_state(cast.alice, three["nobody"].conversation.ref, "pending")
    for query in ("q=parcel", f"q=%23{mine.pk}", f"q={mine.pk}", "tag=late", "overdue=yes", "state=open"):
        assert shown(cast.alice, query) == [mine.pk], query
    assert shown(cast.alice, "state=pending") == [three["nobody"].pk]
    assert shown(cast.alice, "q=broken") == []


def test_what_is_solved_is_asked_for(cast: Cast, ticket: Ticket) -> None:
    tickets.set_state(cast.alice, ticket.conversation.ref, "solved")
    assert shown(cast.alice) == []
    assert shown(cast.alice, "state=solved") == shown(cast.alice, "state=any") == [ticket.pk]


def test_a_page_of_more_leads_on(cast: Cast) -> None:
    made = [tickets.ensure(make_conversation(cast.sales_button)).pk for _ in range(31)]
    first = html(fragment(cast.alice, "/desk/tickets/?state=open"))
    more = re.search(r'hx-get="/desk/tickets/(\?[^"]+)"', first)
    assert more is not None
    assert "state=open" in more[1]
    assert shown(cast.alice, more[1].lstrip("?").replace("&amp;", "&")) == [made[0]]


def test_more_tickets_take_no_more_queries(cast: Cast, three: dict[str, Ticket]) -> None:
    browser, counts = signed_in(cast.alice), []
    for _ in range(2):
        with CaptureQueriesContext(connection) as captured:
            browser.get("/desk/tickets/", headers={"HX-Request": "true"})
        counts.append(len(captured))
        for _n in range(5):
            tickets.tag(cast.alice, tickets.ensure(make_conversation(cast.sales_button)).conversation.ref, "new")
    assert counts[0] == counts[1]


def test_the_page_counts_and_says_when_there_is_nothing(cast: Cast) -> None:
    text = html(page(cast.alice, "/desk/tickets/"))
    assert "No tickets" in text
    tickets.ensure(make_conversation(cast.sales_button))
    text = html(page(cast.alice, "/desk/tickets/"))
    assert re.search(r'My groups <b class="count">1</b>', text)
    assert re.search(r'Mine <b class="count">0</b>', text)


def test_the_rail_of_the_desk_leads_there(cast: Cast) -> None:
    assert '<a href="/desk/tickets/">Tickets</a>' in html(page(cast.alice))


# --- beside the conversation -----------------------------------------------------------------------------------------


def test_a_chat_can_be_made_a_ticket(cast: Cast, chat: Conversation) -> None:
    assert "Make a ticket" in html(fragment(cast.alice, address(chat)))
    text = html(send(cast.alice, address(chat, "ticket/make/")))
    ticket = Ticket.objects.get()
    assert f"Ticket #{ticket.pk}" in text
    assert 'id="ticket-state"' in text


def test_each_field_is_changed_by_itself(cast: Cast, ticket: Ticket) -> None:
    path, text = address(ticket.conversation, "ticket/change/"), ""
    for field, value in (
        ("state", "pending"),
        ("priority", "4"),
        ("owner", ""),
        ("subject", "Parcel"),
        ("tags", "b, a"),
        ("due_at", "2030-01-02T03:04:00.000Z"),
    ):
        text = html(send(cast.alice, path, field=field, value=value))
        assert 'role="alert"' not in text, field
    ticket.refresh_from_db()
    assert (ticket.state, ticket.priority, ticket.owner, ticket.subject) == ("pending", 4, None, "Parcel")
    assert ticket.due_at is not None
    assert ticket.due_at.isoformat() == "2030-01-02T03:04:00+00:00"
    assert "a, b" in text
    assert "due: 2030-01-02 03:04 UTC" in text


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("state", "x"),
        ("priority", "9"),
        ("owner", "999"),
        ("due_at", "soon"),
        ("due_at", "2030-13-01T00:00"),
        ("x", ""),
    ],
)
def test_what_can_not_be_is_said_in_its_place(cast: Cast, ticket: Ticket, field: str, value: str) -> None:
    text = html(send(cast.alice, address(ticket.conversation, "ticket/change/"), field=field, value=value))
    assert 'role="alert"' in text
    assert ticket.events.count() == 1


def test_who_may_only_look_has_no_fields(cast: Cast, ticket: Ticket) -> None:
    cora = make_operator("cora", cast.sales)
    kind = cora.user_type
    assert kind is not None
    kind.take = "none"
    kind.save()
    text = html(fragment(cora, address(ticket.conversation, "ticket/")))
    assert f"Ticket #{ticket.pk}" in text
    assert "ticket-state" not in text
    assert "<form" not in text


def test_owners_are_those_who_may_see_it(cast: Cast, ticket: Ticket) -> None:
    sam = make_supervisor()
    text = html(fragment(cast.alice, address(ticket.conversation, "ticket/")))
    offered = re.search(r'id="ticket-owner".*?</select>', text, re.DOTALL)
    assert offered is not None
    assert f'value="{cast.alice.pk}" selected' in offered[0]
    assert f'value="{sam.pk}"' in offered[0]
    assert f'value="{cast.bob.pk}"' not in offered[0]


def test_what_visitors_say_is_text(cast: Cast) -> None:
    conversation = make_conversation(cast.sales_button, operator=cast.alice)
    tickets.ensure(conversation, "<script>alert(1)</script>")
    make_entry(conversation, "<img src=x>")
    for text in (html(fragment(cast.alice, address(conversation))), html(page(cast.alice, "/desk/tickets/"))):
        assert "<script>alert" not in text
        assert "<img src=x" not in text


# --- promises --------------------------------------------------------------------------------------------------------

FORM = {"question": "When?", "channel": "page", "due": soon(days=2).isoformat(), "target": "me", "days": "14"}


def test_a_promise_is_made_in_its_dialog(cast: Cast, chat: Conversation) -> None:
    path = address(chat, "promises/")
    assert "Whoever of the group comes to it" in html(fragment(cast.alice, path))
    answer = send(cast.alice, path, **FORM)
    assert (answer.status_code, answer["HX-Trigger"]) == (204, '{"promised": {}}')
    made = FollowUp.objects.get()
    assert (made.question, made.user) == ("When?", cast.alice)
    assert "When?" in html(fragment(cast.alice, address(chat, "ticket/")))


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"question": ""}, "what is to be answered"),
        ({"due": ""}, "until when"),
        ({"target": "operator:999"}, "no such person"),
        ({"target": "group:none"}, "who is to answer"),
        ({"channel": "mail", "contact": "vera"}, "address"),
        ({"channel": "phone", "contact": "+49 30 123456", "reason": "to ring"}, "consent"),
    ],
)
def test_what_is_missing_is_said_and_what_was_written_stays(
    cast: Cast, chat: Conversation, facts: dict[str, str], words: str
) -> None:
    text = html(send(cast.alice, address(chat, "promises/"), **(FORM | facts)))
    alert = re.search(r'role="alert">([^<]+)<', text)
    assert alert is not None
    assert words in alert[1].replace("&#x27;", "'")
    assert not FollowUp.objects.exists()
    if not {"question", "due"} & set(facts):
        assert ">When?</textarea>" in text
        assert f'data-moment="{FORM["due"][:16]}' in text


def test_a_group_and_a_colleague_can_be_chosen(cast: Cast, chat: Conversation) -> None:
    ann = make_operator("ann", cast.sales)
    for target in (f"operator:{ann.pk}", "group:sales"):
        assert send(cast.alice, address(chat, "promises/"), **FORM | {"target": target}).status_code == 204
    assert [(made.user, made.group) for made in FollowUp.objects.order_by("pk")] == [(ann, None), (None, cast.sales)]


def test_a_promise_is_ended_beside_the_conversation(cast: Cast, chat: Conversation) -> None:
    kept, gone = (followups.promise(cast.alice, chat.ref, wanted(cast.alice)) for _ in range(2))
    send(cast.alice, address(chat, f"promises/{kept.pk}/end/"), how="kept")
    text = html(send(cast.alice, address(chat, f"promises/{gone.pk}/end/"), how="withdrawn"))
    assert f'id="promise-{kept.pk}"' in text
    assert f'id="promise-{gone.pk}"' not in text
    assert [made.state for made in FollowUp.objects.order_by("pk")] == ["kept", "withdrawn"]


def test_a_contact_is_masked_until_somebody_says_why(cast: Cast, chat: Conversation) -> None:
    made = followups.promise(cast.alice, chat.ref, wanted(cast.alice, "phone", contact=contact("+49 30 123456")))
    assert "123456" not in html(fragment(cast.alice, address(chat)))
    path = address(chat, f"promises/{made.pk}/contact/")
    assert "123456" not in html(send(cast.alice, path, reason=""))
    assert "+49 30 123456" in html(send(cast.alice, path, reason="to ring her"))
    assert "123456" not in html(page(cast.alice, "/desk/tickets/promises/"))


def test_promises_are_listed_with_the_overdue_first(cast: Cast, chat: Conversation) -> None:
    later = followups.promise(cast.alice, chat.ref, wanted(cast.alice, question="later"))
    late = followups.promise(cast.alice, chat.ref, wanted(cast.alice, question="late", due=soon(hours=9)))
    FollowUp.objects.filter(pk=late.pk).update(promised_for=timezone.now() - timedelta(hours=1))
    text = html(page(cast.alice, "/desk/tickets/promises/"))
    assert text.index("late</bdi>") < text.index("later</bdi>")
    assert "overdue since" in text
    assert later.question not in html(page(cast.bob, "/desk/tickets/promises/"))
