"""The desk's side of waiting: the list of messages, the mark of an unanswered chat, and what the admin sets up."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEntry, User
from chatdesk.actions.conversations import take
from chatdesk.actions.waiting import choose, tend
from chatdesk.models import Conversation, Entry, Kind, Trigger, WaitMessage
from chatdesk.usual_messages import USUAL, make_usual_messages
from routing.models import Group, Request
from tests.chatdesk.desk_doors import fragment, html
from tests.factories import Cast, make_admin, make_conversation, make_entry, make_present, make_request

HOUR = 3600


def left(cast: Cast, words: str = "Please write back", **facts: Any) -> Conversation:
    conversation = make_conversation(cast.sales_button, **facts)
    make_entry(conversation, words)
    choose(conversation.pk, "message")
    return conversation


def messages(user: User) -> str:
    return html(fragment(user, "/desk/lists/messages/"))


# --- the list --------------------------------------------------------------------------------------------------------


def test_messages_stand_in_a_list_of_their_own(cast: Cast, alice: User) -> None:
    first, second = left(cast, "First"), left(cast, "Second")
    make_conversation(cast.sales_button)
    make_conversation(cast.sales_button, closed=True)
    shown = messages(alice)
    assert re.findall(r'<li data-ref="([^"]+)"', shown) == [first.ref, second.ref]
    assert 'data-messages="2"' in shown
    assert 'data-state="message"' in shown


def test_an_outsider_s_list_is_empty(cast: Cast, bob: User) -> None:
    left(cast, "Not for Bob")
    assert "Not for Bob" not in messages(bob)
    assert 'data-messages="0"' in messages(bob)


def test_a_taken_message_leaves_the_list(cast: Cast, alice: User) -> None:
    take(alice, left(cast).ref)
    assert 'data-messages="0" data-' not in messages(alice)
    assert "<li" not in messages(alice)


def test_who_was_gone_is_told_apart(cast: Cast, alice: User) -> None:
    make_present(alice, seconds=2 * HOUR)
    make_entry(make_conversation(cast.sales_button), "Hello?")
    tend(timezone.now() + timedelta(seconds=HOUR + 1))
    assert "left while waiting" in messages(alice)


def test_a_message_can_be_read_and_taken_and_not_answered_yet(cast: Cast, alice: User) -> None:
    page = html(fragment(alice, f"/desk/conversations/{left(cast).ref}/"))
    assert 'data-state="message"' in page
    assert 'data-take="yes"' in page
    assert 'data-answer="no"' in page
    assert 'data-act="transfer"' not in page


def test_the_search_for_places_is_not_disturbed(cast: Cast, alice: User) -> None:
    left(cast)
    assert "<li" not in html(fragment(alice, "/desk/lists/waiting/"))


# --- the mark --------------------------------------------------------------------------------------------------------


def marks(user: User) -> list[str]:
    return re.findall(r'data-unanswered="([^"]+)"', html(fragment(user, "/desk/lists/mine/")))


def test_an_unanswered_chat_says_since_when(cast: Cast, alice: User) -> None:
    talk = make_conversation(cast.sales_button, operator=alice)
    assert marks(alice) == []
    make_entry(talk, "Is it in stock?")
    assert len(marks(alice)) == 1
    make_entry(talk, "Yes", alice)
    assert marks(alice) == []


def test_what_waited_before_counts_from_the_taking(cast: Cast, alice: User) -> None:
    talk = make_conversation(cast.sales_button, operator=alice)
    make_entry(talk, "Hello?", at=timezone.now() - timedelta(minutes=20))
    taken = Request.objects.get(pk=talk.request_id).taken_at
    assert taken
    assert marks(alice) == [timezone.localtime(taken).replace(microsecond=0).isoformat()] or marks(alice)[0].startswith(
        taken.isoformat()[:19]
    )


# --- what the admin sets up ------------------------------------------------------------------------------------------


@pytest.fixture
def ada(client: Client, cast: Cast) -> Client:
    client.force_login(make_admin())
    return client


def rules(group: Group) -> str:
    return f"/admin/chatdesk/waitingrules/{group.pk}/change/"


def form(*rows: dict[str, Any], **settings: Any) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "choice_seconds": 60, "offers_mail": "on", "close_silent_after": 0,
        "wait_messages-TOTAL_FORMS": len(rows), "wait_messages-INITIAL_FORMS": 0,
    }  # fmt: skip
    for number, row in enumerate(rows):
        fields |= {f"wait_messages-{number}-{name}": value for name, value in row.items()}
    return fields | settings


def test_messages_are_written_on_a_page_of_their_own(ada: Client, cast: Cast) -> None:
    row = {"trigger": "waiting", "after_seconds": 30, "texts": " One \n\n Two ", "is_active": "on"}
    answer = ada.post(rules(cast.sales), form(row, choice_seconds=90))
    assert answer.status_code == 302
    message = WaitMessage.objects.get()
    assert (message.group, message.variants) == (cast.sales, ["One", "Two"])
    cast.sales.refresh_from_db()
    assert cast.sales.choice_seconds == 90
    assert AuditEntry.objects.filter(action="setting.change").exists()


def test_a_message_says_something(ada: Client, cast: Cast) -> None:
    row = {"trigger": "waiting", "after_seconds": 45, "texts": " \n ", "is_active": "on"}
    answer = ada.post(rules(cast.sales), form(row))
    assert answer.status_code == 200
    assert not WaitMessage.objects.exists()


def test_groups_are_neither_made_nor_deleted_there(ada: Client, cast: Cast) -> None:
    assert ada.get("/admin/chatdesk/waitingrules/add/").status_code == 403
    assert ada.post(rules(cast.sales).replace("change", "delete"), {"post": "yes"}).status_code == 403
    assert Group.objects.filter(pk=cast.sales.pk).exists()


def test_the_usual_messages_are_added_once(ada: Client, cast: Cast) -> None:
    for _ in range(2):
        chosen = {"action": "add_usual", ACTION_CHECKBOX_NAME: [cast.sales.pk]}
        assert ada.post("/admin/chatdesk/waitingrules/", chosen).status_code == 302
    assert WaitMessage.objects.filter(group=cast.sales).count() == len(USUAL)
    assert not WaitMessage.objects.filter(group=cast.support).exists()


def test_a_new_group_begins_with_the_usual_messages(ada: Client, cast: Cast) -> None:
    numbers = ("chat_limit", "queue_limit", "accept_seconds", "pause_seconds", "overflow_seconds", "alarm_minutes")
    fields: dict[str, Any] = {"name": "Lamps", "slug": "lamps", "policy": "fewest", "is_active": "on"}
    prefixes = ("memberships", "directory_groups", "directorymembers_set")
    forms = {f"{prefix}-{name}_FORMS": 0 for prefix in prefixes for name in ("TOTAL", "INITIAL")}
    answer = ada.post("/admin/routing/group/add/", fields | dict.fromkeys(numbers, 0) | forms)
    assert answer.status_code == 302, answer.context["errors"]
    lamps = Group.objects.get(slug="lamps")
    assert WaitMessage.objects.filter(group=lamps).count() == len(USUAL)


def test_the_usual_messages_are_in_the_desk_s_language(cast: Cast, settings: Any) -> None:
    made = make_usual_messages(cast.sales)
    assert {message.trigger for message in made} <= set(Trigger)
    assert all(message.variants for message in made)
    assert made[0].variants == ["Thank you for waiting. You keep your place."]


def test_the_admin_is_told_that_no_mail_leaves(ada: Client, cast: Cast, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    answer = ada.post(rules(cast.sales), form(), follow=True)
    assert "This desk sends no mail yet" in answer.content.decode()


def test_abandoned_chats_can_be_found(ada: Client, cast: Cast) -> None:
    make_request(cast.sales, closed=True)
    gone = make_conversation(cast.sales_button, name="Gone", closed=True)
    Request.objects.filter(pk=gone.request_id).update(outcome="abandoned")
    make_conversation(cast.sales_button, name="Served", closed=True)
    shown = ada.get("/admin/chatdesk/conversation/?request__outcome__exact=abandoned").content.decode()
    assert gone.mark in shown
    assert shown.count('class="action-select"') in (0, 1)
    assert "1 conversation" in shown


def test_ends_are_counted_for_who_watches(ada: Client, cast: Cast) -> None:
    for outcome, hours in (("abandoned", 1), ("abandoned", 30), ("served", 1), ("message", 2)):
        then = timezone.now() - timedelta(hours=hours)
        make_request(cast.sales, closed=True, closed_at=then, outcome=outcome)
    text = Client().get("/metrics").content.decode()
    found = dict(re.findall(r'chatdesk_requests_ended_24h\{group="sales",outcome="(\w+)"\} ([\d.]+)', text))
    assert found == {"abandoned": "1.0", "served": "1.0", "message": "1.0"}


def test_a_notice_is_nobody_s_unread_word(cast: Cast, alice: User) -> None:
    talk = make_conversation(cast.sales_button, operator=alice)
    Entry.objects.create(conversation=talk, seq=1, kind=Kind.NOTICE, body="One moment", at=timezone.now())
    assert 'class="u"' not in html(fragment(alice, "/desk/lists/mine/"))
