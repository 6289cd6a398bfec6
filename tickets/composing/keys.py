"""What the desk signs with: its own secret, one derived key a purpose. Old secrets are still recognised."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Sequence

from django.conf import settings
from django.utils.crypto import salted_hmac
from django.utils.encoding import force_bytes


def secrets() -> Sequence[str | bytes]:
    """SECRET_KEY first, then what it was before."""
    return (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)


def mac(purpose: str, value: str, secret: str | bytes = "") -> bytes:
    """HMAC-SHA-256 of `value`, 32 bytes, with a key of this purpose alone."""
    return salted_hmac(
        f"tickets.{purpose}", value, secret=force_bytes(secret or settings.SECRET_KEY), algorithm="sha256"
    ).digest()


def short_mac(purpose: str, value: str, secret: str | bytes = "") -> str:
    """80 bits of it, 16 characters that survive a change of case: enough for what a stranger tries over a network."""
    return base32(mac(purpose, value, secret)[:10])


def is_signed(purpose: str, value: str, signature: str) -> bool:
    """Whether `signature` is the short_mac of `value` by any secret of ours. Timing tells nothing of it."""
    given = force_bytes(signature.lower())
    return any(hmac.compare_digest(force_bytes(short_mac(purpose, value, each)), given) for each in secrets())


def base32(data: bytes) -> str:
    """RFC 4648 base32 in small letters, without padding."""
    return base64.b32encode(data).decode().rstrip("=").lower()


def from_base32(text: str) -> bytes | None:
    """The bytes again, from any case; None if these are no base32 letters."""
    try:
        return base64.b32decode(text.upper() + "=" * (-len(text) % 8))
    except ValueError:
        return None
