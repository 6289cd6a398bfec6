"""Taking, handing on and ending a chat are recorded, with who did it and from where, on every transport."""

from __future__ import annotations

from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import DatabaseError

from accounts.models import AuditEntry, User
from chatdesk.actions.conversations import close_by_operator, close_by_visitor, take, transfer
from chatdesk.models import Conversation
from chatdesk.protocol import Refused
from routing.models import Request, State
from tests.factories import Cast, make_conversation, make_entry, make_operator, make_present
from tests.sockets import Sockets

pytestmark = pytest.mark.django_db


def deeds() -> list[tuple[Any, ...]]:
    return list(AuditEntry.objects.order_by("pk").values_list("action", "actor_id", "object_id", "after"))


@pytest.fixture
def waiting(cast: Cast) -> Conversation:
    return make_conversation(cast.sales_button, name="Vera Privat", email="vera@example.org")


def test_taking_is_recorded_once(cast: Cast, waiting: Conversation) -> None:
    take(cast.alice, waiting.ref)
    take(cast.alice, waiting.ref)
    assert deeds() == [("chat.take", cast.alice.pk, str(waiting.pk), None)]


def test_a_refused_deed_is_no_deed(cast: Cast, waiting: Conversation) -> None:
    with pytest.raises(Refused):
        take(cast.bob, waiting.ref)
    with pytest.raises(Refused):
        close_by_operator(cast.charlie, waiting.ref)
    assert deeds() == []


def test_a_transfer_says_to_whom(cast: Cast) -> None:
    ben = make_operator("ben", cast.sales)
    make_present(ben)
    held = make_conversation(cast.sales_button, operator=cast.alice)
    transfer(cast.alice, held.ref, operator=ben.pk)
    assert deeds() == [("chat.transfer", cast.alice.pk, str(held.pk), {"to": "Ben"})]


def test_closing_is_recorded_for_people_of_the_desk(cast: Cast, waiting: Conversation) -> None:
    held = make_conversation(cast.sales_button, operator=cast.alice)
    close_by_operator(cast.alice, held.ref)
    close_by_visitor(waiting.pk)
    assert deeds() == [("chat.close", cast.alice.pk, str(held.pk), None)]


def test_the_log_never_learns_what_was_said_or_who_the_visitor_is(cast: Cast, waiting: Conversation) -> None:
    make_entry(waiting, "my card number is 4711")
    take(cast.alice, waiting.ref)
    close_by_operator(cast.alice, waiting.ref)
    kept = repr(list(AuditEntry.objects.values()))
    assert waiting.ref in kept
    assert not any(word in kept for word in ("4711", "Vera", "vera@"))


@pytest.mark.parametrize("deed", [take, close_by_operator])
def test_a_deed_that_cannot_be_recorded_is_undone(cast: Cast, deed: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    operator = cast.alice if deed is close_by_operator else None
    conversation = make_conversation(cast.sales_button, operator=operator)

    def fail(**_facts: Any) -> None:
        raise DatabaseError("the log is full")

    monkeypatch.setattr(AuditEntry.objects, "create", fail)
    with pytest.raises(DatabaseError, match="full"):
        deed(cast.alice, conversation.ref)
    request = Request.objects.get(pk=conversation.request_id)
    assert request.state == (State.ACTIVE if operator else State.WAITING)
    conversation.refresh_from_db()
    assert (conversation.closed_at, conversation.last_seq) == (None, 0)


@pytest.mark.django_db(transaction=True)
async def test_a_deed_over_the_socket_knows_the_address(cast: Cast, sockets: Sockets) -> None:
    held = await sync_to_async(_held)(cast, cast.alice)
    desk = await sockets.operator(cast.alice)
    answer = await desk.command("conversation.close", conversation=held.ref)
    assert answer["type"] == "ok"
    row = await sync_to_async(AuditEntry.objects.get)(action="chat.close")
    assert (row.actor_id, row.address) == (cast.alice.pk, "192.0.2.40")


def _held(cast: Cast, user: User) -> Conversation:
    return make_conversation(cast.sales_button, operator=user)
