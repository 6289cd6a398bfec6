"""Reading as a reader does, and the way back to the letters as they stood: a place that is off by one shows half an
address, or eats a word beside it."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.tickets.masking.spellings import texts
from tests.tickets.masking.test_mask_text import RULES
from tickets.masking.domains import comparable, is_public, top_levels
from tickets.masking.finding import spans_of
from tickets.masking.folding import Reading, fold, lowered, places
from tickets.masking.hidden import hides_an_address
from tickets.masking.keys import key_spans
from tickets.masking.results import What
from tickets.masking.rules import Rules, address_key
from tickets.masking.spans import Span, merged, replaced

pytestmark = pytest.mark.once

spans = st.builds(
    lambda start, length, kind: Span(start, start + length, kind, f"<{kind}>"),
    st.integers(0, 60),
    st.integers(1, 20),
    st.sampled_from(list(What)),
)

FOLDED = [
    ("v\u200b.real\uff20home.test", Reading.SEEN, "v.real@home.test"),
    ("v.real%40home.test", Reading.SEEN, None),
    ("v.real%40home.test", Reading.DECODED, "v.real@home.test"),
    ("v.real%252540home.test", Reading.DECODED, "v.real@home.test"),
    ("v.real&amp;amp;#64;home.test", Reading.DECODED, "v.real@home.test"),
    ("v.real&#x000040;home.test", Reading.DECODED, "v.real@home.test"),
    ("v.real&commat;home&period;test", Reading.DECODED, "v.real@home.test"),
    ("v.re=\r\nal=40home.test", Reading.DECODED, "v.real@home.test"),
    (r"v.real\u0040home\x2etest", Reading.DECODED, "v.real@home.test"),
    ("v<b></b>.real@home.test", Reading.DECODED, None),
    ('v<b class="x"></b>.real@home.test', Reading.UNTAGGED, "v.real@home.test"),
    ("v.real<at>home.test", Reading.UNTAGGED, None),
    ("100%", Reading.DECODED, None),
    ("a &nosuch; b", Reading.DECODED, None),
    ("%0A%00", Reading.DECODED, None),
    ("\U0001d42f@home.test", Reading.SEEN, "v@home.test"),
    ("plain", Reading.UNTAGGED, None),
    ("", Reading.UNTAGGED, None),
]


@pytest.mark.parametrize(("text", "reading", "read"), FOLDED)
def test_what_a_reader_takes_it_for(text: str, reading: Reading, read: str | None) -> None:
    folded = fold(text, reading)
    assert (folded.text if folded else None) == read


@given(texts, st.sampled_from(Reading))
@example("\u200b", Reading.SEEN)
@example("%40%40\u00ad", Reading.DECODED)
@example("<b><b>a</b>", Reading.UNTAGGED)
@example("a&fjlig;b%4", Reading.DECODED)
def test_each_letter_is_found_again_where_it_stood(text: str, reading: Reading) -> None:
    """In order, and what stands there is read as that very letter."""
    folded = fold(text, reading)
    if folded is None:
        return
    for place, letter in enumerate(folded.text):
        piece = text[folded.start(place) : folded.end(place + 1)]
        again = fold(piece, reading)
        assert (again.text if again else piece) == letter
    starts = [folded.start(place) for place in range(len(folded.text))]
    assert starts == sorted(set(starts))


@given(texts)
@example("\u0130@home.test")
@example("\u0130" * 50)
def test_small_letters_stand_where_the_big_ones_stood(text: str) -> None:
    assert len(lowered(text)) == len(text)
    assert lowered(lowered(text)) == lowered(text)


@pytest.mark.parametrize(
    ("text", "word", "found"), [("aaaa", "aa", [0, 2]), ("", "a", []), ("abcab", "ab", [0, 3]), ("xyz", "abc", [])]
)
def test_where_a_word_stands(text: str, word: str, found: list[int]) -> None:
    assert [*places(text, word)] == found


@given(st.lists(spans, max_size=12))
def test_places_are_apart_and_none_is_lost(found: list[Span]) -> None:
    apart = merged(found)
    assert all(one.end <= two.start for one, two in pairwise(apart))
    covered = {place for each in apart for place in range(each.start, each.end)}
    assert covered == {place for each in found for place in range(each.start, each.end)}
    assert merged(apart) == apart


def test_the_more_secret_name_wins_where_two_overlap() -> None:
    one, two = Span(0, 10, What.LINK, "[link]"), Span(4, 20, What.PROTECTED, "Vera")
    assert merged([one, two]) == merged([two, one]) == [Span(0, 20, What.PROTECTED, "Vera")]


def test_neighbours_stay_two() -> None:
    pair = [Span(0, 3, What.ADDRESS, "a"), Span(3, 6, What.ADDRESS, "b")]
    assert merged(pair) == pair
    assert replaced("xxxyyyz", pair)[0] == "abz"


@given(texts)
def test_what_was_found_stood_in_the_text_as_it_was(text: str) -> None:
    found = spans_of(text, RULES)
    masked, told = replaced(text, found)
    assert "".join(each.original for each in told) == "".join(text[each.start : each.end] for each in found)
    rest = len(text) - sum(each.end - each.start for each in found)
    assert len(masked) == rest + sum(len(each.shown) for each in found)


# --- names of domains -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("domain", "name", "public"),
    [
        ("HOME.test.", "home.test", True),
        ("xn--mnchen-3ya.de", "münchen.de", True),
        ("MÜNCHEN.de", "münchen.de", True),
        ("xn--.de", "xn--.de", True),
        ("example.co.uk", "example.co.uk", True),
        ("price.9", "price.9", False),
        ("test", "test", False),
        ("file.pdf", "file.pdf", False),
        ("почта.рф", "почта.рф", True),
        ("xn--80a1acny.xn--p1ai", "почта.рф", True),
        ("", "", False),
        ("a.b.localhost", "a.b.localhost", False),
    ],
)
def test_a_domain_of_the_public_mail_system(domain: str, name: str, public: bool) -> None:
    assert comparable(domain) == name
    assert is_public(name) == public


@given(st.text(max_size=40))
@example("xn--\uffff")
@example("xn--" + "9" * 70)
def test_any_words_can_be_compared(words: str) -> None:
    assert comparable(comparable(words)) == comparable(words)


def test_no_ending_of_files_is_a_top_level() -> None:
    """Or each name of a file behind an @ would be an address."""
    assert not top_levels() & {"pdf", "docx", "png", "jpg", "txt", "xlsx", "html"}


@pytest.mark.parametrize(
    ("one", "two", "same"),
    [
        ("V.Real@Home.test", "vreal@home.test", True),
        ("v.real+shop@home.test", "vreal@home.test", True),
        ('"v.real"@home.test', "v.real@HOME.TEST", True),
        ("+tag@home.test", "+tag@home.test", True),
        ("v.real@home.test", "v.real@other.test", False),
        ("v-real@home.test", "vreal@home.test", False),
        ("v@münchen.de", "v@xn--mnchen-3ya.de", True),
    ],
)
def test_spellings_of_one_mailbox(one: str, two: str, same: bool) -> None:
    assert (address_key(one) == address_key(two)) == same


@pytest.mark.parametrize("address", ["", "@", "home.test", "@home.test", "v.real@"])
def test_half_an_address_among_the_rules_hides_nothing_else(address: str) -> None:
    """A person without an address, or a slip of an admin, must not blank every text."""
    text = "Please look at home.example and at real life, 3 @ 4 each."
    assert spans_of(text, Rules(protected=frozenset({address}))) == []


# --- what links and keys hide -----------------------------------------------------------------------------------------

LINKS = [
    ("https://x.test/u/di5yZWFsQGhvbWUudGVzdA==", True),
    ("https://x.test/u/di5yZWFsQGhvbWUudGVzdA", True),
    ("https://x.test/u/di5yZWFsQGhvbWUudGVzdA%3D%3D?a=1", True),
    ("https://x.test/?m=762e7265616c40686f6d652e74657374", True),
    ("https://x.test/a/b/di5yZWFsQGhvbWUudGVzdA/c", True),
    ("https://x.test/u/aW5mb0Bjb21wYW55LnRlc3Q", False),
    ("https://x.test/u/0123456789abcdef0123456789abcdef", False),
    ("https://x.test/", False),
    ("", False),
]


@pytest.mark.parametrize(("url", "hides"), LINKS)
def test_a_link_that_carries_an_address(url: str, hides: bool) -> None:
    assert hides_an_address(url, RULES) == hides


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("a -----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE----- b", "----- b"),
        ("-----BEGIN PGP SIGNATURE-----\nabc", ""),
        ("-----BEGIN PGP SIGNATURE-----\n-----END CERTIFICATE-----\nx", ""),
        (
            "-----BEGIN PGP PUBLIC KEY BLOCK-----\n-----BEGIN PGP SIGNATURE-----\n-----END PGP PUBLIC KEY BLOCK-----z",
            "z",
        ),
    ],
)
def test_a_key_goes_whole_also_without_its_end(text: str, ends: str) -> None:
    (span,) = key_spans(text, RULES)
    assert span.kind == What.KEY
    assert text[span.end :] == ends.removeprefix("-----")
