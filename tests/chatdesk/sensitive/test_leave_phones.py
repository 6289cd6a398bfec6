"""Telephone numbers are told apart: an operator has to be able to call back."""

from __future__ import annotations

import phonenumbers
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from chatdesk.sensitive.cards import cards_in

REGIONS = [
    "DE",
    "AT",
    "CH",
    "FR",
    "GB",
    "IE",
    "ES",
    "IT",
    "NL",
    "BE",
    "PL",
    "HU",
    "GR",
    "PT",
    "SE",
    "US",
    "BR",
    "MX",
    "EG",
    "SA",
    "AE",
    "IN",
    "JP",
    "CN",
    "AU",
    "ZA",
    "NG",
    "TR",
    "UA",
    "RU",
]
KINDS = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE)
FORMS = (PhoneNumberFormat.E164, PhoneNumberFormat.INTERNATIONAL, PhoneNumberFormat.NATIONAL, PhoneNumberFormat.RFC3966)


@st.composite
def telephones(draw: st.DrawFn) -> str:
    region, kind = draw(st.sampled_from(REGIONS)), draw(st.sampled_from(KINDS))
    example = phonenumbers.example_number_for_type(region, kind)
    assert example is not None
    national = str(example.national_number)
    tail = "".join(str(draw(st.integers(0, 9))) for _ in range(5))
    number = phonenumbers.PhoneNumber(example.country_code, int(national[:-5] + tail))
    assume(phonenumbers.is_valid_number(number))
    return phonenumbers.format_number(number, draw(st.sampled_from(FORMS)))


@given(telephones())
def test_no_telephone_is_a_card(written: str) -> None:
    assert cards_in(written) == []
    assert cards_in(f"Please call {written}.") == []


@given(telephones(), telephones())
def test_nor_are_two_of_them(one: str, other: str) -> None:
    assert cards_in(f"{one}, {other}") == []
    assert cards_in(f"{one} or {other}") == []


@given(telephones())
def test_nor_without_the_plus(written: str) -> None:
    digits = "".join(filter(str.isdigit, written))
    assert cards_in(f"Please call {digits}") == []


@pytest.mark.parametrize("region", REGIONS)
def test_the_example_of_each_country_stays(region: str) -> None:
    for kind in KINDS:
        example = phonenumbers.example_number_for_type(region, kind)
        assert example is not None
        for form in FORMS:
            assert cards_in(phonenumbers.format_number(example, form)) == []
