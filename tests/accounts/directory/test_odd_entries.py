"""Directories are written by many hands: whatever stands in an entry, reading it ends with a person, or with nobody."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from accounts.directory.backend import plain_name
from accounts.directory.entry import (
    NEVER,
    WINDOWS_EPOCH,
    barred,
    identity,
    identity_filter,
    normal_dn,
    read_entry,
    shown_name,
    wanted_attributes,
)
from accounts.models import Directory

pytestmark = pytest.mark.once

NOW = datetime(2026, 3, 1, tzinfo=UTC)
AD = Directory(name="Corp")
OPEN = Directory(name="Corp", uid_attribute="entryUUID", photo_attribute="jpegPhoto")
NAMES = ["entryUUID", "mail", "displayName", "cn", "jpegPhoto", "userAccountControl", "accountExpires", "nsAccountLock"]
VALUES = st.lists(st.binary(max_size=40) | st.text(st.characters(exclude_categories=["Cs"]), max_size=40), max_size=3)
ODD_NUMBERS = ["²", "--514", "-", "", " ", "5.14", "0x202", "5e2", "٥١٤", "9" * 5000, "+514", "514;514", "\x00", "½"]


@pytest.mark.parametrize("written", ODD_NUMBERS)
@pytest.mark.parametrize("name", ["userAccountControl", "accountExpires"])
def test_what_is_no_number_bars_nobody_and_stops_nothing(name: str, written: str) -> None:
    assert barred({name: [written]}, NOW) == ""


@pytest.mark.parametrize(
    ("flags", "why"),
    [("2", "disabled"), ("-2147483646", "disabled"), ("-1", "disabled"), ("-2147483648", ""), ("1", ""), ("4", "")],
)
def test_flags_are_bits_also_of_a_negative_number(flags: str, why: str) -> None:
    """Active Directory writes 32 bits with a sign: the highest bit makes the number negative."""
    assert barred({"userAccountControl": [flags]}, NOW) == why


def test_disabled_is_said_before_expired() -> None:
    assert barred({"userAccountControl": ["514"], "accountExpires": ["1"]}, NOW) == "disabled"


@settings(max_examples=100)
@given(seconds=st.integers(-(10**9), 10**9))
def test_an_account_expires_at_its_moment_and_not_before(seconds: int) -> None:
    until = NOW + timedelta(seconds=seconds)
    steps = (until - WINDOWS_EPOCH) // timedelta(microseconds=1) * 10
    assert barred({"accountExpires": [str(steps)]}, NOW) == ("expired" if seconds <= 0 else "")


@pytest.mark.parametrize("never", [*NEVER, 2**63 - 2, 10**18 * 9])
def test_dates_beyond_all_calendars_never_come(never: int) -> None:
    assert barred({"accountExpires": [str(never)]}, NOW) == ""


@settings(max_examples=200)
@example(attrs={"entryUUID": [" "]}, dn="")
@given(attrs=st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=8), dn=st.text(max_size=30))
def test_any_entry_is_somebody_or_nobody(attrs: dict[str, list[str | bytes]], dn: str) -> None:
    entry = read_entry(OPEN, dn, attrs, NOW)
    if entry is None:
        assert not identity(OPEN, attrs)
        return
    assert 0 < len(entry.uid) <= 64
    assert 0 < len(entry.name) <= 80
    assert "@" in entry.email
    assert entry.email == entry.email.lower().strip()
    assert entry.barred in {"", "disabled", "expired"}


@settings(max_examples=100)
@given(raw=st.binary(max_size=20))
def test_a_guid_is_sixteen_bytes_or_nothing(raw: bytes) -> None:
    found = identity(AD, {"objectGUID": [raw]})
    assert bool(found) == (len(raw) == 16)
    if found:
        assert UUID(found).bytes_le == raw


@settings(max_examples=100)
@given(guid=st.uuids(), uid=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20))
def test_x11_a_filter_for_an_identity_holds_nothing_but_hexadecimal_values(guid: UUID, uid: str) -> None:
    """RFC 4515: what is written as \\xx is a byte of the value, whatever it would mean otherwise."""
    for directory, asked, raw in [(AD, str(guid), guid.bytes_le), (OPEN, uid, uid.encode())]:
        name, _equals, value = identity_filter(directory, asked).strip("()").partition("=")
        assert name == directory.uid_attribute
        assert bytes.fromhex(value.replace("\\", "")) == raw
        assert len(value) == 3 * len(raw)


@settings(max_examples=200)
@given(written=st.text(max_size=200))
def test_a_name_is_one_line_that_reads_as_it_looks(written: str) -> None:
    shown = shown_name(written)
    assert 0 < len(shown) <= 80
    assert not any(unicodedata.category(sign)[0] == "C" for sign in shown)
    assert shown_name(shown) == shown.strip()


@settings(max_examples=200)
@given(written=st.text(max_size=300))
def test_a_name_that_was_typed_can_be_printed_or_is_none(written: str) -> None:
    name = plain_name(written)
    assert name.isprintable()
    assert "\\" not in name
    assert len(name) <= 254


SAME_PLACES = [
    ("CN=Desk,DC=corp", "cn=desk,dc=corp"),
    ("CN = Desk , DC = corp", "cn=desk,dc=corp"),
    ("cn=desk,dc=corp", "CN=DESK,DC=CORP"),
    ("cn=a=b,dc=corp", "CN=A=B, DC=corp"),
    ("CN=Büro,DC=corp", "cn=büro,dc=corp"),
    ("", " "),
]
OTHER_PLACES = [
    ("cn=desk,dc=corp", "cn=desks,dc=corp"),
    ("cn=desk,dc=corp", "cn=desk"),
    ("cn=desk,ou=a,dc=corp", "cn=desk,ou=b,dc=corp"),
    ("cn=sales desk,dc=corp", "cn=salesdesk,dc=corp"),
    ("cn=desk,dc=corp", "dc=corp,cn=desk"),
    ("ou=desk,dc=corp", "cn=desk,dc=corp"),
]


@pytest.mark.parametrize(("one", "other"), SAME_PLACES)
def test_the_same_place_written_twice(one: str, other: str) -> None:
    assert normal_dn(one) == normal_dn(other)


@pytest.mark.parametrize(("one", "other"), OTHER_PLACES)
def test_a15_another_place_is_another_group(one: str, other: str) -> None:
    assert normal_dn(one) != normal_dn(other)


@settings(max_examples=100)
@given(dn=st.text(max_size=80))
def test_one_spelling_stays_one(dn: str) -> None:
    assert normal_dn(normal_dn(dn)) == normal_dn(dn)


def test_only_what_is_used_is_asked_for() -> None:
    assert "jpegPhoto" in wanted_attributes(OPEN)
    assert "" not in wanted_attributes(AD)
    assert not {"userPassword", "unicodePwd"} & {*wanted_attributes(OPEN), *wanted_attributes(AD)}
