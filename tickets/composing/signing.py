"""DKIM signatures (RFC 6376): that a mail is ours, and that nobody changed it on the way."""

from __future__ import annotations

from dataclasses import dataclass

import dkim
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

BITS = 2048
HEADERS = (
    "from",
    "to",
    "subject",
    "date",
    "message-id",
    "reply-to",
    "in-reply-to",
    "references",
    "mime-version",
    "content-type",
)


@dataclass(frozen=True)
class Signer:
    """With what to sign: d= and s= of the signature, and the private key as PEM."""

    domain: str
    selector: str
    key: str


def new_key() -> str:
    """A private key, as PEM."""
    made = rsa.generate_private_key(public_exponent=65537, key_size=BITS)
    encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL
    return made.private_bytes(encoding, form, serialization.NoEncryption()).decode()


def dns_name(signer: Signer) -> str:
    """Where the record is to be published."""
    return f"{signer.selector}._domainkey.{signer.domain}"


def dns_record(key: str) -> str:
    """The TXT record to publish for a private key. Raises ValueError if it is none."""
    public = serialization.load_pem_private_key(key.encode(), None).public_key()
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    der = public.public_bytes(serialization.Encoding.PEM, form).decode().splitlines()[1:-1]
    return f"v=DKIM1; k=rsa; p={''.join(der)}"


def sign(content: bytes, signer: Signer | None) -> bytes:
    """`content` (with CRLF) with a signature above it; unchanged without a signer."""
    if signer is None:
        return content
    names = [name.encode() for name in HEADERS if _has(content, name)]
    signature = dkim.sign(
        content, signer.selector.encode(), signer.domain.encode(), signer.key.encode(), include_headers=names
    )
    return bytes(signature) + content


def _has(content: bytes, name: str) -> bool:
    head = b"\r\n" + content.partition(b"\r\n\r\n")[0].lower()
    return b"\r\n" + name.encode() + b":" in head
