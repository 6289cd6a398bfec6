"""Asking another server, at an address that an admin wrote down: never one of this network, whatever its name says."""

from __future__ import annotations

import socket
import ssl
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

SECONDS = 10
MOST_BYTES = 64 * 1024


class Refused(Exception):
    """It was not asked, or its answer can't be taken; the text says why and names no address."""


def post(url: str, body: bytes, media_type: str) -> bytes:
    """What the server answers, at most 64 KB. A redirect is not followed. Raises Refused."""
    parts = _parts(url)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    address = _public_address(host, port)
    connection = _secure(host, port, address) if parts.scheme == "https" else HTTPConnection(address, port, SECONDS)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request("POST", target, body, {"Content-Type": media_type, "Host": parts.netloc})
        answer = connection.getresponse()
        read = answer.read(MOST_BYTES + 1)
    except (OSError, HTTPException, ValueError) as error:
        raise Refused(f"it could not be asked: {type(error).__name__}") from error
    finally:
        connection.close()
    if answer.status != 200 or len(read) > MOST_BYTES:
        raise Refused(f"it answered {answer.status} with {len(read)} bytes")
    return read


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        usable, parts = None, urlsplit("")
    if not usable or parts.username is not None or not url.isascii() or any(sign <= " " for sign in url):
        raise Refused("its address is none that is asked")
    return parts


def _public_address(host: str, port: int) -> str:
    """One address of the host. The connection goes to this very one: no second look-up can lead elsewhere."""
    try:
        found = [ip_address(each) for each in resolve(host, port)]
    except (OSError, ValueError, UnicodeError) as error:
        raise Refused("its name is not known") from error
    if not found or not all(map(is_public, map(str, found))):
        raise Refused("its address is one of a private network")
    return str(found[0])


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a name, as this machine knows them."""
    return [str(each[4][0]).partition("%")[0] for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def is_public(address: str) -> bool:
    """Whether the address is one of the whole network: not of this machine, a private net, a cloud's own services."""
    known = ip_address(address)
    inside = getattr(known, "ipv4_mapped", None) or getattr(known, "sixtofour", None) or known
    return all(each.is_global and not each.is_multicast for each in (known, inside))


def _secure(host: str, port: int, address: str) -> HTTPSConnection:
    connection = HTTPSConnection(host, port, timeout=SECONDS)
    plain = socket.create_connection((address, port), SECONDS)
    try:
        connection.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=host)
    except OSError as error:
        plain.close()
        raise Refused(f"its certificate was not accepted: {type(error).__name__}") from error
    return connection
