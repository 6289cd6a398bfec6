"""The locked file: read with its key alone, and with not one bit changed, moved or cut off."""

from __future__ import annotations

import io
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcripts.proof.locked import (
    CHUNK,
    MAGIC,
    TAG,
    Forged,
    LockedWriter,
    NotLocked,
    name_of,
    new_key,
    read_header,
    unlocked,
)

pytestmark = pytest.mark.once
KEY = bytes(range(32))
REF = "abcdefghijklmnopqrstuv"


def locked(data: bytes, *, piece: int = 10_000, key: bytes = KEY) -> bytes:
    target = io.BytesIO()
    writer = LockedWriter(target, key, REF)
    for start in range(0, len(data), piece):
        writer.write(data[start : start + piece])
    writer.close()
    return target.getvalue()


def opened(data: bytes, key: bytes = KEY) -> bytes:
    file = io.BytesIO(data)
    return b"".join(unlocked(file, read_header(file), key))


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 7])
@pytest.mark.parametrize("piece", [1 << 20, 4097])
def test_comes_back_as_it_was(size: int, piece: int) -> None:
    data = random.Random(size).randbytes(size)
    assert opened(locked(data, piece=piece)) == data


@given(st.binary(max_size=500), st.integers(1, 100))
def test_anything_in_any_pieces(data: bytes, piece: int) -> None:
    assert opened(locked(data, piece=piece)) == data


def test_every_file_is_encrypted_anew() -> None:
    """Two of the same words under the same key share nothing behind the header."""
    one, two = locked(b"a" * 1000), locked(b"a" * 1000)
    assert one != two
    assert one[-1016:-16] != two[-1016:-16]
    assert b"aaaa" not in one


def test_the_header_says_whose_it_is_and_no_more() -> None:
    header = read_header(io.BytesIO(locked(b"words")))
    assert (header.conversation, header.key, len(header.salt)) == (REF, name_of(KEY), 32)
    assert KEY.hex() not in header.to_bytes().decode()


def test_another_key_opens_nothing() -> None:
    with pytest.raises(Forged):
        opened(locked(b"words"), new_key())


def test_every_flipped_bit_is_found() -> None:
    data = random.Random(7).randbytes(300)
    whole = locked(data)
    for place in range(len(whole)):
        changed = bytearray(whole)
        changed[place] ^= 1 << (place % 8)
        with pytest.raises((Forged, NotLocked)):
            opened(bytes(changed))


def test_chunks_left_out_moved_doubled_or_cut_off() -> None:
    whole = locked(random.Random(8).randbytes(3 * CHUNK + 50))
    start = len(whole) - 3 * (CHUNK + TAG) - 50 - TAG
    head, body, size = whole[:start], whole[start:], CHUNK + TAG
    chunks = [body[at : at + size] for at in range(0, len(body), size)]
    assert len(chunks) == 4
    wrong = [chunks[:3], chunks[1:], [chunks[1], chunks[0], *chunks[2:]], [chunks[0], *chunks], [chunks[3]], []]
    for each in [*wrong, [*chunks, b"x"], [*chunks[:3], chunks[3][:-1]]]:
        with pytest.raises(Forged):
            opened(head + b"".join(each))
    assert len(opened(head + b"".join(chunks))) == 3 * CHUNK + 50


def test_a_chunk_of_another_file_of_the_same_key() -> None:
    one, two = locked(b"a" * 100), locked(b"b" * 100)
    with pytest.raises(Forged):
        opened(one[:-116] + two[-116:])


@pytest.mark.parametrize(
    "start",
    [
        b"",
        b"PK\x03\x04",
        MAGIC,
        MAGIC + b"{}\n",
        MAGIC + b"[]\n",
        MAGIC + b"[" * 990 + b"\n",
        MAGIC + b'{"chunk":65536,"conversation":"x","key":"k","salt":"AA","v":2}\n',
        MAGIC + b'{"chunk":0,"conversation":"x","key":"k","salt":"AA","v":1}\n',
        MAGIC + b'{"chunk":99999999999,"conversation":"x","key":"k","salt":"AA","v":1}\n',
        MAGIC + b'{"chunk":1e999,"conversation":"x","key":"k","salt":"AA","v":1}\n',
        MAGIC + b'{"chunk":65536,"conversation":"x","key":"k","salt":"\xc3\xa4","v":1}\n',
        MAGIC + b'{"chunk":65536,"conversation":5,"key":"k","salt":"AA","v":1}\n',
        MAGIC + b'{"chunk":65536, "conversation":"x","key":"k","salt":"AA","v":1}\n',
        MAGIC.replace(b"1", b"2") + b"{}\n",
        MAGIC + b"x" * 5000,
    ],
)
def test_what_is_no_locked_file(start: bytes) -> None:
    with pytest.raises(NotLocked):
        read_header(io.BytesIO(start))


@given(st.binary(max_size=200))
def test_any_bytes_are_refused_and_nothing_worse(data: bytes) -> None:
    with pytest.raises(NotLocked):
        read_header(io.BytesIO(MAGIC + data))


class Counting:
    """Keeps nothing but how much came, and how much at once."""

    def __init__(self) -> None:
        self.total = self.most = 0

    def write(self, data: bytes) -> None:
        self.total += len(data)
        self.most = max(self.most, len(data))


def test_memory_does_not_grow() -> None:
    counting = Counting()
    writer = LockedWriter(counting, KEY, REF)
    for _piece in range(160):
        writer.write(bytes(100_000))
    writer.close()
    assert counting.total > 16_000_000
    assert counting.most == CHUNK + TAG
    assert len(writer._waiting) <= CHUNK
