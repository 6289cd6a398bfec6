"""Secrets that the desk has to use again are stored sealed: with the desk's own key, never as they are."""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.encoding import force_bytes


def seal(secret: str) -> str:
    """The secret as it is stored. Empty stays empty."""
    return _box().encrypt(secret.encode()).decode() if secret else ""


def unseal(stored: str) -> str:
    """The secret again; empty if it was sealed with a key that this desk no longer has."""
    try:
        return _box().decrypt(stored.encode()).decode() if stored else ""
    except InvalidToken:
        return ""


def _box() -> MultiFernet:
    """Seals with SECRET_KEY, and opens what SECRET_KEY_FALLBACKS sealed."""
    return MultiFernet([Fernet(_key(each)) for each in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _key(secret: str | bytes) -> bytes:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"accounts.sealing").derive(force_bytes(secret))
    return base64.urlsafe_b64encode(derived)
