from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcripts.proof.chain import START, head_of, next_hash
from transcripts.proof.commitment import commitment, decoded, encoded, new_salt

pytestmark = pytest.mark.once


def test_a_hash_is_over_the_one_before_and_the_frame() -> None:
    first = hashlib.sha256(bytes(32) + hashlib.sha256(b"one").digest()).digest()
    assert next_hash(START, b"one") == first
    assert head_of([b"one", b"two"]) == hashlib.sha256(first + hashlib.sha256(b"two").digest()).digest()
    assert head_of([]) == START


@given(st.lists(st.binary(min_size=1), min_size=2, max_size=8, unique=True), st.data())
def test_changed_moved_and_missing_records_change_the_head(frames: list[bytes], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(frames) - 2))
    changed = [*frames[:place], frames[place] + b"!", *frames[place + 1 :]]
    moved = [*frames[:place], frames[place + 1], frames[place], *frames[place + 2 :]]
    missing = [*frames[:place], *frames[place + 1 :]]
    assert len({head_of(each) for each in (frames, changed, moved, missing)}) == 4


def test_a_commitment_is_over_the_salt_and_the_canonical_value() -> None:
    salt = bytes(range(16))
    raw = hashlib.sha256(salt + '{"a":"é"}'.encode()).digest()
    assert commitment(salt, {"a": "é"}) == encoded(raw)
    assert len(encoded(raw)) == 43
    assert decoded(encoded(raw)) == raw


def test_the_same_word_looks_different_each_time() -> None:
    assert commitment(new_salt(), "yes") != commitment(new_salt(), "yes")
    assert len(new_salt()) == 16


@pytest.mark.parametrize("text", ["AA=", "AB", "A", "A+", "é"])  # "AB": bits that stand for nothing are set
def test_what_was_never_written_so_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        decoded(text)
