from __future__ import annotations

import pytest
from django.core.checks import run_checks
from django.test import RequestFactory
from pytest_django.fixtures import Settings

from accounts.addresses import client_address, networks, parse, resolve, socket_address
from accounts.lockout import guessing_address

PROXY, OUTER_PROXY, VISITOR, FORGED = "10.0.0.5", "192.0.2.1", "198.51.100.7", "203.0.113.99"


@pytest.fixture(autouse=True)
def two_proxies(settings: Settings) -> None:
    settings.TRUSTED_PROXIES = ["10.0.0.0/8", OUTER_PROXY]


@pytest.mark.parametrize(
    ("peer", "forwarded", "found"),
    [
        (VISITOR, "", VISITOR),
        (VISITOR, FORGED, VISITOR),
        (PROXY, "", PROXY),
        (PROXY, VISITOR, VISITOR),
        (PROXY, f"{FORGED}, {VISITOR}", VISITOR),
        (PROXY, f"{VISITOR}, {OUTER_PROXY}", VISITOR),
        (PROXY, f"{FORGED},{VISITOR},{OUTER_PROXY}", VISITOR),
        (PROXY, f"10.9.9.9, {OUTER_PROXY}", "10.9.9.9"),
        (PROXY, "unknown", PROXY),
        (PROXY, f"{VISITOR}, unknown", PROXY),
        (PROXY, f"{VISITOR},", PROXY),
        (PROXY, f"  {VISITOR}  ", VISITOR),
        (PROXY, f"{VISITOR}:51234", VISITOR),
        (PROXY, "[2001:db8::7]:443", "2001:db8::7"),
        (PROXY, "2001:DB8:0:0::7", "2001:db8::7"),
        (PROXY, f"::ffff:{VISITOR}", VISITOR),
        (f"::ffff:{PROXY}", VISITOR, VISITOR),
        ("::ffff:0a00:0005", VISITOR, VISITOR),
        ("", VISITOR, ""),
        ("unix:", VISITOR, ""),
        (PROXY, "' OR 1=1 --", PROXY),
        (PROXY, "1" * 10_000, PROXY),
    ],
)
def test_the_nearest_stranger_is_who_asks(peer: str, forwarded: str, found: str) -> None:
    assert resolve(peer, forwarded) == found


def test_without_trusted_proxies_nobody_is_believed(settings: Settings) -> None:
    settings.TRUSTED_PROXIES = []
    assert resolve(PROXY, VISITOR) == PROXY
    assert resolve("127.0.0.1", VISITOR) == "127.0.0.1"


def test_a_request_tells_its_address() -> None:
    request = RequestFactory().get("/", REMOTE_ADDR=PROXY, HTTP_X_FORWARDED_FOR=f"{FORGED}, {VISITOR}")
    assert client_address(request) == VISITOR


def test_a_socket_tells_its_address_too() -> None:
    headers = [(b"x-forwarded-for", FORGED.encode()), (b"X-Forwarded-For", VISITOR.encode()), (b"host", b"desk")]
    assert socket_address((PROXY, 4711), headers) == VISITOR
    assert socket_address([PROXY, 4711], headers) == VISITOR
    assert socket_address((VISITOR, 4711), headers) == VISITOR


def test_a_header_with_another_name_is_not_believed() -> None:
    headers = [(b"x_forwarded_for", FORGED.encode()), (b"forwarded", FORGED.encode()), (b"x-real-ip", FORGED.encode())]
    assert socket_address((PROXY, 1), headers) == PROXY


def test_a_socket_without_a_peer_has_no_address() -> None:
    assert socket_address(None, []) == ""


@pytest.mark.parametrize("written", ["", "x", "1.2.3", "1.2.3.4.5", "256.1.1.1", "[", "[]", ":", "::g", "1.2.3.4/8"])
def test_what_is_no_address_is_none(written: str) -> None:
    assert parse(written) is None


def test_a_zone_is_left_out() -> None:
    assert str(parse("fe80::1%eth0")) == "fe80::1"


def test_guesses_are_counted_for_an_ipv6_subscriber_as_a_whole() -> None:
    requests = [RequestFactory().get("/", REMOTE_ADDR=address) for address in ("2001:db8:1:2::a", "2001:db8:1:2:9::b")]
    assert {guessing_address(request) for request in requests} == {"2001:db8:1:2::"}


@pytest.mark.parametrize("written", ["10.0.0.0/33", "proxy.example", ""])
def test_a_proxy_that_is_no_network_is_told_at_the_start(settings: Settings, written: str) -> None:
    settings.TRUSTED_PROXIES = [written]
    found = [error for error in run_checks() if error.id == "accounts.E001"]
    assert len(found) == 1
    assert "TRUSTED_PROXIES" in found[0].msg


def test_proxies_may_be_single_addresses_or_networks_of_both_kinds() -> None:
    assert len(networks(("10.0.0.1", "10.0.0.1/8", "::1", "2001:db8::/32"))) == 4
