"""The whole log as it is handed out: each entry and each head, changed in every way that somebody might try."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import IO, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.transcripts.proof.making import PRIVATE
from transcripts.proof import bundle, keys, merkle
from transcripts.proof.canonical import canonical
from transcripts.proof.heads import Head, SignedHead, signed
from transcripts.verify.log import Frontier, check_log
from transcripts.verify.report import Broken, Report
from transcripts.verify.sources import Source
from transcripts.verify.trust import Trust

pytestmark = pytest.mark.once
KEYS = [keys.introduced(keys.public_of(PRIVATE), "2026-01-01")]


def leaf(index: int, **more: Any) -> bytes:
    return canonical({"body": {"n": index, **more}, "index": index, "kind": "hold.created", "v": 1})


def line(data: bytes) -> bytes:
    return canonical({"hash": merkle.leaf_hash(data).hex(), "leaf": json.loads(data)}) + b"\n"


def head(leaves: list[bytes], size: int, private: bytes = PRIVATE) -> SignedHead:
    nodes = merkle.nodes_of([merkle.leaf_hash(each) for each in leaves[:size]])
    return signed(Head(size, merkle.root(size, nodes).hex(), f"2026-11-{size + 1:02}", KEYS[0].key), private)


class Log(Source):
    """Leaves and heads in memory."""

    def __init__(self, count: int, heads: list[int]) -> None:
        self.leaves = [leaf(index) for index in range(count)]
        self.lines = [line(each) for each in self.leaves]
        self.heads = [head(self.leaves, size).to_bytes() + b"\n" for size in heads]
        self.last = head(self.leaves, count)

    def names(self) -> set[str]:
        return {bundle.LEAVES, bundle.HEADS}

    def open(self, name: str) -> IO[bytes]:
        return io.BytesIO(b"".join(self.lines if name == bundle.LEAVES else self.heads))

    def check(self, known: SignedHead | None = None) -> Report:
        report = Report()
        check_log(self, KEYS, self.last, Trust(head=known), report)
        return report


@given(st.lists(st.binary(min_size=1, max_size=4), max_size=40))
def test_the_root_of_a_log_that_grows_is_that_of_the_tree(leaves: list[bytes]) -> None:
    grown, hashes = Frontier(), [merkle.leaf_hash(each) for each in leaves]
    for size, each in enumerate(hashes):
        assert grown.root() == merkle.root(size, merkle.nodes_of(hashes[:size])).hex()
        grown.add(each)
    assert grown.root() == merkle.root(len(hashes), merkle.nodes_of(hashes)).hex()
    assert len(grown.hashes) == len(hashes).bit_count()


@pytest.mark.parametrize(("count", "heads"), [(0, []), (0, [0]), (1, [0, 1]), (9, [1, 4, 4, 7, 8, 9]), (33, [32])])
def test_a_whole_log_is_whole(count: int, heads: list[int]) -> None:
    assert Log(count, heads).check().leaves == count


def changed(log: Log) -> None:
    log.lines[4] = line(leaf(4, more=1))


def changed_without_its_hash(log: Log) -> None:
    log.lines[4] = log.lines[4].replace(b'"n":4', b'"n":5')


def swapped(log: Log) -> None:
    log.lines[4], log.lines[5] = log.lines[5], log.lines[4]


def left_out(log: Log) -> None:
    del log.lines[4]


def doubled(log: Log) -> None:
    log.lines.insert(4, log.lines[4])


def cut_off(log: Log) -> None:
    del log.lines[7:]


def gone(log: Log) -> None:
    log.lines.clear()


def gone_on(log: Log) -> None:
    log.lines.append(line(leaf(9)))


def spaced(log: Log) -> None:
    log.lines[4] = log.lines[4].replace(b":", b": ", 1)


def no_entry(log: Log) -> None:
    log.lines[4] = b"[]\n"


def without_an_end(log: Log) -> None:
    log.lines[-1] = log.lines[-1].rstrip(b"\n")


def numbered_as_text(log: Log) -> None:
    value = json.loads(leaf(4)) | {"index": "4"}
    log.lines[4] = line(canonical(value))


def foreign_head(log: Log) -> None:
    log.heads[1] = head(log.leaves, 4, bytes(32)).to_bytes() + b"\n"


def head_over_another(log: Log) -> None:
    log.heads[1] = head([leaf(index, more=1) for index in range(9)], 4).to_bytes() + b"\n"


def heads_backwards(log: Log) -> None:
    log.heads.reverse()


def no_head(log: Log) -> None:
    log.heads[0] = b"{}\n"


def longer_head(log: Log) -> None:
    log.heads.append(head([leaf(index) for index in range(12)], 12).to_bytes() + b"\n")


CHANGES: list[Callable[[Log], None]] = [
    changed,
    changed_without_its_hash,
    swapped,
    left_out,
    doubled,
    cut_off,
    gone,
    gone_on,
    spaced,
    no_entry,
    without_an_end,
    numbered_as_text,
    foreign_head,
    head_over_another,
    heads_backwards,
    no_head,
    longer_head,
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda each: each.__name__)
def test_c07_a_log_that_was_changed_is_found(change: Callable[[Log], None]) -> None:
    log = Log(9, [1, 4, 8])
    change(log)
    with pytest.raises(Broken) as found:
        log.check()
    assert found.value.fault.path in (bundle.LEAVES, bundle.HEADS)


@pytest.mark.parametrize("size", range(10))
def test_a_head_that_was_kept_fits_wherever_it_is_from(size: int) -> None:
    log = Log(9, [1, 4, 8])
    assert log.check(head(log.leaves, size)).is_whole


@pytest.mark.parametrize("size", range(1, 10))
def test_c07_a_log_written_anew_does_not_fit_a_head_that_was_kept(size: int) -> None:
    """Whoever has the key can sign another log; not one whose earlier heads fit."""
    log = Log(9, [])
    with pytest.raises(Broken):
        log.check(head([leaf(0, more="what somebody wants gone"), *log.leaves[1:]], size))


@given(st.integers(0, 2**20), st.integers(0, 7))
def test_a_flipped_bit_in_the_entries_is_found(place: int, bit: int) -> None:
    log = Log(5, [2])
    raw = bytearray(b"".join(log.lines))
    raw[place % len(raw)] ^= 1 << bit
    log.lines = [bytes(raw)]
    with pytest.raises(Broken):
        log.check()
