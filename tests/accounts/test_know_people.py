"""How people are known and shown: one spelling of an address, letters for a photo, and words for a moment."""

from __future__ import annotations

import unicodedata
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from accounts.access import Person, Session, access
from accounts.addresses import parse, resolve, subscriber
from accounts.browsers import browser_name
from accounts.decision import UTC, Decision, at, told
from accounts.languages import KNOWN, MOST, read_languages
from accounts.models import User, normal_email
from accounts.validators import JOINERS, validate_shown_name

pytestmark = pytest.mark.once

BERLIN = ZoneInfo("Europe/Berlin")

# --- addresses of mail -----------------------------------------------------------------------------------------------

SPELLINGS = [
    "vera@example.com",
    "VERA@EXAMPLE.COM",
    "  vera@example.com\t",
    "\u00a0vera@example.com\u3000",
    "ｖｅｒａ＠ｅｘａｍｐｌｅ．ｃｏｍ",
    "vera@ex\uff41mple.com",
    "vera\ufe6bexample.com",
    "𝐯𝐞𝐫𝐚@example.com",
    "ⓥera@example.com",
]


@pytest.mark.parametrize("written", SPELLINGS)
def test_s10_one_address_has_one_spelling(written: str) -> None:
    assert normal_email(written) == "vera@example.com"


@pytest.mark.parametrize(
    "written", ["vera@example.co", "ver\u0430@example.com", "véra@example.com", "ve ra@example.com"]
)
def test_another_address_stays_another(written: str) -> None:
    assert normal_email(written) != "vera@example.com"


GREEK = ["\u03aa\u0301", "\u03ab\u0301", "\u03d4\u0301", "\u1fbc\u0301", "\u1fcc\u0301", "\u1ffc\u0301"]


@pytest.mark.parametrize("letter", GREEK)
def test_large_letters_with_an_accent_of_their_own_are_spelt_once_too(letter: str) -> None:
    """Where only the small letter and its accents are one sign: the next save would spell the address anew."""
    once = normal_email(f"{letter}@example.com")
    assert normal_email(once) == once
    assert unicodedata.is_normalized("NFKC", once)


@examples(max_examples=200)
@given(written=st.text(max_size=30))
def test_what_was_spelt_once_is_spelt_so_for_ever(written: str) -> None:
    """Otherwise a person could be known by another address after the next save."""
    once = normal_email(written)
    assert normal_email(once) == once
    assert normal_email(f" {written} ") == once


# --- names -----------------------------------------------------------------------------------------------------------

INITIALS = [
    ("Ann", "AN"),
    ("Ann Smith", "AS"),
    ("ann van der berg", "AB"),
    ("  Ann   Smith ", "AS"),
    ("X", "X"),
    ("李 雷", "李雷"),
    ("李雷", "李雷"),
    ("ßeta", "SE"),
    ("Ann ßeta", "AS"),
    ("ﬁnn", "FN"),
    ("иван петров", "ИП"),
    ("1 2 3", "13"),
]


@pytest.mark.parametrize(("name", "letters"), INITIALS)
def test_letters_where_there_is_no_photo(name: str, letters: str) -> None:
    assert User(display_name=name, email="x@y.z").initials == letters


@examples(max_examples=200)
@given(name=st.text(max_size=30))
def test_letters_are_one_or_two_whatever_the_name(name: str) -> None:
    assert 1 <= len(User(display_name=name, email="x@y.z").initials) <= 2


def test_without_a_name_the_address_gives_the_letters() -> None:
    assert User(display_name=" ", email="vera@example.com").initials == "VE"


@examples(max_examples=300)
@given(name=st.text(max_size=20))
def test_a_name_that_passes_shows_what_it_says(name: str) -> None:
    try:
        validate_shown_name(name)
    except ValidationError:
        return
    assert any(sign.isalnum() for sign in name)
    hidden = {sign for sign in name if unicodedata.category(sign) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}}
    assert hidden <= set(JOINERS)


# --- languages -------------------------------------------------------------------------------------------------------


@examples(max_examples=200)
@given(
    codes=st.lists(st.sampled_from(sorted(KNOWN)), max_size=MOST), comma=st.sampled_from([",", ";", " ", "\n", ", "])
)
def test_languages_are_read_in_their_order_and_once(codes: list[str], comma: str) -> None:
    found = read_languages(comma.join(codes))
    assert found == list(dict.fromkeys(codes))
    assert read_languages(", ".join(found)) == found


@examples(max_examples=200)
@given(text=st.text(max_size=30))
def test_whatever_is_read_as_a_language_is_one(text: str) -> None:
    try:
        found = read_languages(text)
    except ValidationError:
        return
    assert all(code.isascii() and code == code.lower() and code.partition("-")[0] in KNOWN for code in found)


# --- browsers --------------------------------------------------------------------------------------------------------

BROWSERS = [
    ("Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0", "Firefox, Linux"),
    ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/128.0 Safari/537.36 Edg/128.0", "Edge, Windows"),
    ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/128.0 Safari/537.36 OPR/113.0", "Opera, Windows"),
    ("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/128.0 Mobile Safari/537.36", "Chrome, Android"),
    ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Safari/604.1", "Safari, iPhone"),
    ("Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) Version/17.5 Safari/604.1", "Safari, iPad"),
    ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/17.5 Safari/605.1", "Safari, macOS"),
    ("Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 Chrome/128.0 Safari/537.36", "Chrome, ChromeOS"),
    ("curl/8.9.1", "curl/8.9.1"),
    ("", ""),
    ("x" * 500, "x" * 40),
]


@pytest.mark.parametrize(("said", "shown"), BROWSERS)
def test_a_browser_is_told_in_two_words(said: str, shown: str) -> None:
    assert browser_name(said) == shown


# --- moments ---------------------------------------------------------------------------------------------------------

NOW = datetime(2026, 3, 2, 12, tzinfo=BERLIN)  # a Monday
MOMENTS = [
    (timedelta(hours=1), "today at 13:00"),
    (timedelta(hours=11, minutes=59), "today at 23:59"),
    (timedelta(hours=12), "tomorrow at 00:00"),
    (timedelta(days=1), "tomorrow at 12:00"),
    (timedelta(days=2), "on Wednesday at 12:00"),
    (timedelta(days=6), "on Sunday at 12:00"),
    (timedelta(days=7), "on March 9, 2026 at 12:00"),
    (timedelta(days=27), "on March 29, 2026 at 12:00"),
]


@pytest.mark.parametrize(("later", "said"), MOMENTS)
def test_a_moment_is_said_as_people_say_it(later: timedelta, said: str) -> None:
    assert at(NOW + later, NOW) == said


def test_a_refusal_says_in_the_zone_of_the_rules_when_it_opens() -> None:
    opens = datetime(2026, 3, 3, 7, 0, tzinfo=UTC)
    decision = Decision(False, "hours", opens_at=opens, zone=BERLIN)
    assert told(decision, datetime(2026, 3, 2, 22, 30, tzinfo=UTC)).endswith("You can sign in again tomorrow at 08:00.")
    # Half an hour later it is already Tuesday there.
    assert told(decision, datetime(2026, 3, 2, 23, 1, tzinfo=UTC)).endswith("You can sign in again today at 08:00.")


def test_a_refusal_without_an_opening_promises_none() -> None:
    decision = Decision(False, "address")
    assert told(decision) == decision.reason
    assert decision.opens_again(NOW) == ""


@pytest.mark.parametrize("code", ["ok", "inactive", "no_type", "hours", "address", "second_factor", "idle", "expired"])
def test_every_reason_has_a_sentence_in_every_language(code: str, settings: Settings) -> None:
    said = set()
    for language, _name in settings.LANGUAGES:
        with override(language):
            said.add(Decision(False, code).reason)  # type: ignore[arg-type]
    assert "" not in said
    assert len(said) == len(settings.LANGUAGES)


# --- networks and sessions -------------------------------------------------------------------------------------------

HOPS = st.sampled_from(["10.0.0.1", "10.0.0.2", "203.0.113.5", "2001:db8::1", "unknown", "", "::ffff:10.0.0.1", "evil"])


@examples(max_examples=300)
@given(hops=st.lists(HOPS, max_size=5), forged=st.text("0123456789.:,abcdef[] ", max_size=40))
def test_s09_what_stands_left_of_the_first_stranger_changes_nothing(hops: list[str], forged: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("accounts.addresses.trusted", lambda address: str(address).startswith("10."))
        chain = ["198.51.100.7", *hops]
        honest = resolve("10.0.0.9", ",".join(chain))
        assert resolve("10.0.0.9", ",".join([forged, *chain])) == honest
        assert honest


@examples(max_examples=300)
@given(written=st.text(max_size=45))
def test_an_address_is_read_or_it_is_none_and_counts_alike(written: str) -> None:
    found = parse(written)
    assert found is None or parse(str(found)) == found
    assert subscriber(written) == ("" if found is None else subscriber(str(found)))
    assert subscriber(subscriber(written)) == subscriber(written)


@examples(max_examples=200)
@given(
    idle=st.integers(1, 600),
    longest=st.integers(1, 48),
    started=st.integers(0, 3 * 24 * 60),
    acted=st.integers(0, 3 * 24 * 60),
)
def test_a_session_that_lasts_is_neither_idle_nor_too_long(idle: int, longest: int, started: int, acted: int) -> None:
    """Minutes ago; who acted cannot have acted before the start."""
    acted = min(acted, started)
    session = Session(NOW - timedelta(minutes=started), NOW - timedelta(minutes=acted))
    person = Person(idle=timedelta(minutes=idle), longest=timedelta(hours=longest), session=session)
    decision = access(person, "192.0.2.1", NOW)
    assert decision.allowed == (acted < idle and started < longest * 60)
    if not decision.allowed:
        assert decision.code == ("expired" if started >= longest * 60 else "idle")
