"""X-16: a number in pieces, and a number while it is typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatdesk.sensitive.previews import mask_preview
from chatdesk.sensitive.results import What
from chatdesk.sensitive.rules import Rules
from chatdesk.sensitive.splits import mask_continued, may_continue
from tests.chatdesk.sensitive.numbers import AMEX, VISA, grouped, in_script
from tests.chatdesk.sensitive.test_find_cards import numbers

RULES = Rules()
PIECES = {
    "two halves": (["41111111"], "11111111", "••••••••"),
    "after words": (["My card is 4111 1111"], "1111 1111", "•••• ••••"),
    "and words behind": (["4111 1111"], "1111 1111, thank you 12", "•••• ••••, thank you 12"),
    "one and the rest": (["4"], "111111111111111", "•••••••••••••••"),
    "all but one": (["411111111111111"], "1", "•"),
    "four messages": (["1111", "1111", "4111"], "1111", "••••"),
    "four messages, the first with words": (["1111", "1111", "it begins with 4111"], "1111", "••••"),
    "amex": (["3782 822463"], "10005", "•••••"),
    "another script": ([in_script("41111111", "٠")], "11111111", "••••••••"),
    "with dots": (["4111 1111 ..."], "... 1111 1111", "... •••• ••••"),
    "its code, next": (["4111 11•• •••• 1111"], "123", "•••"),
    "its code, named": (["4111 11•• •••• 1111"], "the security code: 123", "the security code: •••"),
    "month and code": (["4111 11•• •••• 1111"], "12/27 123", "12/27 •••"),
    "its code, later": (["thanks", "4111 11•• •••• 1111"], "123", "•••"),
}
STAY = {
    "nothing before": ([], "1111 1111"),
    "words between": (["and then", "41111111"], "11111111"),
    "no card together": (["41111111"], "11111112"),
    "words before": (["41111111"], "or 11111111"),
    "words after": (["41111111 I think"], "11111111"),
    "counting": ([str(each) for each in range(12, -1, -1)], "13"),
    "hidden ends begin nothing": (["•••• •••• •••• 1111"], "4111 1111 1111"),
    "a short answer": (["How many?"], "123"),
    "a code without a card": (["Hello"], "my code is 1234"),
    "long after": (["41111111"], "1" * 30),
}


@pytest.mark.parametrize(("earlier", "text", "shown"), PIECES.values(), ids=PIECES.keys())
def test_what_ends_a_number_is_hidden(earlier: list[str], text: str, shown: str) -> None:
    assert may_continue(text)
    masked = mask_continued(text, earlier)
    assert masked.text == shown
    assert masked.hidden


@pytest.mark.parametrize(("earlier", "text"), STAY.values(), ids=STAY.keys())
def test_other_numbers_stay(earlier: list[str], text: str) -> None:
    masked = mask_continued(text, earlier)
    assert masked.text == text
    assert not masked.hidden


@pytest.mark.parametrize("text", ["Hello", "I have 3 of them", "", "•• 12", "see you at 10"])
def test_most_messages_end_no_number(text: str) -> None:
    assert not may_continue(text)


@given(numbers().filter(lambda digits: len(digits) >= 15), st.data())
def test_any_number_cut_in_two_ends_hidden(digits: str, data: st.DataObject) -> None:
    cut = data.draw(st.integers(1, len(digits) - 1))
    masked = mask_continued(digits[cut:], [digits[:cut]])
    assert masked.text == "•" * (len(digits) - cut)
    assert masked.hidden == {What.CARD}


@given(st.text(max_size=40), st.lists(st.text(max_size=40), max_size=4))
def test_no_texts_break_it(text: str, earlier: list[str]) -> None:
    assert len(mask_continued(text, earlier).text) == len(text)
    may_continue(text)


# --- while it is typed ---


@given(numbers(), st.sampled_from(["", " ", "-"]))
def test_no_preview_shows_more_than_the_beginning(digits: str, gap: str) -> None:
    written = grouped(digits, gap)
    for size in range(1, len(written) + 1):
        shown = "".join(filter(str.isdigit, mask_preview(f"it is {written[:size]}", RULES)))
        typed = sum(map(str.isdigit, written[:size]))
        assert len(shown) <= 7 or (typed > 12 and len(shown) <= 13)


@pytest.mark.parametrize(
    "text", ["Hello", "order 1234567", "+49 170 1234567", "at 14:30 on 22/11/2026", "0170 1234567"]
)
def test_other_things_are_shown_while_they_are_typed(text: str) -> None:
    assert mask_preview(text, RULES) == text


def test_a_whole_number_is_shown_as_it_would_be_stored() -> None:
    assert mask_preview(f"it is {grouped(AMEX, ' ', 4, 6)}", RULES) == "it is 3782 82•••• •0005"


def test_switched_off_the_preview_is_what_is_typed() -> None:
    assert mask_preview(VISA, Rules(cards=False)) == VISA


@given(st.text())
def test_no_text_breaks_a_preview(text: str) -> None:
    assert len(mask_preview(text, RULES)) == len(text)
