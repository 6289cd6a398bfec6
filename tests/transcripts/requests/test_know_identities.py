"""What people give to be found by: any text is taken as what it is, or refused in words; never an error."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcripts.actions.requesting.identities import (
    MOST,
    Identity,
    Kind,
    NoIdentity,
    digits,
    identities,
    identity,
    mention,
    spellings,
)
from transcripts.words import AnyOf, Term

KINDS = st.sampled_from([each.value for each in Kind])
NUMBERS = st.from_regex(r"\A\+49 (30|40|89) [1-9][0-9]{5,7}\Z")


def known(kind: str, text: str) -> Identity | str:
    """The identity, or why it is none."""
    try:
        return identity(kind, text)
    except NoIdentity as refused:
        return str(refused)


@given(KINDS, st.text(max_size=300))
def test_any_text_is_somebody_or_is_refused_in_words(kind: str, text: str) -> None:
    found = known(kind, text)
    if isinstance(found, str):
        assert found, "a refusal says why"
        return
    assert "\x00" not in found.value
    assert found.value == " ".join(found.value.split()) != ""
    assert identity(kind, found.value) == found, "what is kept is known again"


@given(st.lists(st.tuples(KINDS, st.text(max_size=40)), max_size=8))
def test_each_once_and_never_nobody(given_: list[tuple[str, str]]) -> None:
    try:
        found = identities(given_)
    except NoIdentity:
        return
    assert 0 < len(found) == len(set(found))
    assert identities([(each.kind, each.value) for each in found]) == found


@given(st.integers(min_value=0, max_value=10**18 - 1), st.sampled_from(["", "#", "visitor-", "VISITOR-"]))
def test_a_visitors_number_is_one_however_it_is_written(number: int, before: str) -> None:
    assert identity(Kind.VISITOR, f"{before}{number}") == Identity(Kind.VISITOR, str(number))


@given(NUMBERS)
def test_a_number_with_its_country_is_looked_for_in_the_usual_forms(number: str) -> None:
    forms = spellings(number)
    assert number in forms
    assert "+" + digits(number) in forms
    assert any(form.startswith("0") for form in forms), "as people of that country write it"
    assert len(forms) == len(set(forms))


@given(KINDS, st.text(max_size=60))
def test_words_to_look_for_hold_letters_and_digits_alone(kind: str, text: str) -> None:
    """They go into the query language of a full text index."""
    try:
        words = mention(identity(kind, text))
    except NoIdentity:
        return
    if words is None:
        return
    assert isinstance(words, AnyOf)
    for term in words.parts:
        assert isinstance(term, Term)
        assert all(word.isalnum() for word in term.words)


def test_names_and_numbers_of_visitors_are_looked_for_in_no_text() -> None:
    assert mention(Identity(Kind.NAME, "Vera")) is None
    assert mention(Identity(Kind.VISITOR, "12")) is None
    assert mention(Identity(Kind.CONVERSATION, "abcdefghijkl")) is None


def test_so_many_and_no_more() -> None:
    many = [(Kind.NAME.value, f"Name {n}") for n in range(MOST + 1)]
    assert len(identities(many[:-1])) == MOST
    with pytest.raises(NoIdentity, match="too much at once"):
        identities(many)
    with pytest.raises(NoIdentity, match="at least one"):
        identities([(Kind.NAME.value, " \x00 ")])
