"""X-16: card numbers however they are written, and the many numbers that are none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatdesk.sensitive.cards import cards_in
from chatdesk.sensitive.issuers import has_check_digit, is_card, may_begin
from tests.chatdesk.sensitive.numbers import AMEX, DINERS, KNOWN, MASTERCARD, VISA, completed, grouped, in_script

LONG_VISA = "4000000000000000006"
FOUND = {
    **{f"known {digits}": (digits, digits) for digits in KNOWN},
    **{f"in fours {digits}": (grouped(digits), digits) for digits in KNOWN},
    "amid words": (f"My card is {VISA}, thank you.", VISA),
    "dashes": (grouped(VISA, "-"), VISA),
    "points": (grouped(VISA, "."), VISA),
    "middle dots": (grouped(VISA, "·"), VISA),
    "underscores": (grouped(VISA, "_"), VISA),
    "strokes": (grouped(VISA, "/"), VISA),
    "commas": (grouped(VISA, ","), VISA),
    "two spaces": (grouped(VISA, "  "), VISA),
    "a space and a dash": (grouped(VISA, " - "), VISA),
    "spaces that do not break": (grouped(VISA, "\u00a0"), VISA),
    "narrow spaces that do not break": (grouped(VISA, "\u202f"), VISA),
    "thin spaces": (grouped(VISA, "\u2009"), VISA),
    "wide spaces": (grouped(VISA, "\u3000"), VISA),
    "en dashes": (grouped(VISA, "–"), VISA),
    "non-breaking hyphens": (grouped(VISA, "\u2011"), VISA),
    "spaces nobody sees": (grouped(VISA, "\u200b"), VISA),
    "joiners": (grouped(VISA, "\u200d", *[1] * 15), VISA),
    "soft hyphens": (grouped(VISA, "\u00ad", *[1] * 15), VISA),
    "control characters": (grouped(VISA, "\x01"), VISA),
    "tabs": (grouped(VISA, "\t"), VISA),
    "lines": (grouped(VISA, "\n"), VISA),
    "single digits": (grouped(VISA, " ", *[1] * 15), VISA),
    "pairs": (grouped(VISA, " ", *[2] * 7), VISA),
    "eights": (grouped(VISA, " ", 8), VISA),
    "odd groups": (grouped(VISA, " ", 6, 5), VISA),
    "four and twelve": (grouped(VISA, " ", 4), VISA),
    "mixed separators": ("4111-1111 1111.1111", VISA),
    "amex as printed": (grouped(AMEX, " ", 4, 6), AMEX),
    "diners as printed": (grouped(DINERS, " ", 4, 6), DINERS),
    "fullwidth": (in_script(VISA, "０"), VISA),
    "fullwidth in fours": (grouped(in_script(VISA, "０"), "　"), VISA),
    "arabic": (in_script(VISA, "٠"), VISA),
    "arabic in fours": (grouped(in_script(VISA, "٠")), VISA),
    "persian": (in_script(VISA, "۰"), VISA),
    "devanagari": (in_script(VISA, "०"), VISA),
    "mathematical": (in_script(VISA, "\U0001d7d8"), VISA),
    "keycaps": ("".join(f"{digit}\ufe0f\u20e3" for digit in VISA), VISA),
    "circled": (in_script("4111111111111111", "\u245f"), VISA),
    "two scripts": (f"4111 {in_script('11111111', '٠')} 1111", VISA),
    "nineteen": (LONG_VISA, LONG_VISA),
    "twelve of maestro": (completed("50180000000"), completed("50180000000")),
    "thirteen of visa, called so": ("my visa is 4222222222222", "4222222222222"),
    "thirteen as printed": ("4222 222 222 222", "4222222222222"),
    "glued to a word": (f"Visa{VISA}", VISA),
    "glued to its code": (f"{VISA}cvv123", VISA),
    "with the month": (f"{grouped(VISA)} 12/27", VISA),
    "with the code": (f"{grouped(VISA)} 123", VISA),
    "in quotes": (f'"{VISA}"', VISA),
    "in brackets": (f"({grouped(VISA)})", VISA),
    "with a colon": (f"cc:{VISA}", VISA),
    "called an order number": (f"order number {VISA}", VISA),
    "called a telephone": (f"tel: {VISA}", VISA),
    "behind a plus": (f"+{VISA}", VISA),
    "in a file name": (f"scan_{VISA}.pdf", VISA),
    "in a query": (f"https://shop.example/pay?card={VISA}&x=1", VISA),
    "in a path": (f"https://shop.example/{VISA}/", VISA),
    "escaped in a query": ("https://shop.example/?c=4111%201111%201111%201111", VISA),
    "plus in a query": ("https://shop.example/?c=4111+1111+1111+1111", VISA),
    "spaces of a page": ("4111&nbsp;1111&nbsp;1111&nbsp;1111", VISA),
    "in an address": (f"{VISA}@mail.example", VISA),
    "list item": (f"1. {grouped(VISA)}", VISA),
    "after a price": (f"42.50 EUR from {grouped(VISA)}", VISA),
    "after an account": (f"DE89370400440532013000 or {VISA}", VISA),
    "between arabic words": (f"رقم البطاقة {grouped(in_script(VISA, '٠'))} شكرا", VISA),
}
NONE = {
    "telephone of Germany": "+49 170 1234567",
    "telephone of Germany, 13 digits": "+4915123456789",
    "telephone without its plus": "4915123456784",
    "telephone with zeros": "0049 151 2345 6789",
    "telephone of Britain": "+44 20 7946 0958",
    "telephone of France": "+33 1 23 45 67 89",
    "telephone of Spain": "+34 612 345 678",
    "telephone of Hungary": "+36 20 123 4567",
    "telephone of America": "415-555-2671",
    "two telephones of America": "415-555-2671 415-555-2672",
    "telephone in brackets": "(+49) 151 23456789",
    "telephone called so": "Mobile: 4222222222222",
    "telephones in a row": "+49 170 1234567, +49 171 2345678, +44 20 7946 0958",
    "wrong check digit": "4111111111111112",
    "wrong check digit in fours": "4111 1111 1111 1112",
    "unknown issuer": completed("111111111111111"),
    "too short": completed("4111111111"),
    "too long in one piece": "41111111111111111111",
    "eleven digits": completed("5018000000"),
    "order number": "Order 2026-11-22-000123",
    "long order number": "order 1000045678901234",
    "article": "4006381333931",
    "parcel": "00340434161094042557",
    "parcel of UPS": "1Z12345E0291980793",
    "tracking of the post": "9400 1000 0000 0000 0000 00",
    "German account": "DE89 3704 0044 0532 0130 00",
    "account that holds a card": "PL86 1090 1014 4111 1111 1111 1111",
    "account that holds a card, in one piece": "PL86109010144111111111111111",
    "Dutch account": "NL91ABNA0417164300",
    "French account": "FR1420041010050500013M02606",
    "hash": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "hash with a card's digits": f"a{VISA}b",
    "number in a token": f"x9{VISA}k",
    "uuid": "123e4567-e89b-12d3-a456-426614174000",
    "time stamp": "1763836123456",
    "time": "2026-11-22T19:14:06.123456Z",
    "dates": "2026-11-22 2026-11-23 2026-11-24",
    "fraction": "0.4111111111111111",
    "fraction with a comma": "3,4111111111111111",
    "coordinates": "48.137154, 11.576124",
    "IP address": "192.168.100.101 and 52.16.190.12",
    "serial number of a telephone": "356938035643809",
    "SIM card": "8949 0200 0012 3456 7890",
    "ISBN": "978-3-16-148410-0",
    "zeros": "0000000000000000",
    "years": "2019 2020 2021 2022 2023",
    "amounts": "1.234.567,89 and 12,345,678,901.00",
    "words": "four one one one",
    "already hidden": "4111 11•• •••• 1111",
    "nothing": "",
    "no digits": "Hello, where is my parcel?",
    "lone surrogate": "\ud800" + "41111111",
}


@pytest.mark.parametrize(("text", "digits"), FOUND.values(), ids=FOUND.keys())
def test_a_card_is_found_however_it_is_written(text: str, digits: str) -> None:
    assert [card.digits for card in cards_in(text)] == [digits]


@pytest.mark.parametrize("text", NONE.values(), ids=NONE.keys())
def test_what_is_no_card_stays(text: str) -> None:
    assert cards_in(text) == []


def test_the_table_is_long_enough() -> None:
    assert len(FOUND) + len(NONE) >= 80


def test_every_card_of_a_text_is_found() -> None:
    text = f"{VISA} and {grouped(MASTERCARD)}, then {grouped(AMEX, '-', 4, 6)}"
    assert [card.digits for card in cards_in(text)] == [VISA, MASTERCARD, AMEX]


def test_a_number_that_ends_in_two_ways_is_found_in_both() -> None:
    longer = completed(f"{VISA}10")
    assert [card.digits for card in cards_in(f"{grouped(VISA)} {longer[-3:]}")] == [VISA, longer]


def test_cards_side_by_side_are_found() -> None:
    assert [card.digits for card in cards_in(f"{grouped(VISA)} {grouped(MASTERCARD)}")] == [VISA, MASTERCARD]


def test_its_place_is_where_the_digits_are() -> None:
    card = cards_in(f"at: {grouped(VISA)}!")[0]
    assert (card.start, card.end) == (4, 23)


# --- the arithmetic ---

SIZES = {
    "4": (16, 19), "51": (16,), "2221": (16,), "2720": (16,), "34": (15,), "37": (15,), "36": (14,), "6011": (16,),
    "62": (19,), "3528": (16,), "3589": (16,), "65": (17,), "644": (18,), "2200": (16,), "5018": (16,), "9792": (16,),
}  # fmt: skip
BEGINNINGS = st.sampled_from([(begin, size) for begin, sizes in SIZES.items() for size in sizes])
GAPS = st.sampled_from(["", " ", "-", ".", "\u00a0", "\u2009", "–", "\u200b", "  ", " - "])
ZEROS = st.sampled_from(["0", "０", "٠", "۰", "०", "๐"])


@st.composite
def numbers(draw: st.DrawFn) -> str:
    begin, size = draw(BEGINNINGS)
    return completed(begin + "".join(str(draw(st.integers(0, 9))) for _ in range(size - len(begin) - 1)))


@given(numbers(), GAPS, ZEROS)
def test_any_number_of_an_issuer_in_fours_is_found(digits: str, gap: str, zero: str) -> None:
    written = grouped(in_script(digits, zero), gap, 4, 4, 4, 4)
    found = cards_in(f"Please take it from {written} today")
    assert found
    assert digits.startswith(found[0].digits)


@given(numbers(), ZEROS, st.text(alphabet="abc xyz.,;!?äß\n", max_size=30))
def test_any_number_in_one_piece_is_found_amid_words(digits: str, zero: str, words: str) -> None:
    found = cards_in(f"{words} {in_script(digits, zero)} {words}")
    assert [card.digits for card in found] == [digits]


@given(numbers(), st.integers(1, 9), st.data())
def test_one_wrong_digit_is_no_card(digits: str, by: int, data: st.DataObject) -> None:
    place = data.draw(st.integers(6, len(digits) - 1))
    other = f"{digits[:place]}{(int(digits[place]) + by) % 10}{digits[place + 1 :]}"
    assert not has_check_digit(other)
    assert cards_in(other) == []


@given(numbers())
def test_every_beginning_of_a_number_may_become_one(digits: str) -> None:
    assert is_card(digits)
    assert all(may_begin(digits[:size]) for size in range(1, len(digits)))


@given(st.text())
def test_no_text_breaks_it(text: str) -> None:
    for card in cards_in(text):
        assert is_card(card.digits)
        assert 0 <= card.start < card.end <= len(text)


def test_the_formula_is_that_of_luhn() -> None:
    assert has_check_digit("79927398713")
    assert not any(has_check_digit(f"7992739871{last}") for last in "012456789")
