"""What visitors are offered, where queues and buttons stand, and what a socket may join: each case from the rows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils.translation import override
from hypothesis import HealthCheck, given
from hypothesis import settings as tried
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from accounts.models import User
from chatdesk.actions.notes import store_note
from chatdesk.consumers.seats import operator_seat, place_of, visitor_seat
from chatdesk.models import Button, Conversation, InvitationRule, MailNotice, Note, Participant, WaitChoice
from chatdesk.page_invitations import page_invitations
from chatdesk.protocol import ButtonState, Code, Refused
from chatdesk.realtime.missing import entries_after
from chatdesk.realtime.notes import note_heads_of, notes_after
from chatdesk.states import button_states, conversation_states, offered_groups, waiting_counts
from chatdesk.waiting import can_tell_by_mail, choices
from routing.models import Group, Request, State
from tests.factories import (
    Cast,
    make_button,
    make_conversation,
    make_entries,
    make_group,
    make_hours,
    make_participant,
    make_present,
    make_request,
)

SMTP = "django.core.mail.backends.smtp.EmailBackend"
CONSOLE = "django.core.mail.backends.console.EmailBackend"
DUMMY = "django.core.mail.backends.dummy.EmailBackend"


def asked(conversation: Conversation, minutes: int | None = 0) -> Conversation:
    """Asked so many minutes after they began to wait; None: there is a row, and nobody has asked yet."""
    since = conversation.request.waiting_since
    offered = None if minutes is None else since + timedelta(minutes=minutes)
    WaitChoice.objects.create(conversation=conversation, offered_at=offered)
    return Conversation.objects.get(pk=conversation.pk)


# --- what a waiting visitor may choose ---


@pytest.mark.parametrize(
    ("minutes", "backend", "offered"),
    [
        (None, SMTP, []),
        (-1, SMTP, []),  # in the wait before a transfer
        (0, SMTP, ["wait", "message", "mail"]),
        (5, SMTP, ["wait", "message", "mail"]),
        (5, CONSOLE, ["wait", "message"]),
        (5, DUMMY, ["wait", "message"]),
    ],
)
def test_what_is_offered_once_one_was_asked(
    cast: Cast, settings: Settings, minutes: int | None, backend: str, offered: list[str]
) -> None:
    settings.EMAIL_BACKEND = backend
    assert choices(asked(make_conversation(cast.sales_button), minutes)) == offered


def test_a_group_that_sends_no_mail_offers_none(cast: Cast, settings: Settings) -> None:
    settings.EMAIL_BACKEND = SMTP
    Group.objects.update(offers_mail=False)
    assert choices(asked(make_conversation(cast.sales_button))) == ["wait", "message"]
    assert not can_tell_by_mail(Group.objects.get(slug="sales"))


def test_who_was_never_asked_and_who_is_answered_choose_nothing(cast: Cast, settings: Settings) -> None:
    settings.EMAIL_BACKEND = SMTP
    assert choices(make_conversation(cast.sales_button)) == []
    assert choices(asked(make_conversation(cast.sales_button, operator=cast.alice))) == []
    assert choices(asked(make_conversation(cast.sales_button, closed=True))) == []


# --- queues and buttons ---


def test_only_who_waits_counts_and_a_group_where_nobody_waits_is_left_out(cast: Cast) -> None:
    quiet = make_group("quiet")
    make_conversation(cast.sales_button)
    make_conversation(cast.sales_button)
    make_conversation(cast.sales_button, operator=cast.alice)
    make_conversation(cast.sales_button, closed=True)
    make_request(quiet, closed=True)
    assert waiting_counts() == {"sales": 2}


def test_a_button_reaches_its_group_or_its_choices_or_all_that_are_active(cast: Cast) -> None:
    late, gone = make_group("late"), make_group("gone", is_active=False)
    fixed, chosen, free = make_button("fixed", late), make_button("chosen"), make_button("free")
    chosen.choices.set([late, gone])
    active = set(Group.objects.filter(is_active=True))
    assert offered_groups(fixed) == [late]
    assert offered_groups(chosen) == [late]
    assert set(offered_groups(free)) == active
    assert gone not in active


def test_a_choice_of_groups_that_are_all_switched_off_is_no_choice(cast: Cast) -> None:
    button = make_button("chosen")
    button.choices.set([make_group("gone", is_active=False)])
    assert set(offered_groups(button)) == set(Group.objects.filter(is_active=True))


def test_a_button_of_no_group_at_all_is_offline(db: None) -> None:
    Group.objects.all().delete()
    state = button_states([Button(slug="lonely", pk=1)])["lonely"]
    assert (state.state, state.groups, state.wait_seconds, state.waiting, state.opens_at) == (
        "offline",
        {},
        None,
        None,
        None,
    )


def test_the_best_of_its_groups_is_the_buttons_state(cast: Cast) -> None:
    shut = make_group("shut", hours=make_hours("Shut"))
    button = make_button("both")
    button.choices.set([shut, cast.sales])
    assert button_states([button])["both"].state == "offline"
    make_present(cast.alice)
    state = button_states([button])["both"]
    assert (state.state, state.groups) == ("online", {"shut": "masked", "sales": "online"})
    assert button_states([]) == {}


def test_each_conversation_has_its_own_place(cast: Cast) -> None:
    chats = [make_conversation(cast.sales_button) for _ in range(3)]
    held = make_conversation(cast.sales_button, operator=cast.alice)
    states = conversation_states([chat.pk for chat in (*chats, held)])
    assert [states[chat.pk].position for chat in chats] == [1, 2, 3]
    assert (states[held.pk].position, states[held.pk].wait_range) == (None, None)
    operator = states[held.pk].operator
    assert operator is not None
    assert operator.name == cast.alice.display_name
    assert conversation_states([]) == conversation_states([10**9]) == {}


# --- what a page that comes back is given ---


@pytest.mark.parametrize("count", [0, 1, 7])
def test_after_each_number_the_rest_comes_in_order_and_once(cast: Cast, count: int) -> None:
    room, other = make_conversation(cast.sales_button), make_conversation(cast.sales_button)
    make_entries(room, count)
    make_entries(other, 3)
    for after in range(count + 3):
        found = entries_after({room.pk: after})
        assert [item.seq for item in found[room.pk]] == list(range(after + 1, count + 1))
        assert set(found) <= {room.pk}


@tried(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(steps=st.lists(st.integers(1, 5), min_size=1, max_size=6))
def test_pages_of_any_length_put_together_are_the_whole(cast: Cast, steps: list[int]) -> None:
    room = make_conversation(cast.sales_button)
    make_entries(room, 9)
    seen: list[int] = []
    for step in [*steps, 9]:
        after = seen[-1] if seen else 0
        seen += [item.seq for item in entries_after({room.pk: after}, step)[room.pk]]
    assert seen == list(range(1, 10))


def test_notes_are_read_from_each_ones_own_number(cast: Cast) -> None:
    rooms = [make_conversation(cast.sales_button, operator=cast.alice) for _ in range(3)]
    for room in rooms:
        for number in range(1, 4):
            store_note(room.pk, cast.alice, f"{room.pk}-{number}", f"Note {number}", Note.Kind.NOTE)
    found = notes_after({room.pk: after for room, after in zip(rooms, (0, 2, 3), strict=True)})
    assert [[note.seq for note in found.get(room.pk, [])] for room in rooms] == [[1, 2, 3], [3], []]
    assert notes_after({}) == {}
    assert note_heads_of([room.pk for room in rooms]) == {room.pk: 3 for room in rooms}
    assert note_heads_of([]) == {}


# --- seats ---


def test_a_seat_says_how_far_each_side_has_got(cast: Cast, sam: User) -> None:
    room = make_conversation(cast.sales_button, operator=cast.alice)
    make_entries(room, 6)
    make_participant(room, sam)
    for person, delivered, read in ((None, 4, 2), (cast.alice, 5, 1), (sam, 3, 3)):
        Participant.objects.filter(conversation=room, user=person).update(delivered_seq=delivered, read_seq=read)
    place = place_of(Conversation.objects.get(pk=room.pk))
    assert (place.head, place.last_note, place.ref) == (6, 0, room.ref)
    assert place.marks == {"operator": (5, 3), "visitor": (4, 2)}


def test_where_no_operator_was_nothing_is_delivered_to_one(cast: Cast) -> None:
    seat = visitor_seat(make_conversation(cast.sales_button))
    assert seat.place.marks == {"operator": (0, 0), "visitor": (0, 0)}
    assert seat.participant_id is not None
    assert seat.is_fresh


def test_who_only_watches_leaves_no_mark(cast: Cast, sam: User) -> None:
    room = make_conversation(cast.sales_button, operator=cast.alice)
    make_participant(room, sam)
    Participant.objects.filter(conversation=room, user=sam).update(role=Participant.Role.MONITOR)
    assert operator_seat(sam, room.ref).participant_id is None
    own = operator_seat(cast.alice, room.ref)
    assert own.participant_id == Participant.objects.get(conversation=room, user=cast.alice).pk


@pytest.mark.parametrize("ref", ["", "-", "never-was", "x" * 64, "'; --", "\u202e"])
def test_no_seat_where_there_is_no_conversation(cast: Cast, ref: str) -> None:
    with pytest.raises(Refused) as caught:
        operator_seat(cast.alice, ref)
    assert caught.value.code == Code.UNKNOWN


def test_a_chat_of_others_is_refused_as_one_that_never_was(cast: Cast) -> None:
    told: list[tuple[Any, ...]] = []
    for ref in (make_conversation(cast.sales_button, operator=cast.alice).ref, "never-was"):
        with pytest.raises(Refused) as caught:
            operator_seat(cast.bob, ref)
        told.append((caught.value.code, caught.value.detail, caught.value.retry))
    assert told[0] == told[1]


# --- invitations on a page ---


def rule(button: Button, **facts: Any) -> InvitationRule:
    return InvitationRule.objects.create(button=button, texts=facts.pop("texts", "May we help?"), **facts)


def invited(cast: Cast, state: str = "online") -> list[int]:
    told = page_invitations(cast.sales_button, ButtonState(button="sales", state=state), [cast.sales])
    return [each.id for each in told]


@pytest.mark.parametrize(("state", "count"), [("online", 1), ("busy", 0), ("offline", 0), ("masked", 0)])
def test_nobody_is_invited_unless_somebody_has_a_free_place(cast: Cast, state: str, count: int) -> None:
    rule(cast.sales_button)
    assert len(invited(cast, state)) == count


@pytest.mark.parametrize(("below", "waiting", "count"), [(None, 3, 1), (1, 0, 1), (1, 1, 0), (3, 2, 1), (3, 3, 0)])
def test_a_long_queue_invites_nobody(cast: Cast, below: int | None, waiting: int, count: int) -> None:
    rule(cast.sales_button, queue_below=below)
    for _ in range(waiting):
        make_request(cast.sales)
    assert len(invited(cast)) == count


@pytest.mark.parametrize(("language", "count"), [("en", 2), ("de", 1)])
def test_an_invitation_is_shown_to_who_reads_its_language(cast: Cast, language: str, count: int) -> None:
    rule(cast.sales_button)
    rule(cast.sales_button, language="en")
    with override(language):
        assert len(invited(cast)) == count


def test_switched_off_and_outside_its_hours_it_is_not_shown(cast: Cast) -> None:
    rule(cast.sales_button, is_active=False)
    rule(cast.sales_button, hours=make_hours("Never"))
    shown = rule(cast.sales_button, hours=make_hours("Always", opens="00:00-24:00"))
    assert invited(cast) == [shown.pk]


def test_another_buttons_invitations_stay_there(cast: Cast) -> None:
    rule(make_button("other", cast.sales))
    assert invited(cast) == []


@pytest.mark.once
@pytest.mark.parametrize(
    ("texts", "shown"),
    [
        ("Hi", ["Hi"]),
        ("Hi\n\n  Hello \r\nHey", ["Hi", "Hello", "Hey"]),
        ("\n \n", []),
        ("مرحبا\nשלום", ["مرحبا", "שלום"]),
    ],
)
def test_one_text_a_line(texts: str, shown: list[str]) -> None:
    assert InvitationRule(texts=texts).variants() == shown


def test_a_mail_that_was_asked_for_is_not_offered_again(cast: Cast, settings: Settings) -> None:
    settings.EMAIL_BACKEND = SMTP
    chat = make_conversation(cast.sales_button)
    Request.objects.filter(pk=chat.request_id).update(state=State.CLOSED)
    before = choices(Conversation.objects.get(pk=chat.pk))
    MailNotice.objects.create(conversation=chat, address="vera@example.org", language="en")
    after = Conversation.objects.get(pk=chat.pk)
    assert before == ["wait", "mail"]
    assert choices(after) == ["wait"]
    assert choices(after, somebody_there=False) == []
