"""A file that can be read with its conversation's key alone: AES-256-GCM in chunks, in constant memory.

    CHATDESK-LOCKED-1\\n
    one line of canonical JSON: {"chunk":65536,"conversation":REF,"key":NAME,"salt":base64url,"v":1}
    chunk after chunk: at most `chunk` bytes, encrypted, each followed by its tag of 16 bytes

The file's own key is HKDF-SHA-256(conversation's key, salt, info: the two lines above), so that no line of the header
can be changed, and no two files share a key. The nonce of a chunk is its number (11 bytes, from 0) and a byte that is 1
for the last one: none can be left out, moved or cut off (STREAM, by Hoang, Reyhanitabar, Rogaway and Vizar).
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import IO, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from transcripts.proof.canonical import Json, canonical
from transcripts.proof.commitment import decoded, encoded

MAGIC = b"CHATDESK-LOCKED-1\n"
CHUNK = 64 * 1024
TAG = 16
KEY_BYTES = 32
LONGEST_LINE = 1000
LARGEST_CHUNK = 1 << 24
VERSION = 1


class NotLocked(Exception):
    """This is no locked file, or one of a later version."""


class Forged(Exception):
    """It was changed or cut off, or the key is another one. Nothing after this point was handed out."""


class Target(Protocol):
    def write(self, data: bytes, /) -> object: ...


@dataclass(frozen=True)
class Header:
    """What stands in front, for everybody to read. `key`: the name of the conversation's key, as `name_of` says it."""

    conversation: str
    key: str
    salt: bytes
    chunk: int = CHUNK

    def to_bytes(self) -> bytes:
        said: dict[str, Json] = {"chunk": self.chunk, "conversation": self.conversation, "key": self.key}
        return MAGIC + canonical({**said, "salt": encoded(self.salt), "v": VERSION}) + b"\n"

    def opens_with(self, key: bytes) -> AESGCM:
        derived = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=self.salt, info=self.to_bytes()).derive(key)
        return AESGCM(derived)


def new_key() -> bytes:
    return secrets.token_bytes(KEY_BYTES)


def name_of(key: bytes) -> str:
    """32 hex digits that tell keys apart and tell nothing of them."""
    return sha256(b"chatdesk key name\n" + key).hexdigest()[:32]


class LockedWriter:
    """Encrypts what is written on its way to the target. `close` writes the last chunk; the target stays open."""

    def __init__(self, target: Target, key: bytes, conversation: str) -> None:
        header = Header(conversation, name_of(key), secrets.token_bytes(32))
        self._target, self._cipher = target, header.opens_with(key)
        self._waiting, self._number = bytearray(), 0
        target.write(header.to_bytes())

    def write(self, data: bytes, /) -> None:
        self._waiting += data
        while len(self._waiting) > CHUNK:  # what is left over may be the last chunk
            self._put(bytes(self._waiting[:CHUNK]), is_last=False)
            del self._waiting[:CHUNK]

    def close(self) -> None:
        self._put(bytes(self._waiting), is_last=True)

    def _put(self, chunk: bytes, *, is_last: bool) -> None:
        self._target.write(self._cipher.encrypt(_nonce(self._number, is_last=is_last), chunk, None))
        self._number += 1


def read_header(source: IO[bytes]) -> Header:
    """The header, and `source` behind it. Raises NotLocked."""
    if source.read(len(MAGIC)) != MAGIC:
        raise NotLocked("it does not begin as a locked file does")
    line = source.readline(LONGEST_LINE)
    try:
        said = json.loads(line)
        header = Header(str(said["conversation"]), str(said["key"]), decoded(said["salt"]), int(said["chunk"]))
        usable = said["v"] == VERSION and 0 < header.chunk <= LARGEST_CHUNK
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
        raise NotLocked("its header can't be read") from None
    if not usable or header.to_bytes() != MAGIC + line:
        raise NotLocked("its header is of another version")
    return header


def unlocked(source: IO[bytes], header: Header, key: bytes) -> Iterator[bytes]:
    """What was locked, in pieces, from right behind the header. Raises Forged; what came before it was right."""
    cipher, number = header.opens_with(key), 0
    chunk = source.read(header.chunk + TAG)
    while True:
        following = source.read(header.chunk + TAG)
        try:
            yield cipher.decrypt(_nonce(number, is_last=not following), chunk, None)
        except InvalidTag:
            raise Forged(f"chunk {number} is not what was written, or the key is another one") from None
        if not following:
            return
        chunk, number = following, number + 1


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])
