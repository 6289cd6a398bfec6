"""Keep waiting, leave a message, be told by mail: asked in time, taken once, and nothing lost by it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.models import User
from chatdesk.actions.conversations import close_by_operator, start, take
from chatdesk.actions.entries import post_entry
from chatdesk.actions.waiting import choose, tend
from chatdesk.models import Conversation, Entry, Kind, MailNotice, WaitChoice
from chatdesk.protocol import Code, ConversationState, Refused
from chatdesk.states import conversation_states
from routing.assigner import assign
from routing.models import Group, Outcome, Request, State
from routing.waits import expected_wait
from tests.factories import Cast, make_conversation, make_entry, make_present, make_request

SMTP = "django.core.mail.backends.smtp.EmailBackend"


@pytest.fixture
def waiting(cast: Cast) -> Conversation:
    conversation = make_conversation(cast.sales_button, cast.vera)
    make_entry(conversation, "Is anybody there?")
    return conversation


@pytest.fixture(autouse=True)
def mails(settings: Settings) -> None:
    settings.EMAIL_BACKEND = SMTP


def shown(conversation: Conversation) -> ConversationState:
    return conversation_states([conversation.pk])[conversation.pk]


def after(seconds: float) -> datetime:
    return timezone.now() + timedelta(seconds=seconds)


def test_nobody_is_asked_before_the_time(waiting: Conversation) -> None:
    assert tend(after(50)) == 0
    assert shown(waiting).choices == []


def test_who_waited_a_minute_is_asked_once(waiting: Conversation) -> None:
    assert tend(after(61)) == 1
    assert tend(after(64)) == 0
    assert shown(waiting).choices == ["wait", "message", "mail"]


def test_a_group_may_ask_nobody(waiting: Conversation) -> None:
    Group.objects.update(choice_seconds=0)
    assert tend(after(3000)) == 0
    assert shown(waiting).choices == []


@pytest.mark.parametrize("backend", ["console", "dummy"])
def test_mail_is_offered_where_it_would_leave_the_desk(waiting: Conversation, settings: Settings, backend: str) -> None:
    settings.EMAIL_BACKEND = f"django.core.mail.backends.{backend}.EmailBackend"
    tend(after(61))
    assert shown(waiting).choices == ["wait", "message"]
    with pytest.raises(Refused) as refused:
        choose(waiting.pk, "mail", "vera@example.com")
    assert refused.value.code == Code.CONFLICT
    assert shown(waiting).state == "waiting"


def test_mail_is_not_offered_where_the_group_does_not(waiting: Conversation) -> None:
    Group.objects.update(offers_mail=False)
    tend(after(61))
    assert shown(waiting).choices == ["wait", "message"]


def test_keeping_on_asks_again_after_twice_the_time(waiting: Conversation) -> None:
    tend(after(61))
    choose(waiting.pk, "wait")
    assert shown(waiting).choices == []
    assert shown(waiting).state == "waiting"
    assert tend(after(110)) == 0
    assert tend(after(121)) == 1
    assert shown(waiting).choices == ["wait", "message", "mail"]
    choose(waiting.pk, "wait")
    assert tend(after(230)) == 0
    assert tend(after(241)) == 1


def test_a_new_wait_begins_anew(waiting: Conversation) -> None:
    """Put back after somebody lost the line: what was asked before is no longer on the screen."""
    tend(after(61))
    Request.objects.filter(pk=waiting.request_id).update(waiting_since=after(100))
    assert shown(waiting).choices == []
    assert tend(after(159)) == 0
    assert tend(after(161)) == 1


def test_a_new_wait_doubles_from_the_beginning(waiting: Conversation) -> None:
    for _ in range(3):
        choose(waiting.pk, "wait")
    assert WaitChoice.objects.get().times_kept == 3
    Request.objects.filter(pk=waiting.request_id).update(waiting_since=after(1000))
    choose(waiting.pk, "wait")
    choice = WaitChoice.objects.get()
    assert choice.times_kept == 1
    assert choice.due_at is not None
    assert choice.due_at <= after(120)


def test_a_message_leaves_the_queue_and_stays(waiting: Conversation, cast: Cast) -> None:
    choose(waiting.pk, "message")
    state = shown(waiting)
    assert (state.state, state.position, state.by_mail) == ("message", None, False)
    request = Request.objects.get(pk=waiting.request_id)
    assert (request.state, request.outcome) == (State.CLOSED, Outcome.MESSAGE)
    kinds = list(Entry.objects.filter(conversation=waiting).order_by("seq").values_list("kind", flat=True))
    assert kinds == [Kind.MESSAGE, Kind.NOTICE]
    post_entry(waiting, waiting.participants.get(user=None), "One more thing")


def test_a_message_blocks_nobody(waiting: Conversation, cast: Cast) -> None:
    choose(waiting.pk, "message")
    make_present(cast.alice)
    assert not Request.objects.filter(state=State.ACTIVE).exists()
    assert tend(after(10_000)) == 0


def test_twice_is_once(waiting: Conversation) -> None:
    choose(waiting.pk, "message")
    choose(waiting.pk, "message")
    assert Entry.objects.filter(conversation=waiting, kind=Kind.NOTICE).count() == 1


def test_by_mail_keeps_the_address_for_that_alone(waiting: Conversation) -> None:
    choose(waiting.pk, "mail", "vera@example.com")
    assert shown(waiting).by_mail
    assert MailNotice.objects.get().address == "vera@example.com"
    waiting.refresh_from_db()
    assert waiting.email == ""


@pytest.mark.parametrize("address", ["", "vera", "vera@", "a b@example.com", "vera@example.com\nBcc: x@example.com"])
def test_a_bad_address_changes_nothing(waiting: Conversation, address: str) -> None:
    with pytest.raises(Refused) as refused:
        choose(waiting.pk, "mail", address)
    assert refused.value.code == Code.FORM
    assert shown(waiting).state == "waiting"
    assert not MailNotice.objects.exists()


def test_who_left_a_message_may_ask_for_mail_later(waiting: Conversation) -> None:
    choose(waiting.pk, "message")
    assert shown(waiting).choices == ["mail"]
    choose(waiting.pk, "mail", "vera@example.com")
    assert shown(waiting).choices == []
    assert shown(waiting).by_mail


def test_who_left_a_message_may_wait_again(waiting: Conversation, cast: Cast) -> None:
    choose(waiting.pk, "message")
    make_present(cast.alice)
    assert shown(waiting).choices == ["wait", "mail"]
    choose(waiting.pk, "wait")
    state = shown(waiting)
    assert (state.state, state.operator and state.operator.name) == ("active", "Alice")
    assert Request.objects.count() == 2


def test_a_language_lasts_from_one_request_to_the_next(waiting: Conversation, alice: User) -> None:
    Request.objects.update(language="de-AT")
    choose(waiting.pk, "message")
    choose(waiting.pk, "wait")
    choose(waiting.pk, "message")
    make_present(alice)
    take(alice, waiting.ref)
    assert list(Request.objects.values_list("language", flat=True)) == ["de-AT"] * 3


def test_somebody_s_answer_comes_before_a_choice(cast: Cast) -> None:
    active = make_conversation(cast.sales_button, cast.vera, cast.alice)
    with pytest.raises(Refused) as refused:
        choose(active.pk, "message")
    assert refused.value.code == Code.CONFLICT
    assert shown(active).state == "active"


def test_an_ended_chat_has_no_choice(cast: Cast) -> None:
    over = make_conversation(cast.sales_button, cast.vera, closed=True)
    with pytest.raises(Refused) as refused:
        choose(over.pk, "wait")
    assert refused.value.code == Code.CLOSED


def test_an_unknown_choice_is_refused(waiting: Conversation) -> None:
    with pytest.raises(Refused) as refused:
        choose(waiting.pk, "dance")
    assert refused.value.code == Code.INVALID


def left(cast: Cast) -> Conversation:
    conversation = make_conversation(cast.sales_button, cast.vera)
    make_entry(conversation, "Please write back")
    choose(conversation.pk, "message")
    return conversation


def test_a_message_is_taken_and_answered(cast: Cast, alice: User) -> None:
    make_present(alice)
    message = left(cast)
    take(alice, message.ref)
    state = shown(message)
    assert (state.state, state.operator and state.operator.name) == ("active", "Alice")
    assert take(alice, message.ref).pk == message.pk  # pressed twice
    assert Request.objects.filter(state=State.ACTIVE).count() == 1


def test_a_message_is_taken_by_one(cast: Cast, alice: User, sam: User) -> None:
    message = left(cast)
    take(alice, message.ref)
    with pytest.raises(Refused) as refused:
        take(sam, message.ref)
    assert refused.value.code == Code.CONFLICT


def test_a_full_operator_takes_no_message(cast: Cast, alice: User) -> None:
    message = left(cast)
    for _ in range(4):
        make_request(cast.sales, alice)
    with pytest.raises(Refused) as refused:
        take(alice, message.ref)
    assert refused.value.code == Code.CONFLICT
    assert shown(message).state == "message"


def test_an_outsider_finds_no_message(cast: Cast, bob: User) -> None:
    message = left(cast)
    with pytest.raises(Refused) as refused:
        take(bob, message.ref)
    assert refused.value.code == Code.UNKNOWN


def test_a_message_says_nothing_about_waits(cast: Cast, alice: User) -> None:
    make_present(alice)
    make_request(cast.sales, alice, closed=True, waited_seconds=300)
    take(alice, left(cast).ref)
    assert expected_wait(cast.sales.pk) == 300


def test_a_message_can_be_closed_without_taking_it(cast: Cast, sam: User) -> None:
    message = left(cast)
    close_by_operator(sam, message.ref)
    assert shown(message).state == "closed"
    with pytest.raises(Refused) as refused:
        close_by_operator(sam, message.ref)
    assert refused.value.code == Code.CLOSED


def test_messages_that_were_kept_cost_nothing(waiting: Conversation) -> None:
    choose(waiting.pk, "message")
    with CaptureQueriesContext(connection) as queries:
        assert tend(after(61)) == 0
    (asked,) = queries.captured_queries
    assert "chatdesk_conversation" not in asked["sql"]


def test_asking_costs_no_row_before_it_is_due(waiting: Conversation) -> None:
    tend(after(30))
    assert not WaitChoice.objects.exists()


# --- where nobody else can wait --------------------------------------------------------------------------------------


def test_a_full_queue_keeps_what_was_written(waiting: Conversation, cast: Cast) -> None:
    Group.objects.update(queue_limit=1)
    started = start(cast.sales_button, None, "walt-1", "Me too?")
    state = shown(started.conversation)
    assert (started.seq, state.state, state.choices) == (1, "message", ["mail"])
    notice = Entry.objects.get(conversation=started.conversation, kind=Kind.NOTICE)
    assert "kept as a message" in notice.body
    assert Request.objects.filter(state=State.WAITING).count() == 1


def test_a_message_of_a_full_queue_is_answered_like_any(waiting: Conversation, cast: Cast, alice: User) -> None:
    Group.objects.update(queue_limit=1)
    started = start(cast.sales_button, None, "walt-1", "Me too?")
    with pytest.raises(Refused) as refused:
        choose(started.conversation.pk, "wait")
    assert refused.value.code == Code.CONFLICT
    take(alice, started.conversation.ref)
    assert shown(started.conversation).state == "active"


# --- while it is only offered ----------------------------------------------------------------------------------------


def test_what_is_offered_to_somebody_still_waits(waiting: Conversation, cast: Cast) -> None:
    Group.objects.filter(pk=cast.sales.pk).update(accept_seconds=30)
    make_present(cast.alice)
    assign()
    assert shown(waiting).state == "waiting"
    assert tend(after(61)) == 1
    assert shown(waiting).choices == ["wait", "message", "mail"]
    choose(waiting.pk, "message")
    assert shown(waiting).state == "message"
    assert Request.objects.get(pk=waiting.request_id).outcome == Outcome.MESSAGE
