"""The chain of a conversation's records: each hash holds the one before: none can be changed or moved."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

START = bytes(32)


def next_hash(previous: bytes, frame: bytes) -> bytes:
    """SHA-256(previous (32 bytes) || frame): the hash of a record. The first one follows START."""
    return hashlib.sha256(previous + frame).digest()


def head_of(frames: Iterable[bytes], start: bytes = START) -> bytes:
    """The hash of the last of the frames; `start` if there is none."""
    for frame in frames:
        start = next_hash(start, frame)
    return start
