"""Tickets: made, assigned, changed, solved; each change is told of."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import AuditEntry, User
from chatdesk.actions.entries import post_entry
from chatdesk.models import Conversation, Kind
from chatdesk.protocol import Code, Refused
from routing.models import Outcome
from tests.factories import Cast, make_conversation, make_entry, make_operator, make_participant, make_supervisor
from tickets.actions import tickets
from tickets.models import Tag, Ticket, TicketEvent


def left(cast: Cast, **facts: object) -> Conversation:
    """A message that nobody has taken up."""
    conversation = make_conversation(cast.sales_button, cast.vera, **facts)  # type: ignore[arg-type]
    make_entry(conversation, "Where is my parcel?")
    request = conversation.request
    request.state, request.outcome, request.closed_at = "closed", Outcome.MESSAGE, timezone.now()
    request.save()
    return conversation


def events(ticket: Ticket) -> list[tuple[str, str, str]]:
    return list(TicketEvent.objects.filter(ticket=ticket).values_list("what", "before", "after"))


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    return tickets.ensure(left(cast), "Parcel")


def test_what_was_left_becomes_a_ticket_once(cast: Cast) -> None:
    conversation = left(cast)
    make_conversation(cast.sales_button, operator=cast.alice)
    assert (tickets.ensure_left(), tickets.ensure_left()) == (1, 0)
    assert Ticket.objects.get().conversation == conversation


def test_a_chat_becomes_a_ticket_of_who_holds_it(cast: Cast) -> None:
    conversation = make_conversation(cast.sales_button, operator=cast.alice)
    ticket = tickets.make(cast.alice, conversation.ref)
    assert ticket.owner == cast.alice
    assert tickets.make(cast.alice, conversation.ref) == ticket
    assert events(ticket) == [("made", "", "")]
    assert AuditEntry.objects.filter(action="ticket.make", object_id=str(conversation.pk)).count() == 1


def test_only_who_may_take_it_may_change_it(cast: Cast, ticket: Ticket) -> None:
    with pytest.raises(Refused) as stranger:
        tickets.set_state(cast.bob, ticket.conversation.ref, "solved")
    assert stranger.value.code == Code.UNKNOWN
    assert not TicketEvent.objects.exists()


def test_a_conversation_without_a_ticket_has_nothing_to_change(cast: Cast) -> None:
    with pytest.raises(Refused) as refused:
        tickets.prioritise(cast.alice, make_conversation(cast.sales_button).ref, 4)
    assert refused.value.code == Code.CONFLICT


def test_each_change_is_a_line_of_the_timeline_and_of_the_audit_log(cast: Cast, ticket: Ticket) -> None:
    ref, due = ticket.conversation.ref, timezone.now() + timedelta(days=1)
    tickets.assign(cast.alice, ref, cast.alice)
    tickets.prioritise(cast.alice, ref, 4)
    tickets.set_due(cast.alice, ref, due)
    tickets.rename(cast.alice, ref, " A  parcel ")
    tickets.tag(cast.alice, ref, "Late, parcel ,late")
    tickets.tag(cast.alice, ref, "parcel,late")
    ticket.refresh_from_db()
    assert (ticket.owner, ticket.priority, ticket.due_at, ticket.subject) == (cast.alice, 4, due, "A parcel")
    assert [tag.name for tag in ticket.tags.all()] == ["late", "parcel"]
    assert events(ticket) == [
        ("owner", "", "Alice"),
        ("priority", "2", "4"),
        ("due_at", "", due.isoformat(timespec="minutes")),
        ("subject", "Parcel", "A parcel"),
        ("tags", "", "late, parcel"),
    ]
    logged = AuditEntry.objects.filter(action="ticket.change").order_by("pk")
    assert [row.after for row in logged][1:4] == [
        {"priority": "4"},
        {"due_at": due.isoformat(timespec="minutes")},
        None,
    ]


def test_what_stays_as_it_was_is_no_change(cast: Cast, ticket: Ticket) -> None:
    tickets.prioritise(cast.alice, ticket.conversation.ref, 2)
    tickets.assign(cast.alice, ticket.conversation.ref, None)
    assert events(ticket) == []


@pytest.mark.parametrize("names", [",".join(f"t{n}" for n in range(11)), "x" * 41])
def test_tags_have_limits(cast: Cast, ticket: Ticket, names: str) -> None:
    with pytest.raises(Refused) as refused:
        tickets.tag(cast.alice, ticket.conversation.ref, names)
    assert refused.value.code == Code.FORM
    assert not Tag.objects.exists()


def test_nobody_is_given_what_they_may_not_see(cast: Cast, ticket: Ticket) -> None:
    for person in (cast.bob, cast.charlie):
        with pytest.raises(Refused) as refused:
            tickets.assign(cast.alice, ticket.conversation.ref, person)
        assert refused.value.code == Code.CONFLICT
    colleague = make_operator("ann", cast.sales)
    assert tickets.assign(cast.alice, ticket.conversation.ref, colleague).owner == colleague


def test_no_state_and_no_priority_that_there_is_not(cast: Cast, ticket: Ticket) -> None:
    with pytest.raises(Refused):
        tickets.set_state(cast.alice, ticket.conversation.ref, "lost")
    with pytest.raises(Refused):
        tickets.prioritise(cast.alice, ticket.conversation.ref, 9)


def test_solving_a_message_ends_it(cast: Cast, ticket: Ticket) -> None:
    tickets.set_state(cast.alice, ticket.conversation.ref, "solved")
    ticket.conversation.refresh_from_db()
    assert ticket.conversation.standing == "closed"
    assert ticket.conversation.entries.last().kind == Kind.CLOSE  # type: ignore[union-attr]


def test_solving_while_a_chat_goes_on_does_not_end_it(cast: Cast) -> None:
    conversation = make_conversation(cast.sales_button, operator=cast.alice)
    tickets.make(cast.alice, conversation.ref)
    tickets.set_state(cast.alice, conversation.ref, "solved")
    conversation.refresh_from_db()
    assert conversation.standing == "active"


# --- following what is said ------------------------------------------------------------------------------------------


def say(conversation: Conversation, user: User | None = None) -> None:
    post_entry(conversation, make_participant(conversation, user), "word", None)


def gone(conversation: Conversation) -> None:
    conversation.visitor.seen_at = timezone.now() - timedelta(hours=1)
    conversation.visitor.save()


def test_an_answer_waits_for_the_visitor_and_their_word_opens_it_again(cast: Cast) -> None:
    conversation = make_conversation(cast.sales_button, cast.vera, cast.alice)
    ticket = tickets.make(cast.alice, conversation.ref)
    gone(conversation)
    states = []
    for user in (cast.alice, None, cast.alice):
        say(conversation, user)
        assert tickets.follow_what_was_said() == 1
        ticket.refresh_from_db()
        states.append(ticket.state)
    assert states == ["pending", "open", "pending"]
    assert tickets.follow_what_was_said() == 0
    assert [line for line in events(ticket) if line[0] == "state"][-1] == ("state", "open", "pending")
    assert TicketEvent.objects.filter(ticket=ticket, what="state", actor=None).count() == 3


def test_while_both_talk_an_answer_waits_for_nobody(cast: Cast) -> None:
    type(cast.vera.visitor).objects.update(token_used=True)
    conversation = make_conversation(cast.sales_button, cast.vera, cast.alice)
    ticket = tickets.make(cast.alice, conversation.ref)
    say(conversation, cast.alice)
    tickets.follow_what_was_said()
    ticket.refresh_from_db()
    assert ticket.state == "open"


def test_a_visitors_word_opens_what_was_solved(cast: Cast) -> None:
    conversation = make_conversation(cast.sales_button, cast.vera, cast.alice)
    ticket = tickets.make(cast.alice, conversation.ref)
    tickets.set_state(cast.alice, conversation.ref, "solved")
    say(conversation)
    tickets.follow_what_was_said()
    ticket.refresh_from_db()
    assert ticket.state == "open"


def test_a_supervisor_works_on_every_ticket(cast: Cast, ticket: Ticket) -> None:
    assert tickets.prioritise(make_supervisor(), ticket.conversation.ref, 3).priority == 3
