"""Addresses that stand for people: made from chance with the desk's key, found again by a hash of them."""

from __future__ import annotations

import re

from tickets.composing.keys import base32, from_base32, is_signed, mac, secrets, short_mac

PREFIX = "t-"
ARCHIVE = "a-"
LOCAL_PART = re.compile(r"t-[a-z2-7]{26}", re.IGNORECASE)
_ARCHIVED = re.compile(r"a-([a-z2-7]{2,48})-([a-z2-7]{16})", re.IGNORECASE)


def local_part(nonce: str, secret: str | bytes = "") -> str:
    """`t-` and 130 bits in 26 letters and figures: safe in any mail program, and in any case."""
    return PREFIX + base32(mac("token", nonce, secret))[:26]


def token_hash(local: str, secret: str | bytes = "") -> str:
    """What the database keeps of a token, 64 hexadecimal digits. `local` in any case."""
    return mac("token-hash", local.lower(), secret).hex()


def token_hashes(local: str) -> list[str]:
    """The hashes under which a token may have been kept: by today's secret, then by former ones."""
    return [token_hash(local, each) for each in secrets()]


def kept_local_part(nonce: str, kept_hash: str) -> str:
    """The token of `nonce` as it was given out, also if the desk's secret was changed since."""
    made = ((local_part(nonce, each), token_hash(local_part(nonce, each), each)) for each in secrets())
    return next((local for local, hashed in made if hashed == kept_hash), local_part(nonce))


def archive_local_part(conversation_ref: str) -> str:
    """Where answers to a copy go: to the record of that conversation, and to nobody in it."""
    return f"{ARCHIVE}{base32(conversation_ref.encode())}-{short_mac('archive', conversation_ref)}"


def archived_conversation(local: str) -> str | None:
    """The conversation's ref of such an address; None if it is none of ours."""
    found = _ARCHIVED.fullmatch(local)
    ref = (from_base32(found[1]) or b"").decode(errors="replace") if found else ""
    return ref if found and is_signed("archive", ref, found[2]) else None
