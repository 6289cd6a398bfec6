"""The tickets page and the panel at their edges: many people, many tickets, chains of merges, other clocks."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from importlib import import_module

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from chatdesk.models import Conversation
from chatdesk.protocol import Code, Refused
from routing.models import Membership
from tests.chatdesk.desk_doors import address, fragment, html, page
from tests.factories import Cast, make_conversation, make_entry, make_operator, make_supervisor
from tests.tickets.test_desk_tickets import send, shown
from tests.tickets.test_tickets import events, left
from tickets.actions import tickets
from tickets.actions.tickets import changing, merging, opening
from tickets.lines import one_line
from tickets.models import Tag, Ticket, TicketEvent
from tickets.querysets import PAGE


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    return tickets.ensure(left(cast), "Parcel")


def offered(user: User, ticket: Ticket) -> list[int]:
    text = html(fragment(user, address(ticket.conversation, "ticket/")))
    found = re.search(r'id="ticket-owner".*?</select>', text, re.DOTALL)
    assert found is not None
    return [int(number) for number in re.findall(r'value="(\d+)"', found[0])]


# --- many people -----------------------------------------------------------------------------------------------------


def test_in_a_large_house_the_group_s_own_people_can_be_chosen(
    cast: Cast, ticket: Ticket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_module("tickets.views.desk.side"), "MOST_OWNERS", 5)
    kind = cast.alice.user_type
    crowd = [User(email=f"a{n}@desk.example", display_name=f"Aaa{n}", user_type=kind) for n in range(8)]
    User.objects.bulk_create(crowd)
    zoe = make_operator("zoe", cast.sales)
    tickets.assign(cast.alice, ticket.conversation.ref, zoe)
    assert offered(cast.alice, ticket) == [cast.alice.pk, zoe.pk]
    Membership.objects.filter(user=zoe).delete()
    assert zoe.pk in offered(cast.alice, ticket), "whose it is stands there, else the next change takes it from them"


def test_who_left_the_house_is_offered_no_more(cast: Cast, ticket: Ticket) -> None:
    zoe = make_operator("zoe", cast.sales)
    assert zoe.pk in offered(cast.alice, ticket)
    User.objects.filter(pk=zoe.pk).update(is_active=False)
    assert zoe.pk not in offered(cast.alice, ticket)


def test_owners_are_offered_by_name(cast: Cast, ticket: Ticket) -> None:
    sam, ben, yan = make_supervisor(), make_operator("ben", cast.sales), make_operator("yan", cast.sales)
    found = offered(cast.alice, ticket)
    assert found == [cast.alice.pk, ben.pk, sam.pk, yan.pk]


# --- many tickets ----------------------------------------------------------------------------------------------------


def test_a_long_list_is_paged_without_a_gap_or_a_ticket_twice(cast: Cast) -> None:
    made = [tickets.ensure(make_conversation(cast.sales_button), f"T{n}").pk for n in range(PAGE + 5)]
    first = html(fragment(cast.alice, "/desk/tickets/?q=T"))
    more = re.search(r'"(?:/desk/tickets/)?\?([^"]*cursor=[^"]*)"', first)
    assert more is not None
    query = more[1].replace("&amp;", "&")
    assert "q=T" in query
    numbers = [int(n) for n in re.findall(r"#(\d+)</span>", first)] + shown(cast.alice, query)
    assert numbers == made[::-1]


@pytest.mark.parametrize("cursor", ["x", "-1", "0", "9" * 30, "1.5", "²", ""])
def test_a_cursor_that_we_did_not_write_begins_anew_or_is_the_end(cast: Cast, ticket: Ticket, cursor: str) -> None:
    assert shown(cast.alice, f"cursor={cursor}") in ([ticket.pk], [])


@pytest.mark.parametrize("query", ["q=%25", "q=_", "q=%5C", "q=%27", "q=%23", "q=%23%23", "tag=%25", "q=" + "x" * 500])
def test_signs_of_a_pattern_are_letters(cast: Cast, ticket: Ticket, query: str) -> None:
    assert shown(cast.alice, query) == []


@pytest.mark.parametrize("query", ["whose=everybody", "state=lost", "overdue=1", "x=y", "whose=all&whose=mine"])
def test_a_filter_that_there_is_not_hides_nothing(cast: Cast, ticket: Ticket, query: str) -> None:
    tickets.assign(cast.alice, ticket.conversation.ref, cast.alice)
    assert shown(cast.alice, query) == [ticket.pk]


def test_words_of_the_subject_are_found_in_any_case(cast: Cast, ticket: Ticket) -> None:
    tickets.rename(cast.alice, ticket.conversation.ref, "Order 4711 (returned)")
    for query in ("q=ORDER", "q=order%20%204711", "q=(returned)", "q=4711"):
        assert shown(cast.alice, query) == [ticket.pk], query


def test_more_tickets_take_no_more_queries(cast: Cast) -> None:
    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page(cast.alice, "/desk/tickets/")
        return len(queries)

    tickets.ensure(make_conversation(cast.sales_button, operator=cast.alice))
    few = asked()
    for number in range(6):
        made = tickets.ensure(make_conversation(cast.sales_button, operator=cast.alice))
        make_entry(made.conversation, f"Word {number}")
        tickets.tag(cast.alice, made.conversation.ref, f"a{number}, b{number}")
    assert asked() <= few


# --- the timeline ----------------------------------------------------------------------------------------------------


def test_every_change_is_told_in_words(cast: Cast, ticket: Ticket) -> None:
    ref = ticket.conversation.ref
    tickets.rename(cast.alice, ref, "100 % {wool} %(after)s <b>")
    tickets.prioritise(cast.alice, ref, 4)
    tickets.set_due(cast.alice, ref, timezone.now() + timedelta(days=1))
    tickets.set_due(cast.alice, ref, None)
    tickets.set_state(cast.alice, ref, "pending")
    TicketEvent.objects.create(ticket=ticket, what="of_a_later_version", after="x")
    TicketEvent.objects.create(ticket=ticket, what="priority", after="9")
    TicketEvent.objects.create(ticket=ticket, what="mail_held", after="a_new_reason")
    text = html(fragment(cast.alice, address(ticket.conversation, "ticket/")))
    for words in (
        "subject: 100 % {wool} %(after)s &lt;b&gt;",
        "priority: urgent",
        "due: none",
        "waits for the visitor",
    ):
        assert words in text
    assert "priority: 9" in text
    assert "of_a_later_version" in text
    assert "<b>" not in text


def test_a_change_that_fails_half_way_has_changed_nothing(
    cast: Cast, ticket: Ticket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changing, "record", lambda *_, **__: 1 / 0)
    ref = ticket.conversation.ref
    steps: tuple[Callable[[], object], ...] = (
        lambda: tickets.tag(cast.alice, ref, "late"),
        lambda: tickets.set_state(cast.alice, ref, "solved"),
        lambda: tickets.assign(cast.alice, ref, cast.alice),
    )
    for step in steps:
        with pytest.raises(ZeroDivisionError):
            step()
    ticket.refresh_from_db()
    ticket.conversation.refresh_from_db()
    assert (ticket.state, ticket.owner, ticket.tags.count()) == ("open", None, 0)
    assert (Tag.objects.exists(), events(ticket), ticket.conversation.closed_at) == (False, [], None)


def test_a_merge_that_fails_half_way_has_merged_nothing(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = tickets.ensure(left(cast)), tickets.ensure(left(cast))
    monkeypatch.setattr(merging, "record", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        tickets.merge(cast.alice, one.conversation.ref, two.pk)
    one.refresh_from_db()
    one.conversation.refresh_from_db()
    assert (one.merged_into, one.state, one.conversation.closed_at) == (None, "open", None)
    assert (events(one), events(two)) == ([], [])


# --- where merged ones went ------------------------------------------------------------------------------------------


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=6))
def test_however_tickets_are_merged_each_leads_to_one_that_leads_nowhere(
    cast: Cast, steps: list[tuple[int, int]]
) -> None:
    made = [tickets.ensure(left(cast)) for _ in range(4)]
    for one, other in steps:
        try:
            end = tickets.merge(cast.alice, made[one].conversation.ref, made[other].pk)
        except Refused as refused:
            assert refused.code == Code.CONFLICT  # noqa: PT017 - what is refused is half of what is looked at
        else:
            assert tickets.resolve(made[one].conversation) == end.conversation
    for each in made:
        place = tickets.resolve(Conversation.objects.get(pk=each.conversation_id))
        assert Ticket.objects.get(conversation=place).merged_into is None


def test_a_circle_that_a_hand_made_in_the_database_ends(cast: Cast) -> None:
    one, two = tickets.ensure(left(cast)), tickets.ensure(left(cast))
    Ticket.objects.filter(pk=one.pk).update(merged_into=two)
    Ticket.objects.filter(pk=two.pk).update(merged_into=one)
    with CaptureQueriesContext(connection) as queries:
        opening.resolve(one.conversation)
    assert len(queries) == opening.LONGEST_CHAIN


# --- fields of one line ----------------------------------------------------------------------------------------------


@pytest.mark.once
@given(st.text())
def test_one_line_is_one_line_and_stays_so(text: str) -> None:
    line = one_line(text)
    assert line == one_line(line)
    assert "\x00" not in line
    assert len(line.splitlines()) <= 1
    assert line.replace(" ", "") == "".join(text.replace("\x00", "").split())


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(names=st.text(alphabet="aÀßİ ,\n\x00\u202e", max_size=60))
def test_whatever_is_typed_as_tags_is_kept_as_it_is_shown_again(cast: Cast, names: str) -> None:
    kept = tickets.ensure(Conversation.objects.first() or left(cast))
    try:
        tickets.tag(cast.alice, kept.conversation.ref, names)
    except Refused as refused:
        assert refused.code == Code.FORM  # noqa: PT017 - too many, or one too long
        return
    before = list(kept.tags.values_list("name", flat=True))
    lines = TicketEvent.objects.count()
    tickets.tag(cast.alice, kept.conversation.ref, ", ".join(before))
    assert list(kept.tags.values_list("name", flat=True)) == before
    assert TicketEvent.objects.count() == lines, "what is shown and sent again is no change"


def test_a_subject_is_cut_where_its_room_ends(cast: Cast, ticket: Ticket) -> None:
    send(cast.alice, address(ticket.conversation, "ticket/change/"), field="subject", value="ü" * 500)
    ticket.refresh_from_db()
    assert ticket.subject == "ü" * 200
