"""Two tickets become one, and one becomes two."""

from __future__ import annotations

import pytest
from django.utils import timezone

from accounts.models import AuditEntry, Scope, User
from chatdesk.models import Conversation, Kind
from chatdesk.protocol import Code, Refused
from tests.chatdesk.desk_doors import address, fragment, html
from tests.factories import Cast, make_conversation, make_entry, make_guest, make_supervisor
from tests.tickets.test_tickets import events, left
from tickets.actions import correspondents, pickup, tickets
from tickets.actions.reaching import way_to
from tickets.models import Correspondent, IncomingMail, Letter, Ticket


def by_mail(cast: Cast, name: str, subject: str = "") -> Ticket:
    """A ticket whose visitor writes from `name`@home.example."""
    conversation = left(cast)
    conversation.visitor = make_guest().visitor
    conversation.save()
    correspondents.of_visitor(conversation, f"{name}@home.example")
    return tickets.ensure(conversation, subject)


def refused(cast: Cast, one: Ticket, number: int) -> Code:
    with pytest.raises(Refused) as found:
        tickets.merge(cast.alice, one.conversation.ref, number)
    return found.value.code


# --- merging ---------------------------------------------------------------------------------------------------------


def test_what_was_said_stays_and_what_comes_goes_to_one_place(cast: Cast) -> None:
    one, two = by_mail(cast, "vera"), by_mail(cast, "walt")
    assert tickets.merge(cast.alice, one.conversation.ref, two.pk) == two
    one.refresh_from_db()
    one.conversation.refresh_from_db()
    assert (one.merged_into, one.state, one.conversation.standing) == (two, "solved", "closed")
    assert tickets.resolve(one.conversation) == two.conversation
    assert one.conversation.entries.filter(kind=Kind.MESSAGE).count() == 1
    assert events(one)[-1] == ("merged_into", "", str(two.pk))
    assert events(two)[-1] == ("merged", "", str(one.pk))
    assert AuditEntry.objects.get(action="ticket.merge").after == {"into": two.pk}


def test_into_one_that_was_merged_itself_means_where_that_went(cast: Cast) -> None:
    one, two, three = (by_mail(cast, name) for name in ("vera", "walt", "xaver"))
    tickets.merge(cast.alice, two.conversation.ref, three.pk)
    assert tickets.merge(cast.alice, one.conversation.ref, two.pk) == three


def test_no_ticket_is_merged_into_itself_or_in_a_circle(cast: Cast) -> None:
    one, two = by_mail(cast, "vera"), by_mail(cast, "walt")
    assert refused(cast, one, one.pk) == Code.CONFLICT
    tickets.merge(cast.alice, one.conversation.ref, two.pk)
    assert refused(cast, two, one.pk) == Code.CONFLICT
    assert refused(cast, one, two.pk) == Code.CONFLICT


def test_a_number_that_is_not_mine_to_see_is_none(cast: Cast) -> None:
    one = by_mail(cast, "vera")
    foreign = tickets.ensure(make_conversation(cast.support_button))
    assert refused(cast, one, foreign.pk) == refused(cast, one, 999) == Code.CONFLICT
    assert not Ticket.objects.filter(merged_into__isnull=False).exists()


def test_nobody_is_cut_off(cast: Cast) -> None:
    without_address, other = tickets.ensure(left(cast)), by_mail(cast, "walt")
    assert refused(cast, without_address, other.pk) == Code.CONFLICT
    live = tickets.ensure(make_conversation(cast.sales_button, cast.walt))
    correspondents.of_visitor(live.conversation, "walt@home.example")
    assert refused(cast, live, other.pk) == Code.CONFLICT


def test_the_same_visitors_tickets_need_no_address(cast: Cast) -> None:
    one, two = tickets.ensure(left(cast)), tickets.ensure(left(cast))
    assert one.conversation.visitor == two.conversation.visitor
    assert tickets.merge(cast.alice, one.conversation.ref, two.pk) == two


def test_the_panel_leads_from_each_to_the_other(cast: Cast) -> None:
    one, two = by_mail(cast, "vera"), by_mail(cast, "walt")
    tickets.merge(cast.alice, one.conversation.ref, two.pk)
    old, new = (html(fragment(cast.alice, address(each.conversation))) for each in (one, two))
    assert f'href="{address(two.conversation)}"' in old
    assert "Open it" in old
    assert f'href="{address(one.conversation)}"' in new
    assert way_to(one.conversation).elsewhere == two.conversation


def test_a_merged_one_is_not_taken_up_again(cast: Cast) -> None:
    one, two = by_mail(cast, "vera"), by_mail(cast, "walt")
    tickets.merge(cast.alice, one.conversation.ref, two.pk)
    with pytest.raises(Refused) as found:
        pickup.take_up_again(make_supervisor_who_answers(), one.conversation.ref)
    assert found.value.code == Code.CONFLICT
    one.conversation.refresh_from_db()
    assert one.conversation.closed_at is not None


def make_supervisor_who_answers() -> User:
    sam = make_supervisor()
    kind = sam.user_type
    assert kind is not None
    kind.answer = Scope.ALL
    kind.save()
    return sam


# --- splitting -------------------------------------------------------------------------------------------------------


def two_questions(cast: Cast) -> Conversation:
    conversation = left(cast)
    make_entry(conversation, "We ask", cast.alice)
    make_entry(conversation, "And the invoice?")
    return conversation


def said(conversation: Conversation) -> list[str]:
    return list(conversation.entries.filter(kind=Kind.MESSAGE).order_by("seq").values_list("body", flat=True))


def test_a_second_question_gets_a_ticket_of_its_own(cast: Cast) -> None:
    conversation = two_questions(cast)
    trunk = tickets.ensure(conversation, "Parcel")
    branch = tickets.split(cast.alice, conversation.ref, 3)
    assert said(branch.conversation) == ["And the invoice?"]
    assert len(said(conversation)) == 3
    assert branch.conversation.visitor == conversation.visitor
    assert (branch.split_from, branch.subject, branch.state) == (trunk, "Parcel", "open")
    assert branch.conversation.standing == "message"
    assert events(trunk)[-1] == ("split", "3", str(branch.pk))
    assert events(branch)[-1] == ("split_from", "3", str(trunk.pk))
    for text in (fragment(cast.alice, address(conversation)), fragment(cast.alice, address(branch.conversation))):
        assert "Split" in html(text)


def test_splitting_again_is_the_same_ticket(cast: Cast) -> None:
    conversation = two_questions(cast)
    tickets.ensure(conversation)
    assert tickets.split(cast.alice, conversation.ref, 3) == tickets.split(cast.alice, conversation.ref, 3)
    assert Ticket.objects.count() == 2


def test_who_wrote_by_mail_is_reached_in_both(cast: Cast) -> None:
    conversation = two_questions(cast)
    writer = correspondents.of_visitor(conversation, "vera@home.example")
    tickets.ensure(conversation)
    entry = conversation.entries.get(seq=3)
    mail = IncomingMail.objects.create(via="file", recipient="a@b", digest="0", raw=b"", size=0)
    Letter.objects.create(entry=entry, incoming=mail, sender=writer, subject="Invoice", masked_count=2)
    branch = tickets.split(cast.alice, conversation.ref, 3)
    copy = Letter.objects.get(entry__conversation=branch.conversation)
    reached = Correspondent.objects.get(conversation=branch.conversation)
    assert (copy.subject, copy.masked_count, copy.sender) == ("Invoice", 2, reached)
    assert correspondents.address_of(reached) == "vera@home.example"
    assert reached.token_hash != writer.token_hash


def test_nothing_is_split_off_where_the_visitor_wrote_nothing(cast: Cast) -> None:
    conversation = two_questions(cast)
    tickets.ensure(conversation)
    for seq in (0, 4, 99):
        with pytest.raises(Refused) as found:
            tickets.split(cast.alice, conversation.ref, seq)
        assert found.value.code == Code.CONFLICT
    assert Ticket.objects.count() == 1


def test_a_chat_that_goes_on_is_not_split(cast: Cast) -> None:
    conversation = make_conversation(cast.sales_button, cast.vera, cast.alice)
    make_entry(conversation)
    tickets.make(cast.alice, conversation.ref)
    with pytest.raises(Refused) as found:
        tickets.split(cast.alice, conversation.ref, 1)
    assert found.value.code == Code.CONFLICT
    conversation.request.state, conversation.request.closed_at = "closed", timezone.now()
    conversation.request.save()
    assert tickets.split(cast.alice, conversation.ref, 1).split_from is not None
