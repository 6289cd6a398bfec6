"""Heads of the log: how many leaves it had when, and the root over them, signed by the desk."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from transcripts.proof.canonical import canonical
from transcripts.proof.keys import PublicKey, is_signed, sign

PURPOSE = "head"


@dataclass(frozen=True)
class Head:
    """`root`: 64 hex digits. `at`: UTC in ISO 8601. `key`: the name of the key that signs it."""

    size: int
    root: str
    at: str
    key: str


@dataclass(frozen=True)
class SignedHead:
    head: Head
    signature: str

    def to_bytes(self) -> bytes:
        """The file: `{"head":{"at","key","root","size","v"},"signature"}`, canonical."""
        return canonical({"head": json.loads(_said(self.head)), "signature": self.signature})


def signed(head: Head, private: bytes) -> SignedHead:
    return SignedHead(head, sign(private, PURPOSE, _said(head)))


def is_genuine(signed_head: SignedHead, keys: Sequence[PublicKey]) -> bool:
    """Whether one of these keys, the one that the head names, signed it."""
    named = [each for each in keys if each.key == signed_head.head.key]
    return any(is_signed(each.public, PURPOSE, _said(signed_head.head), signed_head.signature) for each in named)


def _said(head: Head) -> bytes:
    return canonical({"at": head.at, "key": head.key, "root": head.root, "size": head.size, "v": 1})


def read_head(raw: bytes | str) -> SignedHead:
    """A head's file. Raises ValueError for what is none, and for one that is not written canonically."""
    try:
        value = json.loads(raw)
        said = value["head"]
        head = Head(said["size"], said["root"], said["at"], said["key"])
        found = SignedHead(head, value["signature"])
        if type(head.size) is not int or found.to_bytes() != (raw if isinstance(raw, bytes) else raw.encode()).strip():
            raise ValueError("the head is not written as heads are")
    except (KeyError, TypeError, RecursionError) as error:
        raise ValueError("this is no head of a log") from error
    return found
