"""Whose address a request or a socket really comes from, when proxies that we trust stand in between."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

FORWARDED = b"x-forwarded-for"
HOME_PREFIX = 64  # bits of an IPv6 address that name a subscriber (RFC 6177); the rest each may change at will
MAPPED_PREFIX = 96  # bits before the IPv4 address in ::ffff:0:0/96


def resolve(peer: str, forwarded: str) -> str:
    """The nearest address that is not one of settings.TRUSTED_PROXIES, read from right to left.

    `peer` is who holds the connection, `forwarded` the X-Forwarded-For headers joined by commas. What stands left of
    the first stranger was written by that stranger and is never believed. Empty if the peer has no address
    (a UNIX socket).
    """
    nearest = parse(peer)
    for written in reversed(forwarded.split(",")):
        if nearest is None or not trusted(nearest):
            break
        hop = parse(written)
        if hop is None:
            break
        nearest = hop
    return str(nearest or "")


def client_address(request: HttpRequest) -> str:
    """The address of who sent this request; see `resolve`."""
    return resolve(request.META.get("REMOTE_ADDR", ""), request.META.get("HTTP_X_FORWARDED_FOR", ""))


def socket_address(client: tuple[str, int] | list[str | int] | None, headers: Iterable[tuple[bytes, bytes]]) -> str:
    """The same for an ASGI scope's `client` and `headers`."""
    forwarded = ",".join(value.decode("latin-1") for name, value in headers if name.lower() == FORWARDED)
    return resolve(str(client[0]) if client else "", forwarded)


def subscriber(address: str) -> str:
    """What counts of an address when tries are counted: all of IPv4, of IPv6 the network of one subscriber."""
    parsed = parse(address)
    if isinstance(parsed, IPv6Address):
        return str(IPv6Network((parsed, HOME_PREFIX), strict=False).network_address)
    return str(parsed or "")


def parse(written: str) -> Address | None:
    """An address as proxies write it: with or without a port, brackets or a zone; IPv4 inside IPv6 becomes IPv4."""
    text = written.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address


def unmapped(network: Network) -> Network:
    """A network as its addresses are compared: IPv4 inside IPv6 (RFC 4291, 2.5.5.2) as IPv4."""
    first = network.network_address
    if isinstance(first, IPv6Address) and first.ipv4_mapped and network.prefixlen >= MAPPED_PREFIX:
        return IPv4Network((first.ipv4_mapped, network.prefixlen - MAPPED_PREFIX))
    return network


def trusted(address: Address) -> bool:
    return any(address in network for network in networks(tuple(settings.TRUSTED_PROXIES)))


@lru_cache(maxsize=8)
def networks(written: tuple[str, ...]) -> tuple[Network, ...]:
    """Raises ValueError for what is no address and no network; accounts.checks says so at the start."""
    return tuple(ip_network(text.strip(), strict=False) for text in written)
