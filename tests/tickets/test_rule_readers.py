"""Who reads decides what is hidden: for each reader their own address alone stays, whoever else is in it."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from chatdesk.models import Conversation
from chatdesk.protocol import Refused
from tests.factories import Cast, make_conversation
from tickets.actions import maskrules
from tickets.actions.correspondents import address_hash, at_address, find, of_operator, of_third, of_visitor, revoke
from tickets.actions.maskrules import rules_for, rules_for_newcomer
from tickets.composing.tokens import kept_local_part
from tickets.masking import mask_text
from tickets.models import Correspondent, ForwardingAddress, IncomingMail, MailPolicy, MailSettings, WhoSees

V, X, Y = "v.real@home.test", "x.real@third.test", "y.real@fourth.test"


@pytest.fixture
def talk(cast: Cast) -> Conversation:
    MailSettings.objects.create(pk=1, relay_domain="relay.test")
    return make_conversation(cast.sales_button, cast.vera)


@pytest.fixture
def people(cast: Cast, talk: Conversation) -> dict[str, Correspondent]:
    return {
        V: of_visitor(talk, V, "Vera"),
        X: of_third(talk, X, "Xaver"),
        Y: of_third(talk, Y, "Yara"),
        cast.alice.email: of_operator(talk, cast.alice),
    }


@pytest.mark.parametrize("who_sees", WhoSees)
def test_everybody_sees_their_own_and_nobody_elses(
    cast: Cast, talk: Conversation, people: dict[str, Correspondent], who_sees: str
) -> None:
    MailPolicy.objects.create(group=cast.sales, who_sees=who_sees)
    for own, reader in people.items():
        shown = mask_text(" ; ".join(people), rules_for(talk, reader)).text.split(" ; ")
        is_operator = reader.side == Correspondent.Side.OPERATOR
        may = {own} | ({V} if is_operator and who_sees == WhoSees.OPERATOR else set())
        assert {address for address in people if address in shown} == may


def test_who_was_revoked_is_hidden_as_before(cast: Cast, talk: Conversation, people: dict[str, Correspondent]) -> None:
    Correspondent.objects.filter(pk=people[X].pk).update(revoked_at=talk.created_at)
    assert X not in mask_text(f"ask {X}", rules_for(talk, people[V])).text


def test_colleagues_who_have_no_part_are_hidden_too(cast: Cast, talk: Conversation) -> None:
    visitor = of_visitor(talk, V)
    assert cast.charlie.email not in mask_text(f"ask {cast.charlie.email}", rules_for(talk, visitor)).text


def test_another_conversations_people_are_strangers_here(cast: Cast, talk: Conversation) -> None:
    other = make_conversation(cast.support_button)
    of_third(other, Y, "Yara")
    assert "Yara" not in mask_text(f"ask {Y}", rules_for(talk, None)).text


@pytest.mark.parametrize("name", ["v.real@home.test", "Vera <v.real@home.test>", "@"])
def test_a_name_that_is_an_address_stands_for_nobody(talk: Conversation, name: str) -> None:
    """Else the mask itself would show what it hides."""
    of_visitor(talk, V, name)
    assert mask_text(f"ask {V}", rules_for(talk, None)).text == "ask [address hidden]"


def test_the_words_of_a_mask_are_in_the_readers_language(talk: Conversation) -> None:
    with override("de"):
        assert mask_text("ask y@z.test", rules_for(talk, None)).text != "ask [address hidden]"


def test_a_newcomer_is_hidden_before_there_is_a_conversation(cast: Cast) -> None:
    MailSettings.objects.create(pk=1, relay_domain="relay.test")
    coming = Conversation(group=cast.sales, button=cast.sales_button)
    mail = IncomingMail(helo="laptop.v-house.test", client_ip="203.0.113.9")
    rules = rules_for_newcomer(coming, V.upper(), "Vera", mail)
    told = f"{V}, laptop.v-house.test, 203.0.113.9, localhost"
    assert mask_text(told, rules).text == "Vera, [link hidden], [link hidden], localhost"
    nobody = rules_for_newcomer(coming, "", "", mail)
    assert mask_text("Hello there", nobody).text == "Hello there"


@pytest.mark.parametrize("helo", ["", "localhost", "desk", "127.0.0.1", "relay.test"])
def test_machines_of_everybody_and_our_own_are_no_secret(cast: Cast, talk: Conversation, helo: str) -> None:
    hosts = rules_for(talk, None, IncomingMail(helo=helo)).hosts
    assert helo not in hosts or helo == ""
    assert "" not in hosts


def test_where_answers_go(cast: Cast, talk: Conversation, people: dict[str, Correspondent]) -> None:
    ForwardingAddress.objects.create(address="sales@relay.test", group=cast.sales)
    visitor = people[V]
    token = f"{kept_local_part(visitor.nonce, visitor.token_hash)}@relay.test"
    assert rules_for(talk, visitor).reply_address == token
    assert rules_for(talk, None).reply_address == "sales@relay.test"
    MailSettings.objects.update(relay_domain="")
    assert rules_for(talk, visitor).reply_address == ""


def test_one_mailbox_is_one_person_in_each_conversation(cast: Cast, talk: Conversation) -> None:
    first = of_third(talk, X, "Xaver")
    again = of_third(talk, "X.Real+spam@THIRD.test", "Other")
    assert again.pk == first.pk
    assert at_address(talk, "<x.real@third.test>") == first
    other = make_conversation(cast.support_button)
    assert at_address(other, X) is None
    assert of_third(other, X, "Xaver").token_hash != first.token_hash


def test_a_token_that_was_revoked_is_known_still_and_by_whom(cast: Cast, talk: Conversation) -> None:
    third = of_third(talk, X, "Xaver")
    local = kept_local_part(third.nonce, third.token_hash)
    assert find(local.upper()) == third
    with pytest.raises(Refused):
        revoke(cast.alice, third)  # who may not even see contact data ends nobody's
    assert find(local.upper()) == Correspondent.objects.get(pk=third.pk, revoked_at=None)
    Correspondent.objects.filter(pk=third.pk).update(revoked_at=talk.created_at)
    found = find(local)
    assert found is not None
    assert found.revoked_at is not None
    assert find("t-" + "a" * 26) is None


def test_the_hash_of_an_address_tells_nothing_without_the_desks_key(talk: Conversation) -> None:
    assert address_hash(V) == address_hash(" <V.Real+x@HOME.test.> ") != address_hash(X)
    assert len(address_hash("")) == 64
    assert maskrules.words().address == "[address hidden]"
