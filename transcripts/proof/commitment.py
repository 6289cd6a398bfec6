"""What a record says about a field without saying the field: a salted hash of its canonical JSON."""

from __future__ import annotations

import hashlib
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode

from transcripts.proof.canonical import Json, canonical

SALT_BYTES = 16


def new_salt() -> bytes:
    """16 random bytes: without them, a withheld "yes" could be found out by trying."""
    return secrets.token_bytes(SALT_BYTES)


def commitment(salt: bytes, value: Json) -> str:
    """base64url, without padding, of SHA-256(salt || canonical JSON of the value): 43 characters."""
    return encoded(hashlib.sha256(salt + canonical(value)).digest())


def encoded(raw: bytes) -> str:
    """base64url without padding (RFC 4648, 5)."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def decoded(text: str) -> bytes:
    """The bytes again. Raises ValueError for what `encoded` never wrote."""
    raw = urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
    if encoded(raw) != text:
        raise ValueError("this is not base64url without padding")
    return raw
