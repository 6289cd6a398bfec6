"""What of a conversation leaves the house by each profile: names, addresses and numbers, from one story."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from transcripts.actions.exporting.masking import covered, is_card, renamed
from transcripts.actions.exporting.profiles import profiled
from transcripts.formats.story import OPERATOR, VISITOR, Document, Event, Person, Presence, Story
from transcripts.models import Profile

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
VERA = Person("visitor-7", VISITOR, "Vera Winter", "vera@shop.example")
ALICE = Person("operator-3", OPERATOR, "Alice Stone", "alice@desk.example")
SAM = Person("operator-4", OPERATOR, "Sam", "sam@desk.example")
INVOICE = Document("invoice of Vera.pdf", "application/pdf", 10, "a" * 64, key="k")


def event(number: int, author: Person, text: str, **facts: object) -> Event:
    return replace(Event(number=number, kind="message", at=AT, author=author, text=text), **facts)  # type: ignore[arg-type]


STORY = Story(
    ref="abcdefghijklmnopqrstuv",
    site="desk.example",
    group="Sales",
    group_slug="sales",
    button="sales",
    channel="chat",
    subject="ABC",
    opened=AT,
    closed=AT,
    visitor=VERA,
    presences=(Presence(VERA, AT), Presence(ALICE, AT), Presence(SAM, AT, silent=True)),
    events=(
        event(1, VERA, "Write to vera@shop.example or otto@else.example, call +49 30 1234567"),
        event(2, ALICE, "Dear Vera, I am Alice Stone. Your card 4111 1111 1111 1111?"),
        event(3, ALICE, "she sounds angry", internal=True, kind="note"),
        event(4, VERA, INVOICE.name, kind="file", document=INVOICE),
    ),
    tags=("angry",),
    holds=("Case 12",),
    head="f" * 64,
    facts={"page": "https://shop.example/?mail=vera@shop.example"},
)


def said(story: Story) -> str:
    """Every text of it that anybody could read."""
    return repr(story)


def test_full_changes_nothing() -> None:
    assert profiled(STORY, Profile.FULL) is STORY


def test_external_has_nothing_internal() -> None:
    told = profiled(STORY, Profile.EXTERNAL)
    assert [each.number for each in told.events] == [1, 2, 4]
    assert SAM not in {each.person for each in told.presences}
    assert (told.tags, told.holds) == ((), ())
    assert told.events[0] == STORY.events[0]


def test_the_subject_gets_their_own_data_and_no_other_persons() -> None:
    told = profiled(STORY, Profile.SUBJECT)
    assert told.visitor == VERA
    assert "vera@shop.example" in told.events[0].text
    assert "Vera" in told.events[1].text
    for other in ("otto@else.example", "Alice", "Stone", "alice@desk.example", "angry", "Case 12", "Sam"):
        assert other not in said(told)
    assert told.events[1].author == Person("operator-1", OPERATOR, "Operator 1")
    assert told.is_redacted
    assert told.events[2].document == INVOICE


def test_training_names_nobody() -> None:
    told = profiled(STORY, Profile.TRAINING, b"secret")
    for personal in ("Vera", "Winter", "Alice", "Stone", "@", "1234567", "4111", "angry", STORY.ref, "f" * 64):
        assert personal not in said(told)
    assert told.events[2].document is not None
    assert told.events[2].document.missing
    assert told.events[2].document.key == ""


def test_a_person_has_one_pseudonym_in_one_export_and_another_in_the_next() -> None:
    other = replace(STORY, ref="z" * 22, events=STORY.events[:1])
    here, there = profiled(STORY, Profile.TRAINING, b"secret"), profiled(other, Profile.TRAINING, b"secret")
    assert here.visitor is not None
    assert here.visitor == there.visitor == here.events[0].author
    assert profiled(STORY, Profile.TRAINING, b"other").visitor != here.visitor


def test_a_profile_that_is_not_known_is_an_error() -> None:
    with pytest.raises(KeyError):
        profiled(STORY, "half")


@pytest.mark.parametrize("card", ["4111111111111111", "4111 1111-1111.1111", "5500 0000 0000 0004", "378282246310005"])
def test_card_numbers_are_known_by_their_check_digit(card: str) -> None:
    assert is_card(card)
    assert covered(f"pay {card} now", address=str, telephone=lambda _: "T", card=lambda _: "C") == "pay C now"


@pytest.mark.parametrize("other", ["4111111111111112", "+4930123456789", "12345678901", "00000000000000000000"])
def test_other_numbers_are_no_cards(other: str) -> None:
    assert not is_card(other)


@pytest.mark.parametrize("telephone", ["+49 30 1234567", "(030) 1234-567", "0049301234567", "٠٣٠١٢٣٤٥٦٧"])
def test_telephone_numbers_are_covered(telephone: str) -> None:
    assert covered(f"call {telephone}!", address=str, telephone=lambda _: "T", card=str) == "call T!"


@pytest.mark.parametrize("text", ["on 3.5 of 7", "room 1234", "v1.2.3", "abc1234567x", "2026"])
def test_small_numbers_stay(text: str) -> None:
    assert covered(text, address=str, telephone=lambda _: "T", card=lambda _: "C") == text


@pytest.mark.parametrize("evil", ["a" * 20_000, "@" * 20_000, "a@" * 10_000, "1 " * 10_000, "a@b." * 5_000, "+" * 9999])
def test_no_text_takes_long(evil: str) -> None:
    before = datetime.now(UTC)
    covered(evil, address=str, telephone=str, card=str)
    assert (datetime.now(UTC) - before).total_seconds() < 2


def test_names_are_whole_words_in_any_case() -> None:
    names = {"Ann": "X", "Ann Lee": "Y"}
    assert renamed("ANN LEE, ann and Annette; Ann.", names) == "Y, X and Annette; X."
    assert renamed("nothing", {}) == "nothing"
