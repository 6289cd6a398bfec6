"""RFC 8785: its own examples, and what it forbids."""

from __future__ import annotations

import json
import struct
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcripts.proof.canonical import MOST, Json, canonical, number

pytestmark = pytest.mark.once

# RFC 8785, appendix B: the double in hex, and how it is written.
DOUBLES = {
    "0000000000000000": "0",
    "8000000000000000": "0",
    "0000000000000001": "5e-324",
    "8000000000000001": "-5e-324",
    "7fefffffffffffff": "1.7976931348623157e+308",
    "ffefffffffffffff": "-1.7976931348623157e+308",
    "4340000000000000": "9007199254740992",
    "c340000000000000": "-9007199254740992",
    "4430000000000000": "295147905179352830000",
    "44b52d02c7e14af5": "9.999999999999997e+22",
    "44b52d02c7e14af6": "1e+23",
    "44b52d02c7e14af7": "1.0000000000000001e+23",
    "444b1ae4d6e2ef4e": "999999999999999700000",
    "444b1ae4d6e2ef4f": "999999999999999900000",
    "444b1ae4d6e2ef50": "1e+21",
    "3eb0c6f7a0b5ed8c": "9.999999999999997e-7",
    "3eb0c6f7a0b5ed8d": "0.000001",
    "41b3de4355555553": "333333333.3333332",
    "41b3de4355555554": "333333333.33333325",
    "41b3de4355555555": "333333333.3333333",
    "41b3de4355555556": "333333333.3333334",
    "41b3de4355555557": "333333333.33333343",
    "becbf647612f3696": "-0.0000033333333333333333",
    "43143ff3c1cb0959": "1424953923781206.2",
}


@pytest.mark.parametrize(("bits", "written"), DOUBLES.items())
def test_doubles_are_written_as_the_standard_lists_them(bits: str, written: str) -> None:
    (value,) = struct.unpack(">d", bytes.fromhex(bits))
    assert canonical(value) == written.encode()


def test_the_example_of_the_standard() -> None:
    """RFC 8785, 3.2.2 and 3.2.4."""
    value = json.loads(
        r"""{"numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
        "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/", "literals": [null, true, false]}"""
    )
    assert canonical(value).decode() == (
        '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    )


def test_keys_are_sorted_by_utf16_units() -> None:
    """RFC 8785, 3.2.3: the emoji's surrogates come before U+FB33, its code point would come after."""
    keys = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]
    written = canonical(dict.fromkeys(keys, 0))
    assert list(json.loads(written)) == ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf"), 2**53, -(2**53), {"a": [2**60]}])
def test_numbers_without_a_canonical_form_are_refused(value: Json) -> None:
    with pytest.raises(ValueError, match="no canonical form"):
        canonical(value)


def test_half_a_character_is_refused() -> None:
    with pytest.raises(ValueError, match="surrogates not allowed"):
        canonical({"text": "\ud83d"})


@pytest.mark.parametrize("value", [b"bytes", {1: "a number as key"}, {"a": {1, 2}}, object()])
def test_what_is_no_json_is_refused(value: Json) -> None:
    with pytest.raises(TypeError):
        canonical(value)


def test_texts_with_a_type_of_their_own_are_texts() -> None:
    class Kind(StrEnum):
        MESSAGE = "message"

    assert canonical({"kind": Kind.MESSAGE, "of": (1, True)}) == b'{"kind":"message","of":[1,true]}'
    assert number(True) == "1"


TEXTS = st.text(st.characters(exclude_categories=["Cs"]))  # half a character has no canonical form
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-MOST, MOST) | st.floats(-MOST, MOST) | TEXTS,
    lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner),
    max_leaves=20,
)


@given(VALUES)
def test_reading_it_and_writing_it_again_changes_nothing(value: Json) -> None:
    written = canonical(value)
    assert json.loads(written) == value
    assert canonical(json.loads(written)) == written


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_double_comes_back(value: float) -> None:
    assert float(number(value)) == value
    assert "e+0" not in number(value)
    assert not number(value).endswith(".0")
