"""The box beside a conversation: how it stands is said honestly, and who may answer sends, withdraws and renews it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEntry, User
from chatdesk.models import Conversation, Visitor
from tests.factories import Cast, make_entry, make_supervisor
from tests.tickets.departed import answered, later, left_chat, opened, path, secret
from tickets.actions import pickup
from tickets.actions.pickup import Caller
from tickets.actions.pickup.standing import reached
from tickets.models import MailSettings, OutgoingMail, PickupBox
from tickets.views.returning import tries


@pytest.fixture(autouse=True)
def unhurried() -> None:
    for buckets in (tries.openings, tries.codes):
        buckets.clear()


@pytest.fixture
def conversation(cast: Cast) -> Conversation:
    return left_chat(cast)


@pytest.fixture
def mail(db: None) -> MailSettings:
    settings = MailSettings.load()
    settings.relay_domain = "relay.test"
    settings.save()
    return settings


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(user: User, conversation: Conversation) -> str:
    return as_(user).get(f"/desk/conversations/{conversation.ref}/").content.decode()


def presses(user: User, conversation: Conversation, action: str) -> Any:
    path = f"/desk/conversations/{conversation.ref}/box/"
    return as_(user).post(path, {"action": action}, headers={"hx-request": "true"})


def gone(conversation: Conversation) -> None:
    Visitor.objects.filter(pk=conversation.visitor_id).update(seen_at=timezone.now() - timedelta(minutes=5))
    conversation.visitor.refresh_from_db()


def test_a_look_makes_no_box(cast: Cast, conversation: Conversation) -> None:
    assert "None was made yet" in page(cast.alice, conversation)
    assert not PickupBox.objects.exists()


def test_who_may_answer_makes_a_link_and_sees_it(cast: Cast, conversation: Conversation) -> None:
    shown = presses(cast.alice, conversation, "make").content.decode()
    box = pickup.box_of(conversation)
    assert box.link in shown
    assert box.words in shown
    assert AuditEntry.objects.get(action="pickup.renew").object_name == conversation.ref


def test_who_may_not_answer_sees_no_link(cast: Cast, conversation: Conversation) -> None:
    pickup.box_of(conversation)
    assert page(cast.bob, conversation).count("/return/") == 0
    assert presses(cast.bob, conversation, "revoke").status_code in (403, 404)
    assert PickupBox.objects.get().revoked_at is None


def test_it_says_that_somebody_without_address_is_waited_for(cast: Cast, conversation: Conversation) -> None:
    pickup.box_of(conversation)
    answered(cast, conversation)
    shown = " ".join(page(cast.alice, conversation).split())
    assert "<strong>Waiting</strong>: the visitor has no address" in shown
    assert "Send by mail" not in shown


def test_it_says_when_it_was_collected(cast: Cast, conversation: Conversation) -> None:
    answered(cast, conversation)
    opened(conversation)
    shown = " ".join(page(cast.alice, conversation).split())
    row = PickupBox.objects.get()
    assert row.collected_at is not None
    assert f'Collected <time data-full datetime="{timezone.localtime(row.collected_at):%Y-%m-%dT%H:%M}' in shown


def test_it_says_that_it_expired_or_was_withdrawn(cast: Cast, conversation: Conversation) -> None:
    answered(cast, conversation)
    pickup.box_of(conversation)
    later(conversation, days=31)
    assert "Expired on" in page(cast.alice, conversation)
    presses(cast.alice, conversation, "make")
    presses(cast.alice, conversation, "revoke")
    shown = page(cast.alice, conversation)
    assert "Withdrawn" in shown
    assert "New link" in shown
    assert secret_gone(conversation)


def secret_gone(conversation: Conversation) -> bool:
    return PickupBox.objects.get(conversation=conversation).sealed == ""


def test_each_entry_says_how_far_it_got(cast: Cast, conversation: Conversation) -> None:
    pickup.box_of(conversation)
    answered(cast, conversation)
    numbers = [1, 2, 3, 4]
    assert reached(conversation, numbers) == {}  # still there: the chat's own marks say it
    gone(conversation)
    assert {seq: each.state for seq, each in reached(conversation, numbers).items()} == {2: "waiting", 3: "waiting"}
    pickup.open_by_secret(secret(conversation), Caller())
    make_entry(conversation, "One more", cast.alice)
    states = {seq: each.state for seq, each in reached(conversation, numbers).items()}
    assert states == {2: "collected", 3: "collected", 4: "waiting"}
    later(conversation, days=31)
    states = {seq: each.state for seq, each in reached(conversation, numbers).items()}
    assert states == {2: "collected", 3: "collected", 4: "expired"}
    shown = page(cast.alice, conversation)
    assert shown.count("box-collected") == 2
    assert shown.count("box-expired") == 1


def test_openings_are_for_who_may_see_contact_data(cast: Cast, conversation: Conversation, client: Client) -> None:
    pickup.box_of(conversation)
    client.get(path(conversation), headers={"user-agent": "SafeLinks/1.0"})
    assert "SafeLinks" in page(make_supervisor(), conversation)
    kind = cast.alice.user_type
    assert kind is not None
    kind.contact = "none"
    kind.save()
    assert "SafeLinks" not in page(cast.alice, conversation)


def test_the_link_is_sent_where_an_address_is_known(cast: Cast, conversation: Conversation, mail: MailSettings) -> None:
    refused = presses(cast.alice, conversation, "send").content.decode()
    assert "left no address" in refused
    assert not OutgoingMail.objects.exists()
    Conversation.objects.filter(pk=conversation.pk).update(email="vera@home.test")
    assert "Send by mail" in page(cast.alice, conversation)
    assert "on its way" in presses(cast.alice, conversation, "send").content.decode()
    row = OutgoingMail.objects.get()
    assert (row.kind, row.facts) == (OutgoingMail.Kind.RETURN_LINK, {"language": ""})
    assert AuditEntry.objects.filter(action="pickup.send").count() == 1


def test_a_code_is_asked_for_only_where_it_can_be_sent(cast: Cast, conversation: Conversation) -> None:
    pickup.box_of(conversation)
    assert "No address is known" in presses(cast.alice, conversation, "ask_code").content.decode()
    assert not PickupBox.objects.get().asks_code


def test_an_ended_chat_is_taken_up_to_add_something(cast: Cast, conversation: Conversation) -> None:
    Conversation.objects.filter(pk=conversation.pk).update(closed_at=timezone.now())
    assert "Add something to this ended chat" in page(cast.alice, conversation)
    response = presses(cast.alice, conversation, "reopen")
    assert response["HX-Refresh"] == "true"
    conversation.refresh_from_db()
    assert conversation.closed_at is None
    assert AuditEntry.objects.filter(action="chat.reopen").count() == 1
    presses(cast.alice, conversation, "reopen")
    assert AuditEntry.objects.filter(action="chat.reopen").count() == 1


def test_an_unknown_step_changes_nothing(cast: Cast, conversation: Conversation) -> None:
    assert "no such step" in presses(cast.alice, conversation, "explode").content.decode()
