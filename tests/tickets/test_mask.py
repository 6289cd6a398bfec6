"""What is hidden in a conversation depends on who reads it."""

from __future__ import annotations

import pytest

from chatdesk.models import Conversation
from tests.factories import Cast, make_conversation
from tickets.actions.correspondents import of_operator, of_third, of_visitor
from tickets.actions.maskrules import rules_for
from tickets.masking import mask_text
from tickets.models import ForwardingAddress, MailPolicy, MailSettings, WhoSees

VISITOR, STRANGER = "v.real@home.test", "x.real@third.test"


@pytest.fixture
def conversation(cast: Cast) -> Conversation:
    MailSettings.objects.create(pk=1, relay_domain="relay.test")
    return make_conversation(cast.sales_button, cast.vera)


def test_addresses_of_everybody_are_hidden_in_the_record(cast: Cast, conversation: Conversation) -> None:
    of_visitor(conversation, VISITOR, "Vera")
    of_third(conversation, STRANGER, "Xaver")
    told = f"{VISITOR} {STRANGER} {cast.bob.email} V.Real+x@home.test v real at home dot test"
    assert mask_text(told, rules_for(conversation, None)).text == "Vera Xaver [address hidden] Vera Vera"


def test_readers_see_their_own_address_and_no_other(cast: Cast, conversation: Conversation) -> None:
    visitor, third = of_visitor(conversation, VISITOR, "Vera"), of_third(conversation, STRANGER, "Xaver")
    told = f"{VISITOR} and {STRANGER}"
    assert mask_text(told, rules_for(conversation, visitor)).text == f"{VISITOR} and Xaver"
    assert mask_text(told, rules_for(conversation, third)).text == f"Vera and {STRANGER}"


def test_a_rule_lets_operators_see_the_visitor_and_nobody_else(cast: Cast, conversation: Conversation) -> None:
    MailPolicy.objects.create(group=cast.sales, who_sees=WhoSees.OPERATOR)
    of_visitor(conversation, VISITOR, "Vera")
    third, operator = of_third(conversation, STRANGER, "Xaver"), of_operator(conversation, cast.alice)
    for reader in (None, operator):
        assert VISITOR in mask_text(VISITOR, rules_for(conversation, reader)).text
    assert mask_text(VISITOR, rules_for(conversation, third)).text == "Vera"


def test_the_address_given_before_the_chat_is_hidden_too(conversation: Conversation) -> None:
    conversation.name, conversation.email = "Vera", VISITOR
    conversation.save(update_fields=["name", "email"])
    assert mask_text(f"I am {VISITOR}", rules_for(conversation, None)).text == "I am Vera"


def test_tokens_become_the_name_they_were_shown_with(cast: Cast, conversation: Conversation) -> None:
    of_visitor(conversation, VISITOR, "Vera")
    rules = rules_for(conversation, of_operator(conversation, cast.alice))
    assert rules.reply_address.endswith("@relay.test")
    assert mask_text(f"On Monday {rules.reply_address} wrote", rules).text == "On Monday Vera wrote"


def test_our_public_addresses_stay(cast: Cast, conversation: Conversation) -> None:
    ForwardingAddress.objects.create(address="support@relay.test", group=cast.sales)
    MailPolicy.objects.create(group=cast.sales, allowed_addresses="info@company.test\n@shop.test")
    rules = rules_for(conversation, None)
    public = "support@relay.test, info@company.test, any@shop.test"
    assert mask_text(public, rules).text == public
    assert rules.reply_address == "support@relay.test"


def test_personal_domains_are_hidden_but_neither_providers_nor_our_own_sites(
    cast: Cast, conversation: Conversation
) -> None:
    conversation.button.allowed_sites = "https://www.va.test"
    conversation.button.save(update_fields=["allowed_sites"])
    of_visitor(conversation, VISITOR, "Vera")
    of_third(conversation, "x@gmail.com", "Xaver")
    of_third(conversation, "o.real@va.test", "Olga")
    told = "www.home.test, gmail.com, www.va.test"
    assert mask_text(told, rules_for(conversation, None)).text == "[link hidden], gmail.com, www.va.test"


def test_numbers_and_links_by_the_groups_rule(cast: Cast, conversation: Conversation) -> None:
    told = "+49 89 12345678 and https://else.test/me"
    assert mask_text(told, rules_for(conversation, None)).text == "[number hidden] and https://else.test/me"
    MailPolicy.objects.create(group=cast.sales, masks_phones=False, masks_links=True)
    assert mask_text(told, rules_for(conversation, None)).text == "+49 89 12345678 and [link hidden]"
