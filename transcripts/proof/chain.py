"""The chain of a conversation's records: each hash holds the one before: none can be changed or moved."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

START = bytes(32)


def next_hash(previous: bytes, frame: bytes) -> bytes:
    """SHA-256(previous (32 bytes) || SHA-256(frame)): the hash of a record. The first one follows START.

    The frame goes in as its hash, so that a copy can hide a whole record (an internal note) and still be checked.
    """
    return next_link(previous, digest(frame))


def digest(frame: bytes) -> bytes:
    """What stands for a frame that is not shown."""
    return hashlib.sha256(frame).digest()


def next_link(previous: bytes, frame_digest: bytes) -> bytes:
    return hashlib.sha256(previous + frame_digest).digest()


def head_of(frames: Iterable[bytes], start: bytes = START) -> bytes:
    """The hash of the last of the frames; `start` if there is none."""
    for frame in frames:
        start = next_hash(start, frame)
    return start
