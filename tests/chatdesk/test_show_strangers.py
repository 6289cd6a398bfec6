"""What strangers wrote, as it is shown: addresses masked, directions written out, waits and lists told plainly."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from chatdesk.contact import DOTS, check_address, masked
from chatdesk.filetypes.catalog import MEDIA_TYPES, validate_types
from chatdesk.protocol import Code, Refused
from chatdesk.validators import sites, validate_languages, validate_page_pattern, validate_sites
from chatdesk.visible import visible
from chatdesk.wait_range import wait_range

pytestmark = pytest.mark.once

# --- addresses -------------------------------------------------------------------------------------------------------

MASKED = [
    ("", ""),
    ("vera@example.com", "v•••@e•••.com"),
    ("v@e.com", "v•••@e•••.com"),
    ("vera@localhost", "v•••@l•••"),
    ("vera@mail.example.co.uk", "v•••@m•••.uk"),
    ("@example.com", "•••@e•••.com"),
    ("vera@", "v•••@•••"),
    ("vera", "v•••"),
    ("a@b@example.com", "a•••@e•••.com"),
    ('"very odd"@example.com', '"•••@e•••.com'),
    ("日本@例え.jp", "日•••@例•••.jp"),
    ("vera@.com", "v•••@.•••."),
]


@pytest.mark.parametrize(("address", "shown"), MASKED)
def test_an_address_is_told_apart_and_not_written_to(address: str, shown: str) -> None:
    assert masked(address) == shown


LETTERS = st.text("abcdefghijklmnopqrstuvwxyz0123456789-", min_size=3, max_size=20)


@settings(max_examples=150)
@given(name=LETTERS, host=LETTERS, suffix=st.sampled_from(["com", "de", "museum"]))
def test_two_characters_and_the_ending_are_all_that_is_told(name: str, host: str, suffix: str) -> None:
    shown = masked(f"{name}@{host}.{suffix}")
    assert shown == f"{name[0]}{DOTS}@{host[0]}{DOTS}.{suffix}"
    with pytest.raises(Refused):
        check_address(shown)


@settings(max_examples=150)
@given(written=st.text(max_size=60))
def test_masking_never_fails_and_never_shows_a_whole_word(written: str) -> None:
    shown = masked(written)
    assert bool(shown) == bool(written)
    assert not written or DOTS in shown


NO_ADDRESSES = ["", "vera", "vera@", "@example.com", "a@b@c.com", "a b@c.com", "a@b\r\nBcc: c@d.com", "a@b.com,c@d.com"]


@pytest.mark.parametrize("written", [*NO_ADDRESSES, "<a@b.com>", "a@b.com\n", "a@-b.com", "a" * 400 + "@b.com"])
def test_x06_what_is_no_single_address_is_refused_in_words(written: str) -> None:
    with pytest.raises(Refused, match="address") as refused:
        check_address(written)
    assert refused.value.code is Code.FORM


# --- directions ------------------------------------------------------------------------------------------------------

TURNERS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


@settings(max_examples=200)
@given(text=st.text(st.characters() | st.sampled_from(TURNERS)))
def test_w08_no_control_of_direction_is_obeyed_and_nothing_else_changes(text: str) -> None:
    shown = visible(text)
    assert not set(shown) & set(TURNERS)
    assert visible(shown) == shown
    rest = [sign for sign in text if sign not in TURNERS]
    assert len(shown) == len(rest) + 8 * (len(text) - len(rest))


@pytest.mark.parametrize("mark", ["\u200e", "\u200f", "\u061c", "\u200d", "\u200c"])
def test_marks_that_scripts_need_stay(mark: str) -> None:
    assert unicodedata.category(mark) == "Cf"
    assert visible(f"שלום{mark}.") == f"שלום{mark}."


# --- waits -----------------------------------------------------------------------------------------------------------


@settings(max_examples=150)
@given(seconds=st.integers(0, 10**7))
def test_a_range_is_whole_minutes_around_what_was_waited(seconds: int) -> None:
    found = wait_range(seconds)
    assert found is not None
    low, high = found
    assert low % 60 == high % 60 == 0
    assert 60 <= low <= high
    assert low <= max(60, seconds) <= high
    assert seconds <= 60 or low < high


@settings(max_examples=100)
@given(one=st.integers(0, 10**6), other=st.integers(0, 10**6))
def test_who_waits_longer_is_never_told_less(one: int, other: int) -> None:
    shorter, longer = wait_range(min(one, other)), wait_range(max(one, other))
    assert shorter is not None
    assert longer is not None
    assert shorter <= longer
    assert shorter[1] <= longer[1]


# --- lists of admins -------------------------------------------------------------------------------------------------

SITES = [
    ("https://www.example.com", True),
    ("http://www.example.com/", True),
    ("https://*.example.com", True),
    ("https://example.com:8443", True),
    ("http://localhost:*", True),
    ("HTTPS://EXAMPLE.COM", True),
    ("https://xn--bcher-kva.example", True),
    ("https://a.example\nhttps://b.example\r\n\n", True),
    ("", True),
    ("*", False),
    ("https://*", False),
    ("https://*.*.example.com", False),
    ("https://ex*ample.com", False),
    ("https://example.com/page", False),
    ("https://example.com;script-src *", False),
    ("https://example.com 'unsafe-inline'", False),
    ("https://example.com:123456", False),
    ("https://user@example.com", False),
    ("ftp://example.com", False),
    ("javascript:alert(1)", False),
    ("data:", False),
    ("'self'", False),
    ("example.com", False),
    ("https://bücher.example", False),
    ("https://a.example\nevil", False),
]


@pytest.mark.parametrize(("text", "fits"), SITES)
def test_x03_a_site_is_a_scheme_and_a_name_and_can_not_end_the_policy(text: str, fits: bool) -> None:
    """What stands here is written into the Content-Security-Policy of the visitors' page."""
    if fits:
        validate_sites(text)
        assert all(not site.endswith("/") and site == site.strip() for site in sites(text))
    else:
        with pytest.raises(ValidationError, match="is not a site"):
            validate_sites(text)


@settings(max_examples=150)
@given(text=st.text(max_size=40))
def test_whatever_passes_as_a_site_holds_no_sign_that_a_policy_or_header_knows(text: str) -> None:
    try:
        validate_sites(text)
    except ValidationError:
        return
    assert not any(set(site) & set(" ;,'\"\r\n\t\0") for site in sites(text))


PAGES = [
    ("/", True),
    ("/prices/*", True),
    ("*", True),
    ("https://www.example.com/a?b=*", True),
    ("http://x/", True),
    ("", False),
    ("prices", False),
    ("/a b", False),
    ("/a#b", False),
    ("ftp://x/", False),
    ("javascript:alert(1)", False),
]


@pytest.mark.parametrize(("pattern", "fits"), PAGES)
def test_a_page_is_a_path_or_an_address(pattern: str, fits: bool) -> None:
    if fits:
        validate_page_pattern(pattern)
    else:
        with pytest.raises(ValidationError):
            validate_page_pattern(pattern)


ODD_LISTS: list[Any] = [None, "", "png", 7, {}, {"png": 1}, [1], [None], [["png"]], ["PNG"], ["exe"], ["png", "svg"]]


@pytest.mark.parametrize("chosen", ODD_LISTS, ids=repr)
def test_f11_kinds_that_the_desk_does_not_know_can_not_be_allowed(chosen: Any) -> None:
    with pytest.raises(ValidationError, match="png"):
        validate_types(chosen)


def test_any_of_the_known_kinds_can_and_none_too() -> None:
    validate_types([])
    validate_types(list(MEDIA_TYPES))


@pytest.mark.parametrize(
    "codes", [None, "de", 7, ["xx"], ["de", "xx"], [None], [["de"]], [{"de": 1}], {"de": 1}], ids=repr
)
def test_languages_that_the_desk_does_not_speak_can_not_be_chosen(codes: Any) -> None:
    with pytest.raises(ValidationError, match="languages"):
        validate_languages(codes)
