"""What a directory writes, and what the desk reads of it. No server is asked."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from accounts.directory.backend import plain_name
from accounts.directory.entry import barred, identity, identity_filter, normal_dn, read_entry, shown_name
from accounts.models import Directory

NOW = datetime(2026, 3, 1, tzinfo=UTC)
GUID = UUID("0123abcd-4567-89ab-cdef-0123456789ab")
AD = Directory(name="Corp")
OPEN = Directory(name="Corp", uid_attribute="entryUUID")


def ticks(moment: datetime) -> str:
    """accountExpires: steps of 100 nanoseconds since 1601."""
    return str(int((moment - datetime(1601, 1, 1, tzinfo=UTC)).total_seconds()) * 10_000_000)


@pytest.mark.parametrize("mail", ["", "nobody", f"{'a' * 250}@b.test", "a\x00@b.test", "a\n@b.test"])
def test_what_is_no_address_is_not_taken_over(mail: str) -> None:
    entry = read_entry(OPEN, "uid=ann", {"entryUUID": ["1-2"], "mail": [mail]}, NOW)
    assert entry is not None
    assert entry.email == "1-2@directory.invalid"


@pytest.mark.parametrize("raw", [GUID.bytes_le, b"abcdefghijklmnop"])
def test_a_guid_is_read_whether_it_looks_like_text_or_not(raw: bytes) -> None:
    as_text: Any = raw.decode() if raw.isascii() else raw
    assert identity(AD, {"objectGUID": [as_text]}) == str(UUID(bytes_le=raw))


@pytest.mark.parametrize("raw", [b"", b"short", b"x" * 17])
def test_what_is_no_guid_is_no_identity(raw: bytes) -> None:
    assert identity(AD, {"objectGUID": [raw]}) == ""


def test_filters_for_an_identity_hold_nothing_else() -> None:
    assert identity_filter(AD, str(GUID)) == (
        "(objectGUID=\\cd\\ab\\23\\01\\67\\45\\ab\\89\\cd\\ef\\01\\23\\45\\67\\89\\ab)"
    )
    assert identity_filter(OPEN, "a)(b*") == "(entryUUID=\\61\\29\\28\\62\\2a)"


@pytest.mark.parametrize(
    ("attrs", "why"),
    [
        ({}, ""),
        ({"userAccountControl": ["512"]}, ""),
        ({"userAccountControl": ["514"]}, "disabled"),
        ({"userAccountControl": ["66050"]}, "disabled"),
        ({"userAccountControl": ["nonsense"]}, ""),
        ({"accountExpires": ["0"]}, ""),
        ({"accountExpires": ["9223372036854775807"]}, ""),
        ({"accountExpires": [ticks(datetime(2026, 2, 28, tzinfo=UTC))]}, "expired"),
        ({"accountExpires": [ticks(NOW)]}, "expired"),
        ({"accountExpires": [ticks(datetime(2026, 3, 2, tzinfo=UTC))]}, ""),
        ({"accountExpires": ["9223372036854775806"]}, ""),
        ({"nsAccountLock": ["TRUE"]}, "disabled"),
        ({"pwdAccountLockedTime": ["000001010000Z"]}, "disabled"),
        ({"pwdAccountLockedTime": ["20260301000000Z"]}, ""),
    ],
)
def test_who_is_barred(attrs: dict[str, list[str]], why: str) -> None:
    assert barred(attrs, NOW) == why


def test_an_entry_without_identity_is_nobody() -> None:
    assert read_entry(OPEN, "cn=x", {"mail": ["x@corp.test"]}, NOW) is None


def test_an_entry_without_mail_gets_an_address_that_nobody_has() -> None:
    entry = read_entry(OPEN, "cn=x", {"entryUUID": ["U1"], "cn": ["X"]}, NOW)
    assert entry is not None
    assert (entry.email, entry.name, entry.photo) == ("u1@directory.invalid", "X", b"")


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Ann", "Ann"),
        ("A\x00nn\r\nBcc: x", "A nn Bcc: x"),
        ("\u202eAnn\u2066", "Ann"),
        ("  ", "?"),
        ("x" * 99, "x" * 80),
    ],
)
def test_names_are_one_line_without_hidden_signs(written: str, shown: str) -> None:
    assert shown_name(written) == shown


def test_dns_are_compared_in_one_spelling() -> None:
    assert normal_dn("CN=Desk , OU = Ch at,DC=corp") == "cn=desk,ou=ch at,dc=corp"


@pytest.mark.parametrize(
    ("written", "name"),
    [("ann", "ann"), ("CORP\\ann", "ann"), (" ann ", "ann"), ("a\x00nn", ""), ("a\nnn", ""), ("x" * 255, ""), ("", "")],
)
def test_what_can_be_a_name(written: str, name: str) -> None:
    assert plain_name(written) == name
