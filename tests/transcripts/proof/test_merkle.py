"""RFC 9162, 2.1: its definition written out beside the quick one, every size to 64, and the vectors of CT."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcripts.proof import merkle
from transcripts.proof.merkle import leaf_hash, node_hash, nodes_of

pytestmark = pytest.mark.once

# The leaves of the certificate transparency project's own tests, and the roots over the first n of them.
CT = [bytes.fromhex(each) for each in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657")]
CT += [bytes.fromhex("606162636465666768696a6b6c6d6e6f")]
CT_ROOTS = {
    0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}
SIZES = range(1, 65)
LEAVES = [leaf_hash(bytes([number])) for number in range(64)]
NODES = nodes_of(LEAVES)


def as_defined(leaves: list[bytes]) -> bytes:
    """RFC 9162, 2.1.1, word for word."""
    if len(leaves) == 1:
        return leaves[0]
    middle = 1
    while middle * 2 < len(leaves):
        middle *= 2
    return node_hash(as_defined(leaves[:middle]), as_defined(leaves[middle:]))


ROOTS = {size: as_defined(LEAVES[:size]) for size in SIZES}


@pytest.mark.parametrize(("size", "root"), CT_ROOTS.items())
def test_the_roots_of_certificate_transparency(size: int, root: str) -> None:
    assert merkle.root(size, nodes_of([leaf_hash(each) for each in CT])).hex() == root


def test_leaves_and_nodes_can_not_be_mistaken_for_each_other() -> None:
    left, right = leaf_hash(b"a"), leaf_hash(b"b")
    assert leaf_hash(left + right) != node_hash(left, right)
    assert leaf_hash(b"a") == hashlib.sha256(b"\x00a").digest()


def test_roots_are_as_defined() -> None:
    assert {size: merkle.root(size, NODES) for size in SIZES} == ROOTS


def test_every_leaf_is_proved_in_every_size() -> None:
    for size in SIZES:
        for index in range(size):
            path = merkle.inclusion_proof(index, size, NODES)
            assert merkle.verify_inclusion(LEAVES[index], index, size, path, ROOTS[size])
            assert len(path) <= (size - 1).bit_length()


def test_every_size_is_proved_to_begin_with_every_smaller_one() -> None:
    for size in SIZES:
        for old in range(1, size + 1):
            path = merkle.consistency_proof(old, size, NODES)
            assert merkle.verify_consistency(old, size, path, ROOTS[old], ROOTS[size])


@given(st.data())
def test_no_other_leaf_place_path_or_root_is_proved(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 64))
    index = data.draw(st.integers(0, size - 1))
    path, root = merkle.inclusion_proof(index, size, NODES), ROOTS[size]
    other = data.draw(st.integers(0, 63).filter(lambda each: each != index))
    assert not merkle.verify_inclusion(LEAVES[other], index, size, path, root)
    assert not merkle.verify_inclusion(LEAVES[index], other, size, path, root)
    assert not merkle.verify_inclusion(LEAVES[index], index, size, [*path, bytes(32)], root)
    assert not merkle.verify_inclusion(LEAVES[index], index, size, path, bytes(32))
    for place in range(len(path)):
        assert not merkle.verify_inclusion(LEAVES[index], index, size, path[:place] + path[place + 1 :], root)
        broken = [*path[:place], hashlib.sha256(path[place]).digest(), *path[place + 1 :]]
        assert not merkle.verify_inclusion(LEAVES[index], index, size, broken, root)


@given(st.data())
def test_a_log_that_was_written_anew_is_not_consistent(data: st.DataObject) -> None:
    size = data.draw(st.integers(2, 64))
    old = data.draw(st.integers(1, size))
    changed = data.draw(st.integers(0, old - 1))
    anew = nodes_of([*LEAVES[:changed], leaf_hash(b"another"), *LEAVES[changed + 1 : size]])
    path, root = merkle.consistency_proof(old, size, anew), merkle.root(size, anew)
    assert not merkle.verify_consistency(old, size, path, ROOTS[old], root)
    assert not merkle.verify_consistency(old, size, path[:-1], ROOTS[old], ROOTS[size]) or old == size
    assert not merkle.verify_consistency(old, size, [*path, bytes(32)], ROOTS[old], ROOTS[size])


@pytest.mark.parametrize(("old", "size"), [(0, 5), (6, 5), (-1, 5)])
def test_sizes_that_can_not_be_are_refused(old: int, size: int) -> None:
    assert not merkle.verify_consistency(old, size, [], bytes(32), bytes(32))
    with pytest.raises(ValueError, match="can't have come before"):
        merkle.consistency_proof(old, size, NODES)


def test_a_leaf_that_is_not_there_has_no_proof() -> None:
    assert not merkle.verify_inclusion(LEAVES[0], 5, 5, [], LEAVES[0])
    with pytest.raises(ValueError, match="no leaf 5 among 5"):
        merkle.inclusion_proof(5, 5, NODES)


@given(st.lists(st.integers(0, 9), max_size=6))
def test_growing_in_steps_makes_the_same_nodes_as_at_once(steps: list[int]) -> None:
    known: dict[merkle.Place, bytes] = {}
    size = 0
    for step in steps:
        known |= merkle.grown(size, LEAVES[size : size + step], lambda *place: known[place])  # noqa: B023 - used at once
        size += step
    assert known == merkle.grown(0, LEAVES[:size], NODES)
    assert not size or merkle.root(size, NODES) == ROOTS[size]
