"""Promises: made, reminded of, kept by the answer, escalated, and their contacts forgotten."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import AuditEntry, User
from accounts.sealing import unseal
from chatdesk.actions.entries import post_entry
from chatdesk.models import Conversation
from chatdesk.protocol import Code, Refused
from routing.models import Group, Outcome
from tests.factories import Cast, make_conversation, make_entry, make_operator, make_participant, make_supervisor
from tickets.actions import correspondents, followups
from tickets.actions.followups import Contact, Promise
from tickets.models import Correspondent, FollowUp, MailSettings, OutgoingMail, Ticket

ADDRESS = "vera@home.example"


def soon(**much: float) -> datetime:
    return timezone.now() + timedelta(**(much or {"hours": 5}))


def contact(address: str = ADDRESS, **facts: Any) -> Contact:
    usual: dict[str, Any] = {"reason": "to send the answer", "keep_until": soon(days=7), "has_consented": True}
    return Contact(address, **(usual | facts))


def wanted(keeper: User | Group, channel: str = "page", **facts: Any) -> Promise:
    usual: dict[str, Any] = {"question": "When does it come?", "due": soon(), "contact": Contact()}
    return Promise(channel=channel, keeper=keeper, **(usual | facts))


@pytest.fixture
def chat(cast: Cast) -> Conversation:
    return make_conversation(cast.sales_button, cast.vera, cast.alice)


@pytest.fixture
def left(cast: Cast) -> Conversation:
    conversation = make_conversation(cast.sales_button, cast.vera, closed=True)
    conversation.closed_at = None
    conversation.save()
    conversation.request.outcome = Outcome.MESSAGE
    conversation.request.save()
    return conversation


@pytest.fixture
def mail(db: None) -> None:
    settings = MailSettings.load()
    settings.relay_domain = "relay.test"
    settings.save()


def answer(conversation: Conversation, user: User) -> None:
    post_entry(conversation, make_participant(conversation, user), "Tomorrow.", None)


def state(follow_up: FollowUp) -> str:
    return FollowUp.objects.get(pk=follow_up.pk).state


# --- making ----------------------------------------------------------------------------------------------------------


def test_a_promise_makes_a_ticket_and_is_recorded(cast: Cast, chat: Conversation) -> None:
    made = followups.promise(cast.alice, chat.ref, wanted(cast.alice))
    assert (made.user, made.group, made.channel, made.sealed_contact) == (cast.alice, None, "page", "")
    assert Ticket.objects.filter(conversation=chat).exists()
    row = AuditEntry.objects.get(action="promise.make")
    assert (row.object_id, row.after["channel"]) == (str(chat.pk), "page")  # type: ignore[index]


def test_a_contact_is_sealed_with_why_and_until_when(cast: Cast, chat: Conversation) -> None:
    made = followups.promise(cast.alice, chat.ref, wanted(cast.alice, "phone", contact=contact("+49 30 123456")))
    assert unseal(made.sealed_contact) == "+49 30 123456"
    assert "123456" not in made.sealed_contact
    assert made.reason == "to send the answer"
    assert made.consented_at is not None
    assert made.delete_at is not None
    assert "123456" not in str(AuditEntry.objects.get(action="promise.make").after)


def test_no_contact_is_kept_for_an_answer_on_the_page(cast: Cast, chat: Conversation) -> None:
    made = followups.promise(cast.alice, chat.ref, wanted(cast.alice, contact=contact()))
    assert (made.sealed_contact, made.correspondent, made.delete_at) == ("", None, None)


def test_a_contact_in_the_question_is_masked(cast: Cast, chat: Conversation) -> None:
    question = f"Write to {ADDRESS} or ring +49 30 1234567"
    made = followups.promise(cast.alice, chat.ref, wanted(cast.alice, "mail", question=question, contact=contact()))
    assert ADDRESS not in made.question
    assert "1234567" not in made.question


@pytest.mark.parametrize(
    ("channel", "facts"),
    [
        ("page", {"question": "  "}),
        ("page", {"question": "x" * 1001}),
        ("page", {"due": timezone.now() - timedelta(minutes=1)}),
        ("pigeon", {}),
        ("mail", {"contact": contact("no address")}),
        ("phone", {"contact": contact("ring me")}),
        ("mail", {"contact": contact(reason=" ")}),
        ("mail", {"contact": contact(has_consented=False)}),
        ("mail", {"contact": contact(keep_until=None)}),
        ("mail", {"contact": contact(keep_until=soon(hours=1))}),
        ("mail", {"contact": contact(keep_until=soon(days=400))}),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_kept(
    cast: Cast, chat: Conversation, channel: str, facts: dict[str, Any]
) -> None:
    with pytest.raises(Refused) as refused:
        followups.promise(cast.alice, chat.ref, wanted(cast.alice, channel, **facts))
    assert refused.value.code == Code.FORM
    assert not FollowUp.objects.exists()
    assert not Correspondent.objects.exists()


def test_who_may_not_take_it_promises_nothing(cast: Cast, chat: Conversation) -> None:
    with pytest.raises(Refused) as refused:
        followups.promise(cast.bob, chat.ref, wanted(cast.bob))
    assert refused.value.code == Code.UNKNOWN


def test_a_person_who_may_not_see_it_can_not_keep_it(cast: Cast, chat: Conversation) -> None:
    with pytest.raises(Refused) as refused:
        followups.promise(cast.alice, chat.ref, wanted(cast.bob))
    assert refused.value.code == Code.CONFLICT


def test_a_group_that_it_is_handed_to_has_the_conversation(cast: Cast, left: Conversation) -> None:
    made = followups.promise(cast.alice, left.ref, wanted(cast.support))
    left.refresh_from_db()
    assert (made.group, left.group) == (cast.support, cast.support)
    assert followups.keep(cast.bob, left.ref, made.pk) == made


# --- where the answer goes -------------------------------------------------------------------------------------------


def test_an_answer_by_mail_goes_to_the_contact(cast: Cast, chat: Conversation) -> None:
    make_entry(chat, "I will ask", cast.alice)
    made = followups.promise(cast.alice, chat.ref, wanted(cast.alice, "mail", contact=contact()))
    assert made.correspondent is not None
    made.correspondent.refresh_from_db()
    assert correspondents.address_of(made.correspondent) == ADDRESS
    assert made.correspondent.sent_seq == chat.last_seq


def test_who_writes_by_mail_already_is_reached_there(cast: Cast, chat: Conversation) -> None:
    known = correspondents.of_visitor(chat, "other@home.example")
    made = followups.promise(cast.alice, chat.ref, wanted(cast.alice, "mail", contact=contact()))
    assert made.correspondent is None
    known.refresh_from_db()
    assert correspondents.address_of(known) == "other@home.example"


# --- keeping ---------------------------------------------------------------------------------------------------------


def test_an_answer_on_the_page_keeps_it(cast: Cast, left: Conversation) -> None:
    made = followups.promise(cast.alice, left.ref, wanted(cast.alice))
    assert followups.keep_answered() == 0
    answer(left, cast.alice)
    assert (followups.keep_answered(), followups.keep_answered()) == (1, 0)
    assert state(made) == "kept"


def test_what_is_said_in_the_chat_of_the_promise_is_no_answer_to_it(cast: Cast, chat: Conversation) -> None:
    made = followups.promise(cast.alice, chat.ref, wanted(cast.alice))
    answer(chat, cast.alice)
    assert followups.keep_answered() == 0
    chat.request.closed_at = timezone.now()
    chat.request.save()
    assert followups.keep_answered() == 0
    answer(chat, cast.alice)
    assert followups.keep_answered() == 1
    assert state(made) == "kept"


def test_an_answer_by_mail_keeps_it_once_it_has_left(cast: Cast, left: Conversation, mail: None) -> None:
    made = followups.promise(cast.alice, left.ref, wanted(cast.alice, "mail", contact=contact()))
    answer(left, cast.alice)
    left.refresh_from_db()
    row = OutgoingMail.objects.create(
        kind="relay", conversation=left, to=made.correspondent, first_seq=left.last_seq, last_seq=left.last_seq
    )
    assert followups.keep_answered() == 0
    OutgoingMail.objects.filter(pk=row.pk).update(state="sent")
    assert followups.keep_answered() == 1


def test_a_call_is_kept_by_who_made_it(cast: Cast, left: Conversation) -> None:
    made = followups.promise(cast.alice, left.ref, wanted(cast.alice, "phone", contact=contact("+49 30 123456")))
    answer(left, cast.alice)
    assert followups.keep_answered() == 0
    followups.keep(cast.alice, left.ref, made.pk)
    assert state(made) == "kept"
    with pytest.raises(Refused) as again:
        followups.keep(cast.alice, left.ref, made.pk)
    assert again.value.code == Code.CONFLICT


# --- reminding -------------------------------------------------------------------------------------------------------


def mailed_to() -> list[str]:
    return [unseal(row.sealed_recipient) for row in OutgoingMail.objects.filter(kind="notice").order_by("pk")]


def test_who_promised_is_reminded_once_and_supervisors_when_it_is_late(
    cast: Cast, left: Conversation, mail: None
) -> None:
    sam = make_supervisor()
    made = followups.promise(cast.alice, left.ref, wanted(cast.alice, due=soon(hours=3)))
    assert followups.remind_due() == 0
    near, late = soon(hours=2.5), soon(hours=3.5)
    assert (followups.remind_due(near), followups.remind_due(near)) == (1, 0)
    assert mailed_to() == [cast.alice.email]
    assert (followups.remind_due(late), followups.remind_due(late)) == (1, 0)
    assert mailed_to() == [cast.alice.email, sam.email]
    made.refresh_from_db()
    assert made.reminded_at == near
    assert made.escalated_at == late


def test_what_was_kept_needs_no_reminder(cast: Cast, left: Conversation, mail: None) -> None:
    made = followups.promise(cast.alice, left.ref, wanted(cast.alice))
    followups.keep(cast.alice, left.ref, made.pk)
    assert followups.remind_due(soon(days=1)) == 0


def test_without_mail_it_is_said_at_the_desk_alone(cast: Cast, left: Conversation) -> None:
    make_operator("ann", cast.sales)
    made = followups.promise(cast.alice, left.ref, wanted(cast.sales))
    assert followups.remind_due(soon(days=1)) == 2
    made.refresh_from_db()
    assert made.reminded_at is not None
    assert mailed_to() == []


# --- forgetting ------------------------------------------------------------------------------------------------------


def test_a_contact_is_forgotten_in_time_and_everywhere(cast: Cast, left: Conversation, mail: None) -> None:
    made = followups.promise(cast.alice, left.ref, wanted(cast.alice, "mail", contact=contact()))
    row = OutgoingMail.objects.create(
        kind="relay", conversation=left, to=made.correspondent, content=b"To: vera", state="sent"
    )
    assert followups.forget_due() == 0
    assert (followups.forget_due(soon(days=8)), followups.forget_due(soon(days=8))) == (1, 0)
    made.refresh_from_db()
    row.refresh_from_db()
    correspondent = Correspondent.objects.get()
    assert (made.sealed_contact, row.content, correspondent.sealed_address) == ("", None, "")
    assert correspondent.revoked_at is not None
    assert AuditEntry.objects.filter(action="promise.forget").count() == 1


def test_a_withdrawn_promise_forgets_at_once(cast: Cast, left: Conversation, mail: None) -> None:
    made = followups.promise(cast.alice, left.ref, wanted(cast.alice, "mail", contact=contact()))
    row = OutgoingMail.objects.create(kind="relay", conversation=left, to=made.correspondent)
    followups.withdraw(cast.alice, left.ref, made.pk)
    made.refresh_from_db()
    row.refresh_from_db()
    assert (made.state, made.sealed_contact, row.state) == ("withdrawn", "", "cancelled")


# --- seeing the contact ----------------------------------------------------------------------------------------------


def test_the_contact_is_shown_for_a_reason_and_that_is_recorded(cast: Cast, chat: Conversation) -> None:
    made = followups.promise(cast.alice, chat.ref, wanted(cast.alice, "phone", contact=contact("+49 30 123456")))
    with pytest.raises(Refused) as silent:
        followups.reveal_contact(cast.alice, chat.ref, made.pk, " ")
    assert silent.value.code == Code.FORM
    assert followups.reveal_contact(cast.alice, chat.ref, made.pk, "to ring her") == "+49 30 123456"
    row = AuditEntry.objects.get(action="contact.reveal")
    assert (row.reason, row.after) == ("to ring her", {"promise": made.pk})


def test_who_may_not_see_contacts_does_not(cast: Cast, left: Conversation) -> None:
    made = followups.promise(cast.alice, left.ref, wanted(cast.alice, "phone", contact=contact("+49 30 123456")))
    with pytest.raises(Refused) as denied:
        followups.reveal_contact(cast.alice, left.ref, made.pk, "to ring her")
    assert denied.value.code == Code.AUTH_DENIED
