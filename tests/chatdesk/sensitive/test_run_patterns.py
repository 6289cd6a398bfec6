"""X-15: an admin's patterns on anybody's texts: in time, and nobody's message is lost."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatdesk.sensitive.masking import mask
from chatdesk.sensitive.patterns import ALL_PIECES, WHOLE, Pattern, is_sound
from chatdesk.sensitive.results import What
from chatdesk.sensitive.rules import Rules
from chatdesk.sensitive.vetting import Fault, fault_of
from tests.chatdesk.sensitive.numbers import VISA

CUSTOMER = Pattern(7, r"KD-\d{6,8}", "[customer number hidden]")
EVIL = Pattern(8, r"(?:a|aa)+[?]", "[hidden]")  # as it could stand in the table by other ways than the page


def rules(*patterns: Pattern, cards: bool = True) -> Rules:
    return Rules(cards=cards, patterns=patterns)


GOOD = {
    "customer numbers": r"KD-\d{6,8}",
    "social security": r"\b\d{3}-\d{2}-\d{4}\b",
    "bank accounts": r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b",
    "passports": r"\b[A-Z]{1,2}\d{6,8}\b",
    "words": r"\b(?:Projekt|Project) \w{3,20}",
    "passwords": r"(?:password|passwort)\s{0,3}[:=]\s{0,3}\S{1,60}",
    "looking behind": r"(?<=PIN )\d{4}",
    "any script": r"\p{Arabic}{3,20}\d{4}",
    "a choice": r"red|green|blue",
    "named": r"(?P<a>\d{2})/(?P<b>\d{4})",
}
SLOW = {
    "X-15": r"(a+)+$",
    "two ways": r"(a|aa)+$",
    "words": r"(\w+\s?)+$",
    "groups": r"(?:\d+-?)+x",
    "twice": r"(x+x+)+y",
    "many stars": r".*a.*a.*a.*a.*a.*b",
    "letters": r"([a-z]+)*\d",
    "mixed": r"^(([a-z])+.)+[A-Z]([a-z])+$",
    "itself": r"(?R)a",
    "written out": r"\d{100000000}",
    "written out in itself": r"((a{100}){100}){100}",
}
UNREADABLE = {
    "a bracket": "(",
    "a class": "[a",
    "a name": r"(?P<x",
    "nothing to repeat": "*a",
    "a property": r"\p{Xyz}",
}
EMPTY = {"star": "a*", "nothing": "()", "an end": "$", "an option": "x?"}


@pytest.mark.parametrize("source", GOOD.values(), ids=GOOD.keys())
def test_good_patterns_are_taken(source: str) -> None:
    assert fault_of(source) is None


@pytest.mark.parametrize("source", SLOW.values(), ids=SLOW.keys())
def test_slow_patterns_are_refused_soon(source: str) -> None:
    began = time.monotonic()
    assert fault_of(source) == Fault.SLOW
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("source", UNREADABLE.values(), ids=UNREADABLE.keys())
def test_what_is_no_pattern_is_refused(source: str) -> None:
    assert fault_of(source) == Fault.UNREADABLE
    assert not is_sound(Pattern(1, source, ""))


@pytest.mark.parametrize("source", EMPTY.values(), ids=EMPTY.keys())
def test_what_matches_nothing_is_refused(source: str) -> None:
    assert fault_of(source) == Fault.EMPTY


@given(st.text(max_size=12))
def test_any_text_gets_an_answer(source: str) -> None:
    fault_of(source)


def test_what_matches_is_replaced() -> None:
    masked = mask("I am kd-1234567, and he is KD-7654321.", rules(CUSTOMER))
    assert masked.text == "I am [customer number hidden], and he is [customer number hidden]."
    assert masked.hidden == {What.PATTERN}
    assert not masked.late


def test_a_replacement_is_no_template() -> None:
    assert mask("KD-123456", rules(Pattern(1, r"KD-(\d+)", r"\1 \g<0> {0} %s"))).text == r"\1 \g<0> {0} %s"


def test_patterns_work_beside_cards_in_their_order() -> None:
    second = Pattern(9, "customer", "[x]")
    masked = mask(f"KD-123456 pays with {VISA}", rules(CUSTOMER, second))
    assert masked.text == "[[x] number hidden] pays with 411111••••••1111"
    assert masked.hidden == {What.PATTERN, What.CARD}


def test_other_texts_stay() -> None:
    assert mask("Hello", rules(CUSTOMER)).text == "Hello"
    assert not mask("Hello", rules(CUSTOMER)).hidden


def test_a_hostile_text_takes_its_time_and_no_more() -> None:
    began = time.monotonic()
    masked = mask("a" * 19_000 + "! ?", rules(EVIL))
    assert time.monotonic() - began < WHOLE + ALL_PIECES + 0.2
    assert masked.late == {8}


def test_what_a_pattern_cannot_judge_is_hidden_and_the_rest_is_kept() -> None:
    masked = mask("Before all that. " * 20 + "a" * 45 + "! " + "And after it? " * 20, rules(EVIL))
    assert masked.late == {8}
    assert "[hidden]" in masked.text
    assert "Before all that." in masked.text
    assert "aaaaaaaaaa" not in masked.text


def test_a_slow_pattern_does_not_stop_the_others() -> None:
    text = f"KD-123456 {VISA} " + "a " * 60 + "a" * 45 + "! ?"
    masked = mask(text, rules(EVIL, CUSTOMER))
    assert "123456" not in masked.text
    assert VISA not in masked.text


@given(st.text(max_size=300))
def test_no_text_breaks_a_pattern(text: str) -> None:
    assert isinstance(mask(text, rules(CUSTOMER, Pattern(1, r"\w\s\w", "•"), cards=False)).text, str)
