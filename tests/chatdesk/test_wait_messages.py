"""What the desk writes by itself: due in time, once for every wait, silence or hold, and never after the fact."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from chatdesk.actions.conversations import close_by_operator
from chatdesk.actions.waiting import set_hold, tend
from chatdesk.actions.waiting.chain import due
from chatdesk.models import Conversation, Entry, Kind, Trigger, Visitor, WaitMessage
from routing.models import Group, Hours, Interval, Request, State
from tests.factories import Cast, make_conversation, make_entry, make_group


@pytest.fixture(autouse=True)
def nobody_is_asked(cast: Cast) -> None:
    Group.objects.update(choice_seconds=0)


def make_message(group: Group, trigger: Trigger, after: int, *texts: str) -> WaitMessage:
    words = "\n".join(texts or (f"{trigger} {after}",))
    return WaitMessage.objects.create(group=group, trigger=trigger, after_seconds=after, texts=words)


def notices(conversation: Conversation) -> list[str]:
    rows = Entry.objects.filter(conversation=conversation, kind=Kind.NOTICE, participant=None).order_by("seq")
    return list(rows.values_list("body", flat=True))


def says(talk: Conversation, words: str, author: User | None = None, **facts: Any) -> None:
    talk.refresh_from_db()  # the desk writes too
    make_entry(talk, words, author, **facts)


def after(seconds: float) -> datetime:
    return timezone.now() + timedelta(seconds=seconds)


# --- waiting ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def waiting(cast: Cast) -> Conversation:
    conversation = make_conversation(cast.sales_button, cast.vera)
    make_entry(conversation, "Hello?")
    return conversation


def test_each_in_its_time_and_once(waiting: Conversation, cast: Cast) -> None:
    for seconds in (30, 90):
        make_message(cast.sales, Trigger.WAITING, seconds)
    written = [tend(after(seconds)) for seconds in (10, 31, 40, 91, 100, 3000)]
    assert written == [0, 1, 0, 1, 0, 0]
    assert notices(waiting) == ["waiting 30", "waiting 90"]


def test_after_a_break_only_the_latest_is_written(waiting: Conversation, cast: Cast) -> None:
    for seconds in (30, 90, 300):
        make_message(cast.sales, Trigger.WAITING, seconds)
    tend(after(100))
    tend(after(110))
    assert notices(waiting) == ["waiting 90"]
    tend(after(301))
    assert notices(waiting) == ["waiting 90", "waiting 300"]


def test_two_at_the_same_time_make_one(waiting: Conversation, cast: Cast) -> None:
    make_message(cast.sales, Trigger.WAITING, 30, "one")
    make_message(cast.sales, Trigger.WAITING, 30, "two")
    tend(after(31))
    assert len(notices(waiting)) == 1


def test_a_variant_is_one_of_the_lines(cast: Cast) -> None:
    make_message(cast.sales, Trigger.WAITING, 5, "First way", "  ", "Second way ")
    chats = [make_conversation(cast.sales_button) for _ in range(25)]
    assert tend(after(6)) == 25
    assert {words for chat in chats for words in notices(chat)} == {"First way", "Second way"}


def test_another_group_s_and_switched_off_messages_are_not_written(waiting: Conversation, cast: Cast) -> None:
    make_message(cast.support, Trigger.WAITING, 5)
    off = make_message(cast.sales, Trigger.WAITING, 5)
    WaitMessage.objects.filter(pk=off.pk).update(is_active=False)
    assert tend(after(60)) == 0


def test_a_new_wait_is_another_episode(waiting: Conversation, cast: Cast) -> None:
    make_message(cast.sales, Trigger.WAITING, 30)
    tend(after(31))
    Request.objects.filter(pk=waiting.request_id).update(waiting_since=after(100))
    tend(after(120))
    assert len(notices(waiting)) == 1
    tend(after(131))
    assert len(notices(waiting)) == 2


def test_who_was_assigned_meanwhile_is_told_nothing_late(waiting: Conversation, cast: Cast, alice: User) -> None:
    message = make_message(cast.sales, Trigger.WAITING, 30)
    assert due(message, after(31)).count() == 1
    now = timezone.now()
    Request.objects.filter(pk=waiting.request_id).update(state=State.ACTIVE, operator=alice, taken_at=now)
    assert tend(after(31)) == 0


def test_after_a_transfer_the_new_group_s_messages_count(waiting: Conversation, cast: Cast) -> None:
    make_message(cast.sales, Trigger.WAITING, 30)
    make_message(cast.support, Trigger.WAITING, 40)
    Request.objects.filter(pk=waiting.request_id).update(group=cast.support)
    Conversation.objects.filter(pk=waiting.pk).update(group=cast.support)
    tend(after(60))
    assert notices(waiting) == ["waiting 40"]


# --- silence ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def talk(cast: Cast) -> Conversation:
    """Vera wrote, and Alice has it: nothing was answered yet."""
    conversation = make_conversation(cast.sales_button, cast.vera, cast.alice)
    make_entry(conversation, "Is it in stock?")
    return conversation


def test_a_silent_operator(talk: Conversation, cast: Cast) -> None:
    make_message(cast.sales, Trigger.OPERATOR_SILENT, 60)
    assert [tend(after(seconds)) for seconds in (50, 61, 70)] == [0, 1, 0]
    assert notices(talk) == ["operator_silent 60"]


def test_an_answer_ends_the_operator_s_silence(talk: Conversation, cast: Cast, alice: User) -> None:
    make_message(cast.sales, Trigger.OPERATOR_SILENT, 60)
    says(talk, "Yes, twelve.", alice)
    assert tend(after(600)) == 0
    says(talk, "And in blue?", at=after(100))
    says(talk, "Or in green?", at=after(150))
    assert tend(after(155)) == 0
    assert tend(after(161)) == 1  # since the first of the two
    assert tend(after(300)) == 0


def test_silence_begins_with_who_has_the_chat(talk: Conversation, cast: Cast) -> None:
    """The wait before is another matter."""
    make_message(cast.sales, Trigger.OPERATOR_SILENT, 60)
    Request.objects.filter(pk=talk.request_id).update(taken_at=after(100))
    assert tend(after(150)) == 0
    assert tend(after(161)) == 1


def test_a_silent_visitor(talk: Conversation, cast: Cast, alice: User) -> None:
    make_message(cast.sales, Trigger.VISITOR_SILENT, 120)
    assert tend(after(600)) == 0  # it is Alice's turn
    says(talk, "Yes, twelve.", alice)
    assert [tend(after(seconds)) for seconds in (100, 121, 140)] == [0, 1, 0]
    says(talk, "Still there?", alice, at=after(200))
    assert [tend(after(seconds)) for seconds in (310, 321)] == [0, 1]
    says(talk, "Yes, sorry", at=after(330))
    assert tend(after(3000)) == 0


def test_joins_and_notices_are_nobody_s_words(talk: Conversation, cast: Cast, alice: User) -> None:
    make_message(cast.sales, Trigger.OPERATOR_SILENT, 60)
    says(talk, "Alice joined", alice, kind=Kind.JOIN)
    assert tend(after(61)) == 1


# --- hold ------------------------------------------------------------------------------------------------------------


def test_on_hold_its_own_messages_run_and_no_others(talk: Conversation, cast: Cast, alice: User) -> None:
    make_message(cast.sales, Trigger.OPERATOR_SILENT, 10)
    make_message(cast.sales, Trigger.HOLD, 60)
    set_hold(alice, talk.ref, True)
    assert [tend(after(seconds)) for seconds in (30, 61, 90)] == [0, 1, 0]
    assert notices(talk)[1:] == ["hold 60"]


# --- the end ---------------------------------------------------------------------------------------------------------


def test_a_good_bye_stands_before_the_end(talk: Conversation, cast: Cast, alice: User) -> None:
    make_message(cast.sales, Trigger.ENDED, 0, "Thank you for writing to us.")
    close_by_operator(alice, talk.ref)
    rows = Entry.objects.filter(conversation=talk).order_by("-seq").values_list("kind", "body")
    assert [kind for kind, _ in rows[:2]] == [Kind.CLOSE, Kind.NOTICE]
    assert rows[1][1] == "Thank you for writing to us."


def test_without_a_good_bye_the_end_stands_alone(talk: Conversation, alice: User) -> None:
    close_by_operator(alice, talk.ref)
    assert notices(talk) == []


# --- cost ------------------------------------------------------------------------------------------------------------


def test_a_desk_at_rest_is_asked_one_question(cast: Cast, django_assert_num_queries: object) -> None:
    make_message(cast.sales, Trigger.WAITING, 5)
    make_conversation(cast.sales_button, cast.vera, closed=True)
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert tend() == 0


def test_groups_where_nobody_is_cost_nothing(waiting: Conversation, cast: Cast) -> None:
    quiet = make_group("quiet")
    make_message(quiet, Trigger.WAITING, 0)
    assert tend(after(60)) == 0


# --- hours -----------------------------------------------------------------------------------------------------------

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)  # a Monday


@pytest.fixture
def office(cast: Cast) -> Group:
    """Sales, open on Mondays from 9 to 12."""
    hours = Hours.objects.create(name="Mornings", zone="UTC")
    Interval.objects.create(hours=hours, weekday=0, start=time(9), end=time(12))
    Group.objects.filter(pk=cast.sales.pk).update(hours=hours)
    cast.sales.refresh_from_db()
    return cast.sales


def began(conversation: Conversation, moment: datetime) -> None:
    Request.objects.filter(pk=conversation.request_id).update(waiting_since=moment)
    Visitor.objects.update(seen_at=moment + timedelta(days=1))


def minutes(n: float) -> datetime:
    return NOON + timedelta(minutes=n)


def test_who_waits_as_the_group_closes_is_told_once(waiting: Conversation, office: Group) -> None:
    make_message(office, Trigger.CLOSING, 0)
    began(waiting, minutes(-5))
    assert [tend(minutes(n)) for n in (-1, 0.05, 1, 30)] == [0, 1, 0, 0]
    assert notices(waiting) == ["closing 0"]


def test_who_came_later_is_not_told_of_closing(waiting: Conversation, office: Group) -> None:
    make_message(office, Trigger.CLOSING, 0)
    began(waiting, minutes(2))
    assert tend(minutes(3)) == 0


def test_closing_is_no_news_an_hour_later(waiting: Conversation, office: Group) -> None:
    make_message(office, Trigger.CLOSING, 0)
    began(waiting, minutes(-5))
    assert tend(minutes(60)) == 0


def test_nobody_is_thanked_for_waiting_in_the_night(waiting: Conversation, office: Group) -> None:
    make_message(office, Trigger.WAITING, 30)
    began(waiting, minutes(60))
    assert tend(minutes(90)) == 0


def test_a_group_without_hours_never_closes(waiting: Conversation, cast: Cast) -> None:
    make_message(cast.sales, Trigger.CLOSING, 0)
    assert tend(after(60)) == 0


def test_what_is_only_offered_is_no_operator_s_silence(waiting: Conversation, cast: Cast, alice: User) -> None:
    make_message(cast.sales, Trigger.OPERATOR_SILENT, 10)
    make_message(cast.sales, Trigger.WAITING, 20)
    offer = {"state": State.ACTIVE, "operator": alice, "accept_by": after(100)}
    Request.objects.filter(pk=waiting.request_id).update(**offer)
    tend(after(30))
    assert notices(waiting) == ["waiting 20"]
