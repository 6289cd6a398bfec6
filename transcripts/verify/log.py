"""Checks the whole log, when that is what was handed out: every leaf, and every head that was ever signed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from transcripts.proof import bundle as layout
from transcripts.proof.canonical import canonical
from transcripts.proof.heads import Head, SignedHead, is_genuine, read_head
from transcripts.proof.keys import PublicKey
from transcripts.proof.merkle import EMPTY_ROOT, fold, leaf_hash, node_hash
from transcripts.verify.report import MISSHAPEN, Broken, Fault, Report
from transcripts.verify.sources import Source, lines_of
from transcripts.verify.trust import Trust


class Frontier:
    """The root of a tree that grows leaf by leaf, from as many hashes as its size has bits."""

    def __init__(self) -> None:
        self.size = 0
        self.hashes: list[bytes] = []

    def add(self, leaf: bytes) -> None:
        for _ in range((~self.size & self.size + 1).bit_length() - 1):
            leaf = node_hash(self.hashes.pop(), leaf)
        self.hashes.append(leaf)
        self.size += 1

    def root(self) -> str:
        return (fold(self.hashes) if self.hashes else EMPTY_ROOT).hex()


def check_log(source: Source, keys: Sequence[PublicKey], head: SignedHead, trust: Trust, report: Report) -> None:
    """Raises Broken at the first leaf or head that is not as it was."""
    heads = _heads(source, keys, head, trust)
    grown = Frontier()
    upcoming = _past(heads, next(heads, None), grown)
    for raw in lines_of(source.blocks(layout.LEAVES)):
        grown.add(_leaf(raw, grown.size))
        report.leaves += 1
        upcoming = _past(heads, upcoming, grown)
    if upcoming or grown.size != head.head.size:
        raise Broken(Fault(f"the log ends at entry {grown.size}, before its newest head", layout.LEAVES))


def _past(heads: Iterator[Head], upcoming: Head | None, grown: Frontier) -> Head | None:
    """The next head after all those of this size, each compared with the entries so far."""
    while upcoming and upcoming.size == grown.size:
        if upcoming.root != grown.root():
            raise Broken(Fault(f"the head of {upcoming.at} is not over these entries", layout.LEAVES))
        upcoming = next(heads, None)
    return upcoming


def _leaf(raw: bytes, index: int) -> bytes:
    try:
        value = json.loads(raw)
        data = canonical(value["leaf"])
        if canonical(value) + b"\n" != raw or value["leaf"]["index"] != index:
            raise ValueError
        if leaf_hash(data).hex() != value["hash"]:
            raise ValueError
    except MISSHAPEN:
        fault = Fault(f"entry {index} of the log was changed, or another stands in its place", layout.LEAVES)
        raise Broken(fault) from None
    return leaf_hash(data)


def _heads(source: Source, keys: Sequence[PublicKey], last: SignedHead, trust: Trust) -> Iterator[Head]:
    """All heads by size, with the one that the person knows among them."""
    known = [trust.head.head] if trust.head else []
    for raw in lines_of(source.blocks(layout.HEADS)):
        try:
            head = read_head(raw)
        except ValueError:
            raise Broken(Fault("a head can't be read", layout.HEADS)) from None
        if not is_genuine(head, keys):
            raise Broken(Fault(f"the head of {head.head.at} was not signed by the desk", layout.HEADS))
        while known and known[0].size <= head.head.size:
            yield known.pop()
        yield head.head
    yield from known
    yield last.head
