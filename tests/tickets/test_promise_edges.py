"""Promises at their edges: who left meanwhile, what goes wrong half-way, and contacts that are none."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import AuditEntry, Scope, User
from chatdesk.models import Conversation
from chatdesk.protocol import Code, Refused
from tests.chatdesk.desk_doors import address, fragment, html
from tests.factories import Cast, make_conversation, make_entry, make_operator, make_participant, make_supervisor
from tests.tickets.test_desk_tickets import FORM, send
from tests.tickets.test_promise import answer, contact, mailed_to, soon, state, wanted
from tests.tickets.test_tickets import left as left_message
from tickets.actions import correspondents, followups, outbox
from tickets.actions.followups import forgetting, reminding
from tickets.actions.followups.promising import PHONE
from tickets.models import Correspondent, FollowUp, MailSettings, OutgoingMail, Ticket

NUMBER = "+49 30 123456"


@pytest.fixture
def chat(cast: Cast) -> Conversation:
    return make_conversation(cast.sales_button, cast.vera, cast.alice)


@pytest.fixture
def left(cast: Cast) -> Conversation:
    return left_message(cast)


@pytest.fixture
def mail(db: None) -> None:
    settings = MailSettings.load()
    settings.relay_domain = "relay.test"
    settings.save()


def by_mail(cast: Cast, conversation: Conversation) -> tuple[FollowUp, Correspondent]:
    made = followups.promise(cast.alice, conversation.ref, wanted(cast.alice, "mail", contact=contact()))
    assert made.correspondent is not None
    return made, made.correspondent


# --- what is a telephone number --------------------------------------------------------------------------------------


@pytest.mark.once
@pytest.mark.parametrize("number", ["030 123456", "+49 (0)30 / 12-34-56", "00493012345", "0.30.12.34", "٠٣٠ ١٢٣٤٥٦"])
def test_numbers_are_taken_as_people_write_them(number: str) -> None:
    assert PHONE.fullmatch(number)


@pytest.mark.once
@pytest.mark.parametrize("number", ["-----", ". . . . .", "1-2--", "+", "1234", "1" * 31, "ring 030", "030\x00123", ""])
def test_what_nobody_can_ring_is_no_number(number: str) -> None:
    assert not PHONE.fullmatch(number)


@pytest.mark.once
@given(st.text(alphabet=" ()/.-+0123456789", max_size=40))
def test_a_number_has_figures_and_the_sign_stands_first(text: str) -> None:
    if PHONE.fullmatch(text):
        assert sum(character.isdecimal() for character in text) >= 3
        assert "+" not in text[1:]
        assert len(text) <= 31


def test_a_number_of_dots_is_refused_with_words(cast: Cast, chat: Conversation) -> None:
    with pytest.raises(Refused) as refused:
        followups.promise(cast.alice, chat.ref, wanted(cast.alice, "phone", contact=contact("- - - - -")))
    assert (refused.value.code, Ticket.objects.exists()) == (Code.FORM, False)


# --- times -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "due", ["9999-12-31T23:59-12:00", "0001-01-01T00:00+14:00", "2200-01-01T00:00", "1999-12-31T23:59Z", "24:00"]
)
def test_a_time_that_no_calendar_shows_everywhere_is_none(cast: Cast, chat: Conversation, due: str) -> None:
    text = html(send(cast.alice, address(chat, "promises/"), **FORM | {"due": due}))
    assert "This is no date and time." in text
    assert not FollowUp.objects.exists()


@pytest.mark.parametrize("due", ["2030-03-31T02:30", "2030-10-27T02:30", "2030-02-28T23:59:59.999999+05:45"])
def test_a_time_around_a_change_of_clocks_is_one(cast: Cast, chat: Conversation, due: str) -> None:
    with timezone.override("Europe/Berlin"):
        assert send(cast.alice, address(chat, "promises/"), **FORM | {"due": due}).status_code == 204
        assert "When?" in html(fragment(cast.alice, "/desk/tickets/promises/"))


@pytest.mark.parametrize("days", ["0", "-3", "366", "9" * 30, "", "soon"])
def test_a_contact_is_not_kept_without_an_end(cast: Cast, chat: Conversation, days: str) -> None:
    given_ = {"channel": "phone", "contact": NUMBER, "reason": "to ring", "consent": "yes", "days": days}
    assert "a year at most" in html(send(cast.alice, address(chat, "promises/"), **FORM | given_))
    assert not FollowUp.objects.exists()


# --- who keeps it ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "target", ["", "me:", "operator:", "operator:0", "group:", "group:\x00", "operator:alice", ":"]
)
def test_a_promise_needs_somebody_who_keeps_it(cast: Cast, chat: Conversation, target: str) -> None:
    answered = send(cast.alice, address(chat, "promises/"), **FORM | {"target": target})
    if target == "me:":
        assert answered.status_code == 204
    else:
        assert 'role="alert"' in html(answered)
    assert FollowUp.objects.count() == (target == "me:")


def test_a_group_that_was_closed_keeps_nothing(cast: Cast, chat: Conversation) -> None:
    cast.support.is_active = False
    cast.support.save()
    assert "who is to answer" in html(
        send(cast.alice, address(chat, "promises/"), **FORM | {"target": "group:support"})
    )


def test_who_left_the_house_can_not_be_promised_for(cast: Cast, chat: Conversation) -> None:
    ann = make_operator("ann", cast.sales)
    User.objects.filter(pk=ann.pk).update(is_active=False)
    with pytest.raises(Refused) as refused:
        followups.promise(cast.alice, chat.ref, wanted(User.objects.get(pk=ann.pk)))
    assert refused.value.code == Code.CONFLICT


def test_who_left_the_house_is_not_reminded_and_the_supervisor_still_hears(
    cast: Cast, left: Conversation, mail: None
) -> None:
    ann, sam = make_operator("ann", cast.sales), make_supervisor()
    followups.promise(cast.alice, left.ref, wanted(ann, due=soon(minutes=30)))
    User.objects.filter(pk=ann.pk).update(is_active=False)
    assert followups.remind_due() == 1
    assert mailed_to() == []
    followups.remind_due(soon(hours=1))
    assert mailed_to() == [sam.email]


def test_who_may_see_it_no_longer_is_not_mailed_the_question(cast: Cast, left: Conversation, mail: None) -> None:
    ann = make_operator("ann", cast.sales)
    followups.promise(cast.alice, left.ref, wanted(ann, due=soon(minutes=30)))
    ann.memberships.all().delete()
    assert followups.remind_due() == 1
    assert mailed_to() == []


def test_many_supervisors_are_not_all_mailed(cast: Cast, left: Conversation, mail: None) -> None:
    people = [make_supervisor(f"sam{number}") for number in range(reminding.MOST_MAILS + 2)]
    followups.promise(cast.alice, left.ref, wanted(cast.sales))
    followups.remind_due(soon(hours=6))
    assert mailed_to() == [person.email for person in people[: reminding.MOST_MAILS]]


def test_a_reminder_that_can_not_be_queued_is_said_the_next_time(
    cast: Cast, left: Conversation, mail: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = followups.promise(cast.alice, left.ref, wanted(cast.alice, due=soon(minutes=30)))
    with monkeypatch.context() as broken:
        broken.setattr(outbox, "queue", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            followups.remind_due()
    made.refresh_from_db()
    assert made.reminded_at is None
    assert followups.remind_due() == 1
    assert mailed_to() == [cast.alice.email]


# --- kept, and by what -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("outcome", ["held", "queued", "sending", "uncertain", "bounced", "failed", "cancelled"])
def test_a_mail_that_did_not_get_out_keeps_no_promise(cast: Cast, left: Conversation, mail: None, outcome: str) -> None:
    made, to = by_mail(cast, left)
    answer(left, cast.alice)
    left.refresh_from_db()
    OutgoingMail.objects.create(kind="relay", conversation=left, to=to, last_seq=left.last_seq, state=outcome)
    assert followups.keep_answered() == 0
    assert state(made) == "promised"


def test_a_mail_with_what_was_said_before_keeps_no_promise(cast: Cast, left: Conversation, mail: None) -> None:
    make_entry(left, "Before it was promised", cast.alice, at=timezone.now() - timedelta(minutes=1))
    _made, to = by_mail(cast, left)
    OutgoingMail.objects.create(kind="relay", conversation=left, to=to, last_seq=left.last_seq, state="sent")
    answer(left, cast.alice)
    assert followups.keep_answered() == 0


def test_an_answer_that_was_read_on_the_page_keeps_a_promise_by_mail_too(cast: Cast, left: Conversation) -> None:
    made, _to = by_mail(cast, left)
    answer(left, cast.alice)
    left.refresh_from_db()
    part = make_participant(left)
    part.read_seq = left.last_seq - 1
    part.save()
    assert followups.keep_answered() == 0
    part.read_seq = left.last_seq
    part.save()
    assert followups.keep_answered() == 1
    assert AuditEntry.objects.get(action="promise.keep").after == {"promise": made.pk, "by": "answer"}


def test_the_visitor_s_own_words_are_no_answer(cast: Cast, left: Conversation) -> None:
    followups.promise(cast.alice, left.ref, wanted(cast.alice))
    make_entry(left, "Are you there?", at=soon(minutes=1))
    assert followups.keep_answered() == 0


@pytest.mark.parametrize("end", [followups.keep, followups.withdraw])
def test_a_promise_of_another_conversation_is_not_ended_here(cast: Cast, chat: Conversation, end: Any) -> None:
    made = followups.promise(cast.alice, chat.ref, wanted(cast.alice))
    other = make_conversation(cast.sales_button, cast.walt, cast.alice)
    with pytest.raises(Refused) as refused:
        end(cast.alice, other.ref, made.pk)
    assert (refused.value.code, state(made)) == (Code.CONFLICT, "promised")
    with pytest.raises(Refused) as stranger:
        end(cast.bob, chat.ref, made.pk)
    assert (stranger.value.code, state(made)) == (Code.UNKNOWN, "promised")


def test_a_contact_of_another_conversation_is_not_shown_here(cast: Cast, chat: Conversation) -> None:
    made = followups.promise(cast.alice, chat.ref, wanted(cast.alice, "phone", contact=contact(NUMBER)))
    other = make_conversation(cast.sales_button, cast.walt, cast.alice)
    with pytest.raises(Refused):
        followups.reveal_contact(cast.alice, other.ref, made.pk, "to ring her")
    assert not AuditEntry.objects.filter(action="contact.reveal").exists()


def test_a_kept_promise_still_shows_its_contact_until_that_is_forgotten(cast: Cast, chat: Conversation) -> None:
    made = followups.promise(cast.alice, chat.ref, wanted(cast.alice, "phone", contact=contact(NUMBER)))
    followups.keep(cast.alice, chat.ref, made.pk)
    assert followups.reveal_contact(cast.alice, chat.ref, made.pk, "to ring her") == NUMBER
    assert followups.forget_due(soon(days=8)) == 1
    assert followups.reveal_contact(cast.alice, chat.ref, made.pk, "to ring her") == ""
    path = address(chat, f"promises/{made.pk}/contact/")
    assert "forgotten" in html(send(cast.alice, path, reason="to ring her"))


# --- forgotten, half-way and whole -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "is_blank"),
    [
        ("held", "cancelled", True),
        ("queued", "cancelled", True),
        ("uncertain", "cancelled", True),
        ("sending", "sending", False),  # a worker has it in its hands just now
        ("sent", "sent", True),
        ("bounced", "bounced", True),
        ("failed", "failed", True),
    ],
)
def test_what_was_on_its_way_to_a_forgotten_contact(
    cast: Cast, left: Conversation, before: str, after: str, is_blank: bool
) -> None:
    made, to = by_mail(cast, left)
    row = OutgoingMail.objects.create(
        kind="relay", conversation=left, to=to, state=before, content=b"To: vera", sealed_recipient="sealed"
    )
    followups.withdraw(cast.alice, left.ref, made.pk)
    row.refresh_from_db()
    assert row.state == after
    assert (row.content is None, row.sealed_recipient == "") == (is_blank, is_blank)


def test_a_fault_while_forgetting_forgets_nothing_by_halves(
    cast: Cast, left: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, to = by_mail(cast, left)
    with monkeypatch.context() as broken:
        broken.setattr(forgetting, "record", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            followups.forget_due(soon(days=8))
        with pytest.raises(ZeroDivisionError):
            followups.withdraw(cast.alice, left.ref, made.pk)
    to.refresh_from_db()
    assert (state(made), to.revoked_at, bool(to.sealed_address)) == ("promised", None, True)
    assert FollowUp.objects.exclude(sealed_contact="").count() == 1
    assert followups.forget_due(soon(days=8)) == 1


def test_what_somebody_wrote_from_themselves_is_not_forgotten_with_a_promise(cast: Cast, left: Conversation) -> None:
    own = correspondents.of_visitor(left, "other@home.example")
    made = followups.promise(cast.alice, left.ref, wanted(cast.alice, "mail", contact=contact()))
    followups.withdraw(cast.alice, left.ref, made.pk)
    own.refresh_from_db()
    assert correspondents.address_of(own) == "other@home.example"
    assert own.revoked_at is None


def test_who_sees_no_contacts_gets_none_at_the_door(cast: Cast, chat: Conversation) -> None:
    made = followups.promise(cast.alice, chat.ref, wanted(cast.alice, "phone", contact=contact(NUMBER)))
    kind = cast.alice.user_type
    assert kind is not None
    kind.contact = Scope.NONE
    kind.save()
    told = send(cast.alice, address(chat, f"promises/{made.pk}/contact/"), reason="to ring her")
    assert told.status_code == 403
    assert "123456" not in told.content.decode()
