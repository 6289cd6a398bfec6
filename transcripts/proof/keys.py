"""The desk's signing keys (Ed25519), and how each vouches for the one that follows it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from transcripts.proof.canonical import Json, canonical
from transcripts.proof.commitment import decoded, encoded


@dataclass(frozen=True)
class PublicKey:
    """A key as a bundle holds it. `endorsement`: signed by the key before it; empty where none was before."""

    key: str  # 32 hex digits of SHA-256 of the public key
    public: str  # base64url of its 32 bytes
    at: str
    previous: str = ""
    endorsement: str = ""


def new_private() -> bytes:
    """32 bytes, to be kept sealed."""
    return Ed25519PrivateKey.generate().private_bytes_raw()


def public_of(private: bytes) -> bytes:
    return Ed25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def name_of(public: bytes) -> str:
    """How people and bundles call a key: 32 hex digits."""
    return hashlib.sha256(public).hexdigest()[:32]


def sign(private: bytes, purpose: str, message: bytes) -> str:
    """The signature in base64url. The purpose is signed too, so that a head is never taken for a manifest."""
    return encoded(Ed25519PrivateKey.from_private_bytes(private).sign(_bound(purpose, message)))


def is_signed(public: str, purpose: str, message: bytes, signature: str) -> bool:
    """Whether the signature is that key's. Never raises: what can't be read is not signed."""
    try:
        key = Ed25519PublicKey.from_public_bytes(decoded(public))
        key.verify(decoded(signature), _bound(purpose, message))
    except (InvalidSignature, ValueError, AttributeError):  # the last: no text at all
        return False
    return True


def _bound(purpose: str, message: bytes) -> bytes:
    return f"chatdesk {purpose} v1\n".encode() + message


def introduced(public: bytes, at: str, previous: str = "", old_private: bytes | None = None) -> PublicKey:
    """A new key, vouched for by the one before it if that is still at hand."""
    plain = PublicKey(name_of(public), encoded(public), at, previous)
    endorsement = sign(old_private, "key", _said(plain)) if old_private else ""
    return PublicKey(plain.key, plain.public, at, previous, endorsement)


def is_endorsed(new: PublicKey, by: PublicKey) -> bool:
    return new.previous == by.key and is_signed(by.public, "key", _said(new), new.endorsement)


def _said(key: PublicKey) -> bytes:
    return canonical({"at": key.at, "key": key.key, "previous": key.previous, "public": key.public})


def is_itself(key: PublicKey) -> bool:
    """Whether the key's name is that of its bytes."""
    try:
        return name_of(decoded(key.public)) == key.key
    except ValueError:
        return False


def leads_to(trusted: str, wanted: str, keys: Sequence[PublicKey]) -> bool:
    """Whether the key `trusted` is the wanted one, or vouched for it through those between."""
    known = {each.key: each for each in keys if is_itself(each)}
    here = known.get(wanted)
    for _ in known:
        if here is None or here.key == trusted:
            break
        before = known.get(here.previous)
        here = before if before and is_endorsed(here, before) else None
    return here is not None and here.key == trusted


def as_json(key: PublicKey) -> dict[str, Json]:
    return asdict(key)


def read_key(value: object) -> PublicKey:
    """Raises ValueError for what is no key."""
    if not isinstance(value, dict) or not all(isinstance(each, str) for each in value.values()):
        raise ValueError("this is no key")
    try:
        return PublicKey(**value)
    except TypeError:
        raise ValueError("this is no key") from None
