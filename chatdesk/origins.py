"""Which web pages may open a socket: the desk's own, and no other."""

from __future__ import annotations

from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.http.request import validate_host

PORTS = {"http": 80, "https": 443}


def header_values(scope: dict[str, Any], name: bytes) -> list[str]:
    return [value.decode("latin-1") for key, value in scope["headers"] if key == name]


def parts_of(url: str) -> SplitResult:
    """The parts of an address that a stranger wrote; what is none, such as `http://[`, has no parts."""
    try:
        return urlsplit(url)
    except ValueError:
        return urlsplit("")


def same_origin(scope: dict[str, Any]) -> bool:
    """True if the handshake's one `Origin` is the desk's: SITE_URL's, or (embedded) that of the host asked for.

    Browsers always send it (RFC 6455, 10.2), so a handshake without it, with two, or with any other is refused.
    """
    origins = header_values(scope, b"origin")
    if len(origins) != 1:
        return False
    origin = _triple(origins[0])
    if origin is None:
        return False
    return origin == _triple(settings.SITE_URL) or (not settings.PRODUCTION and origin == _own_host(scope))


def _own_host(scope: dict[str, Any]) -> tuple[str, str, int] | None:
    hosts = header_values(scope, b"host")
    own = _triple(f"http://{hosts[0]}") if len(hosts) == 1 else None
    return own if own and validate_host(own[1], settings.ALLOWED_HOSTS) else None


def _triple(url: str) -> tuple[str, str, int] | None:
    """Scheme, host and port; None for anything that is more, or less, than an origin (RFC 6454, 6.2)."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in PORTS or not parts.hostname or parts.path or parts.query or "@" in parts.netloc:
        return None
    return parts.scheme, parts.hostname, port or PORTS[parts.scheme]
