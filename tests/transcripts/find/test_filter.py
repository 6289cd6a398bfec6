"""Each filter of a search: by whom, where, what kind, which document, which ticket."""

from __future__ import annotations

import pytest

from accounts.models import User
from chatdesk.models import Conversation, File, Note, Participant
from routing.models import Outcome, Request
from tests.factories import Cast, make_conversation, make_entry
from tickets.actions.correspondents import of_operator, of_visitor
from tickets.models import IncomingMail, Letter, Tag, Ticket
from transcripts.actions.finding import conversation_ids
from transcripts.query import Query


def names(text: str) -> set[str]:
    return {each.name for each in conversation_ids(Query.parse(text))}


def talk(cast: Cast, name: str, *, operator: User | None = None, support: bool = False) -> Conversation:
    button = cast.support_button if support else cast.sales_button
    made = make_conversation(button, operator=operator, name=name)
    make_entry(made, "hello")
    return made


def letter(conversation: Conversation, subject: str) -> Letter:
    entry = conversation.entries.earliest("seq")
    mail = IncomingMail.objects.create(via="file", recipient="a@desk.example", digest=subject, raw=b"x", size=1)
    return Letter.objects.create(entry=entry, incoming=mail, subject=subject)


def test_operators_by_name_of_now_and_of_then_address_and_number(cast: Cast) -> None:
    talk(cast, "one", operator=cast.alice)
    talk(cast, "two", operator=cast.bob)
    assert names("operator:alice") == names("operator:ALI") == names(f"operator:#{cast.alice.pk}") == {"one"}
    User.objects.filter(pk=cast.alice.pk).update(display_name="Mrs Smith")
    assert names("operator:alice") == names('operator:"mrs smith"') == {"one"}
    assert names("operator:alice@desk.example") == {"one"}
    assert names("operator:alice operator:bob") == {"one", "two"}
    assert names("operator:#0") == names("operator:#x") == names(f"operator:#{'9' * 19}") == set()


def test_who_wrote_only_a_note_was_there_too(cast: Cast) -> None:
    one = talk(cast, "one")
    Note.objects.create(conversation=one, number=1, author=cast.bob, body="x", after_seq=1, client_id="1")
    assert names("operator:bob") == {"one"}


def test_visitors_by_name_of_then_address_and_number(cast: Cast) -> None:
    one = talk(cast, "Vera Lindqvist")
    talk(cast, "Walt")
    Conversation.objects.filter(pk=one.pk).update(email="Vera@Example.org")
    assert names("visitor:lindq") == names("visitor:vera@example.org") == {"Vera Lindqvist"}
    assert names(f"visitor:#{one.visitor_id}") == {"Vera Lindqvist"}
    Participant.objects.filter(conversation=one, user=None).update(name="Vera Born")
    assert names("visitor:born") == {"Vera Lindqvist"}


def test_people_by_the_addresses_behind_their_mails(cast: Cast) -> None:
    one = talk(cast, "one", operator=cast.alice)
    of_visitor(one, "Vera.Walt@Example.org")
    of_operator(one, cast.alice)
    assert names("visitor:vera.walt@example.org") == {"one"}
    assert names("visitor:other@example.org") == names("operator:vera.walt@example.org") == set()


def test_every_group_that_it_passed_through(cast: Cast) -> None:
    one, two = talk(cast, "one"), talk(cast, "two", support=True)
    Conversation.objects.filter(pk=one.pk).update(group=cast.support, earlier_groups=[cast.sales.pk])
    assert names("group:sales") == {"one"}
    assert names("group:SUPPORT") == names("group:support group:sales") == {"one", "two"}
    assert names("group:none") == set()
    assert two.earlier_groups == []


def test_a_group_by_its_name_in_words(cast: Cast) -> None:
    talk(cast, "one")
    cast.sales.name = "Sales and returns"
    cast.sales.save()
    assert names('group:"sales and returns"') == {"one"}


def test_buttons_by_short_name_and_title(cast: Cast) -> None:
    talk(cast, "one")
    talk(cast, "two", support=True)
    assert names("button:sales") == names("button:Sales") == {"one"}


def test_states(cast: Cast) -> None:
    one, two = talk(cast, "one"), talk(cast, "two")
    Conversation.objects.filter(pk=one.pk).update(closed_at=one.created_at)
    Conversation.objects.filter(pk=two.pk).update(erased_at=two.created_at)
    assert (names("state:closed"), names("state:open"), names("state:erased")) == ({"one"}, {"two"}, {"two"})
    assert names("state:restricted") == names("state:quarantined") == set()


def test_channels(cast: Cast) -> None:
    talk(cast, "chat")
    message, mail = talk(cast, "message"), talk(cast, "mail")
    Request.objects.filter(pk=message.request_id).update(outcome=Outcome.MESSAGE)
    letter(mail, "Torn coat")
    assert (names("channel:chat"), names("channel:message"), names("channel:mail")) == ({"chat"}, {"message"}, {"mail"})
    assert names("channel:chat channel:mail") == {"chat", "mail"}


def test_mail_subjects_and_ticket_subjects(cast: Cast) -> None:
    mail, ticket = talk(cast, "mail"), talk(cast, "ticket")
    letter(mail, "Gertrude's torn coat")
    Ticket.objects.create(conversation=ticket, subject="Gertrude, again")
    assert names("gertrude") == names("gertrude in:subjects") == {"mail", "ticket"}
    assert names('"gertrude s torn" in:said') == set()


def test_tickets_by_number_and_tag(cast: Cast) -> None:
    one = talk(cast, "one")
    talk(cast, "two")
    ticket = Ticket.objects.create(conversation=one)
    ticket.tags.add(Tag.objects.create(name="Complaint"))
    assert names(f"ticket:{ticket.pk}") == names(f"ticket:#{ticket.pk}") == names("tag:complaint") == {"one"}
    assert names("ticket:0") == names("ticket:x") == names("tag:other") == set()


def test_documents_by_name_type_and_hash(cast: Cast) -> None:
    one = talk(cast, "one")
    talk(cast, "two")
    facts = {"media_type": "application/pdf", "size": 1, "sha256": "ab" * 32, "state": File.State.STORED}
    File.objects.create(conversation=one, name="Invoice 100%.pdf", **facts)
    for text in ("file:invoice", 'file:"invoice 100%"', "type:application/", "hash:ABAB", f"hash:{'ab' * 32}"):
        assert names(text) == {"one"}, text
    assert names("file:in_oice") == names("hash:ba") == names("type:image") == set()


def test_a_rating_finds_nothing_while_there_are_none(cast: Cast) -> None:
    talk(cast, "one")
    assert names("rating:5") == set()


def test_by_reference_and_all_filters_together(cast: Cast) -> None:
    one = talk(cast, "one", operator=cast.alice)
    talk(cast, "two", operator=cast.alice)
    assert names(f"ref:{one.ref}") == names(f"ref:{one.ref} operator:alice group:sales hello") == {"one"}
    assert names(f"ref:{one.ref} operator:bob") == names(f"ref:{one.ref} goodbye") == set()


def test_it_stands_in_another_query(cast: Cast) -> None:
    one = talk(cast, "one")
    found = conversation_ids(Query.parse("hello -goodbye"))
    assert list(Conversation.objects.filter(pk__in=found.values("pk"))) == [one]
    assert found.filter(name="one").exists()
    assert found.count() == 1


@pytest.mark.parametrize("value", ["%", "_", "\\", "'", '\\"', "%' OR 1=1 --", "{}", "$1", "%s"])
@pytest.mark.parametrize("name", ["operator", "visitor", "group", "file", "type", "hash", "tag", "ref", "button"])
def test_signs_that_databases_know_mean_themselves(cast: Cast, name: str, value: str) -> None:
    """X-10."""
    talk(cast, "one", operator=cast.alice)
    assert names(f"{name}:{value.replace(chr(34), '')}") == set()
