"""Who signed: keys, heads and signatures."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from transcripts.proof.heads import SignedHead, is_genuine, read_head
from transcripts.proof.keys import PublicKey, is_itself, is_signed, leads_to, read_key
from transcripts.verify.report import Broken, Fault, Report


@dataclass(frozen=True)
class Trust:
    """What the person who checks knows by another way: the name of a key, an earlier head."""

    key: str = ""
    head: SignedHead | None = None


def read_keys(raw: bytes, path: str) -> list[PublicKey]:
    """The keys of keys.json. Raises Broken."""
    try:
        keys = [read_key(each) for each in json.loads(raw)]
    except (ValueError, TypeError, RecursionError):
        raise Broken(Fault("the keys can't be read", path)) from None
    if not keys or not all(map(is_itself, keys)):
        raise Broken(Fault("a key is not the one that it is called", path))
    return keys


def checked_head(raw: bytes, keys: Sequence[PublicKey], trust: Trust, report: Report, path: str) -> SignedHead:
    """The head, signed by one of the keys, and no other than the one that is known. Raises Broken."""
    try:
        head = read_head(raw)
    except ValueError as error:
        raise Broken(Fault(str(error), path)) from None
    if not is_genuine(head, keys):
        raise Broken(Fault("the head was not signed by the desk", path))
    report.head_size, report.head_at = head.head.size, head.head.at
    if trust.head and trust.head.head.size > head.head.size:
        raise Broken(Fault("the log was longer once than it says now", path))
    if trust.head and trust.head.head.size == head.head.size and trust.head.head.root != head.head.root:
        raise Broken(Fault("the log is not the one that you have a head of", path))
    return head


def check_signature(
    purpose: str, message: bytes, keys: Sequence[PublicKey], *, key: str, signature: str, path: str = ""
) -> None:
    """Raises Broken if none of the keys of that name signed the message."""
    if not any(each.key == key and is_signed(each.public, purpose, message, signature) for each in keys):
        raise Broken(Fault(f"the {purpose} was not signed by the desk", path))


def check_key(key: str, keys: Sequence[PublicKey], trust: Trust, report: Report) -> None:
    """Raises Broken if the person knows a key that does not lead to the one that signed."""
    report.key = key
    if trust.key and not leads_to(trust.key.lower(), key, keys):
        raise Broken(Fault(f"it was signed with key {key}, which the key {trust.key} does not vouch for"))


def note_stamp(stamp: bytes, head: bytes, report: Report) -> None:
    """Whether the time stamp is over this head; who made it is OpenSSL's to check (README.txt says how)."""
    if hashlib.sha256(head).digest() not in stamp:
        raise Broken(Fault("the time stamp is over another head", "head.tsr"))
    report.notes.append("there is a time stamp over the head; README.txt says how to check who made it")
