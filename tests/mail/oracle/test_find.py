"""The oracle proves itself: one leak planted per carrier, every one found; and nothing found where nothing is."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest

from tests.mail.oracle import address, domain, ip, phone, search, search_text
from tests.mail.oracle.plants import files, texts
from tests.mail.oracle.plants.build import by_hand, plain, sealed, with_file
from tests.mail.people import V

PLANTS = texts.PLANTS | files.PLANTS
SECRETS = [address("V", "v.real@home.test"), domain("V", "home.test")]
BROKEN = (b"", b"\x00" * 100, b"%PDF-1.7\nnothing", b"PK\x03\x04broken", b"\x1f\x8b\x08zz", b"BZhzzz",
          b"\xfd7zXZ\x00zz", b"\x89PNG\r\n\x1a\n\x00\x00", b"\xc8\xff\xff\xff")  # fmt: skip

pytestmark = pytest.mark.once


def test_a_planted_leak_is_found_in_every_carrier(record_property: Callable[[str, object], None]) -> None:
    missed = [name for name, plant in PLANTS.items() if not search(plant("v.real@home.test"), SECRETS)]
    record_property("figure", f"leak oracle: {len(PLANTS) - len(missed)} of {len(PLANTS)} planted leaks found")
    assert missed == []


def test_an_address_that_may_be_shown_is_no_leak_in_any_carrier() -> None:
    assert [name for name, plant in PLANTS.items() if search(plant("info@company.test"), SECRETS)] == []


def test_a_clean_mail_is_clean() -> None:
    assert search(sealed(plain()), V.secrets) == []


def test_a_sentence_that_ends_where_a_domain_would_is_no_leak() -> None:
    assert search_text("We are at home. Test it. My homestead.test is not home-test.", V.secrets) == []


@pytest.mark.parametrize(
    "said",
    [
        "from [198.51.100.23]", "from 198-51-100-23.pool.example", "by laptop.v-house.test with ESMTP",
        "call 0151/234 567 89", "+49151 23456789", "(0049) 151-23456789",
    ],
)  # fmt: skip
def test_hosts_client_addresses_and_telephones_are_found(said: str) -> None:
    assert search(by_hand("From: a@relay.test\nReceived: x", said.encode()), V.secrets)


def test_other_numbers_are_not_taken_for_them() -> None:
    said = "order 4915123, 198.51.100.230, 1198.51.100.23, 2026-11-22 15:12:34.567"
    assert search_text(said, [ip("V", V.ip), phone("V", V.phone)]) == []


def test_what_is_the_readers_own_is_told_apart_by_whoever_asks() -> None:
    hit = search_text("v.real@home.test", SECRETS)[0]
    assert hit.secret.owner == "V"
    assert "v.real@home.test" in str(hit)


def test_chance_is_not_taken_for_a_leak() -> None:
    noise = b"".join(uuid.uuid4().bytes for _ in range(60_000))
    assert search(with_file("a.bin", "application/octet-stream", noise), V.secrets) == []


@pytest.mark.parametrize("broken", BROKEN)
def test_broken_files_are_read_as_far_as_they_go(broken: bytes) -> None:
    assert search(with_file("a.bin", "application/octet-stream", broken), V.secrets) == []
    assert search(with_file("a.bin", "application/octet-stream", broken + b" v.real@home.test"), V.secrets)
