"""X-16: what is left of a text, and that doing it twice changes nothing."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatdesk.sensitive.cards import cards_in
from chatdesk.sensitive.masking import mask
from chatdesk.sensitive.results import What
from chatdesk.sensitive.rules import Rules
from tests.chatdesk.sensitive.numbers import AMEX, DINERS, VISA, completed, grouped, in_script
from tests.chatdesk.sensitive.test_find_cards import FOUND, NONE, numbers

BOTH, LAST, OFF = Rules(), Rules(keeps_first=False), Rules(cards=False)
CODES = {
    "named": ("cvv 123", "cvv •••"),
    "with a colon": ("CVC: 4321", "CVC: ••••"),
    "in a sentence": ("the cvv2 on the back is 123.", "the cvv2 on the back is •••."),
    "in German": ("Kartenprüfnummer 123", "Kartenprüfnummer •••"),
    "in French": ("cryptogramme : 123", "cryptogramme : •••"),
    "spaced": ("cvv 1 2 3", "cvv • • •"),
    "arabic digits": (f"CVV {in_script('123', '٠')}", "CVV •••"),
    "behind the number": (f"{VISA} 123", "411111••••••1111 •••"),
    "behind the month": (f"{VISA} 12/27 123", "411111••••••1111 12/27 •••"),
    "behind the month and a word": (f"{VISA}, exp 12/27, 123", "411111••••••1111, exp 12/27, •••"),
    "on another line": (f"{VISA}\n12/2027\n123", "411111••••••1111\n12/2027\n•••"),
    "four of amex": (f"{grouped(AMEX, ' ', 4, 6)} 1234", "3782 82•••• •0005 ••••"),
    "vaguer word beside a card": (f"{VISA}, security code: 123", "411111••••••1111, security code: •••"),
    "word before the card": (f"pin 1234 for {VISA}", "pin •••• for 411111••••••1111"),
    "glued": (f"{VISA}cvv123", "411111••••••1111cvv•••"),
    "second track": (f";{VISA}=27121010000012345678?", ";411111••••••1111=••••••••••••••••••••?"),
    "first track": (f"%B{VISA}^DOE/JOHN^27121010000012345678?", "%B411111••••••1111^DOE/JOHN^••••••••••••••••••••?"),
}
NO_CODES = {
    "a room": "Room 123",
    "a code without a card": "Your security code is 1234",
    "a door": "The pin of the door is 4321",
    "a CV": "My CV has 123 pages",
    "a price behind a card": "411111••••••1111 500 EUR",
    "a year": "since 2019",
}


@pytest.mark.parametrize(("text", "shown"), CODES.values(), ids=CODES.keys())
def test_codes_are_never_kept(text: str, shown: str) -> None:
    masked = mask(text, BOTH)
    assert masked.text == shown
    assert What.CODE in masked.hidden


@pytest.mark.parametrize("text", NO_CODES.values(), ids=NO_CODES.keys())
def test_other_short_numbers_stay(text: str) -> None:
    assert mask(text, BOTH).text == text


def test_an_amount_behind_a_card_stays() -> None:
    assert mask(f"{VISA} 500 EUR", BOTH).text == "411111••••••1111 500 EUR"


def test_the_first_six_and_the_last_four_stay() -> None:
    masked = mask(f"Card: {grouped(VISA)}.", BOTH)
    assert masked.text == "Card: 4111 11•• •••• 1111."
    assert masked.hidden == {What.CARD}


def test_or_the_last_four_alone() -> None:
    assert mask(grouped(VISA), LAST).text == "•••• •••• •••• 1111"


def test_of_a_short_number_the_last_four_alone_in_any_case() -> None:
    assert mask(DINERS, BOTH).text == "••••••••••5904"


def test_of_what_ends_in_two_ways_neither_end_shows_a_code() -> None:
    longer = completed(f"{VISA}10")
    assert mask(f"{grouped(VISA)} {longer[-3:]}", BOTH).text == "4111 11•• •••• •••1 •••"


def test_switched_off_it_does_nothing() -> None:
    assert mask(VISA, OFF).text == VISA


@pytest.mark.parametrize(("text", "digits"), FOUND.values(), ids=FOUND.keys())
def test_nothing_of_the_number_can_be_read_back(text: str, digits: str) -> None:
    masked = mask(text, BOTH).text
    assert cards_in(masked) == []
    assert digits not in "".join(filter(str.isdigit, masked))
    assert len(masked) == len(text)


@pytest.mark.parametrize("text", NONE.values(), ids=NONE.keys())
def test_a_text_without_a_card_is_the_same_text(text: str) -> None:
    assert mask(text, BOTH).text is text
    assert not mask(text, BOTH).hidden


PIECES = st.one_of(numbers(), st.sampled_from([" ", "-", "4", "11", "/", "12/27", "•", "a", "x1"]), st.text(max_size=8))


@given(st.lists(PIECES, max_size=6).map("".join), st.booleans())
def test_twice_is_once(text: str, keeps_first: bool) -> None:
    rules = Rules(keeps_first=keeps_first)
    once = mask(text, rules).text
    assert mask(once, rules).text == once
    assert len(once) == len(text)


@given(st.text())
def test_no_text_breaks_it_and_only_digits_go(text: str) -> None:
    masked = mask(text, BOTH).text
    assert all(one == other or (one.isdigit() and other == "•") for one, other in zip(text, masked, strict=True))


HOSTILE = {
    "fours": "4111 " * 4000,
    "ones": "4 " * 10_000,
    "eights": "41111111 " * 2222,
    "one block": "4" * 20_000,
    "codes": "cvv " * 5000,
    "codes and digits": "cvv 1 " * 3333,
    "dates": "4111 1111 1111 1111 12/27 " * 760,
    "accounts": "DE89 3704 4111 " * 1333,
    "letters between": "4a" * 10_000,
    "dots": "4•" * 10_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_the_longest_hostile_text_takes_a_moment(text: str) -> None:
    began = time.process_time()
    mask(text, BOTH)
    assert time.process_time() - began < 0.5
