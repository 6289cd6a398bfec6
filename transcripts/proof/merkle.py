"""The Merkle tree of a log that only grows (RFC 9162, 2.1), over any store of its complete subtrees.

A subtree of 2**level leaves that begins at leaf position * 2**level is the node (level, position); it never changes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence

Place = tuple[int, int]  # level, position
Range = tuple[int, int]  # first leaf, the one after the last
Nodes = Callable[[int, int], bytes]

EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def fold(hashes: Sequence[bytes]) -> bytes:
    """The root over complete subtrees that get smaller to the right. Raises IndexError for none."""
    whole = hashes[-1]
    for left in reversed(hashes[:-1]):
        whole = node_hash(left, whole)
    return whole


def cover(start: int, end: int) -> list[Place]:
    """The complete subtrees of the leaves from `start` to before `end`, from left to right: at most one per level."""
    places = []
    while start < end:
        fits = (end - start).bit_length() - 1
        level = min(fits, (start & -start).bit_length() - 1) if start else fits
        places.append((level, start >> level))
        start += 1 << level
    return places


def siblings(index: int, size: int) -> list[Range]:
    """The ranges whose hashes lead from the leaf to the root of `size` leaves, from the leaf upwards."""
    if not 0 <= index < size:
        raise ValueError(f"there is no leaf {index} among {size}")
    start, end, found = 0, size, []
    while end - start > 1:
        middle = start + _left(end - start)
        if index < middle:
            found.append((middle, end))
            end = middle
        else:
            found.append((start, middle))
            start = middle
    return found[::-1]


def between(old: int, size: int) -> list[Range]:
    """The ranges whose hashes show that `size` leaves begin with the same `old` ones (RFC 9162, 2.1.4.1)."""
    if not 0 < old <= size:
        raise ValueError(f"{old} leaves can't have come before {size}")
    start, end, found = 0, size, []
    while old != end:
        middle = start + _left(end - start)
        if old <= middle:
            found.append((middle, end))
            end = middle
        else:
            found.append((start, middle))
            start = middle
    return [*([(start, end)] if start else []), *found[::-1]]


def _left(size: int) -> int:
    """The largest power of two that is smaller than `size`."""
    return 1 << ((size - 1).bit_length() - 1)


def range_hash(piece: Range, node: Nodes) -> bytes:
    return fold([node(*place) for place in cover(*piece)])


def root(size: int, node: Nodes) -> bytes:
    return range_hash((0, size), node) if size else EMPTY_ROOT


def inclusion_proof(index: int, size: int, node: Nodes) -> list[bytes]:
    """The hashes that `verify_inclusion` asks for. Raises ValueError if there is no such leaf."""
    return [range_hash(piece, node) for piece in siblings(index, size)]


def consistency_proof(old: int, size: int, node: Nodes) -> list[bytes]:
    """The hashes that `verify_consistency` asks for. Raises ValueError if `old` is not within 1 and `size`."""
    return [range_hash(piece, node) for piece in between(old, size)]


def grown(size: int, leaves: Iterable[bytes], node: Nodes) -> dict[Place, bytes]:
    """The nodes that become complete when leaves of these hashes come after the first `size`, the leaves too."""
    made: dict[Place, bytes] = {}
    for position, leaf in enumerate(leaves, size):
        level, here = 0, leaf
        made[level, position] = here
        while position & 1:
            left = made.get((level, position - 1)) or node(level, position - 1)
            level, position, here = level + 1, position >> 1, node_hash(left, here)  # noqa: PLW2901 - climbs
            made[level, position] = here
    return made


def nodes_of(leaves: Sequence[bytes]) -> Nodes:
    """All nodes over these leaf hashes, in memory."""
    made = grown(0, leaves, _nowhere)
    return lambda level, position: made[level, position]


def _nowhere(level: int, position: int) -> bytes:
    raise KeyError((level, position))


def verify_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether the path leads from the leaf hash to the root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    here, last, value = index, size - 1, leaf
    for step in path:
        if last == 0:
            return False
        if here & 1 or here == last:
            value = node_hash(step, value)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            value = node_hash(value, step)
        here, last = here >> 1, last >> 1
    return last == 0 and value == root


def verify_consistency(old: int, size: int, path: Sequence[bytes], old_root: bytes, root: bytes) -> bool:
    """Whether the tree of `size` leaves begins with the one of `old` (RFC 9162, 2.1.4.2)."""
    if not 0 < old <= size:
        return False
    if old == size:
        return not path and old_root == root
    steps = [old_root, *path] if old & (old - 1) == 0 else list(path)
    if not steps:
        return False
    here, last = old - 1, size - 1
    while here & 1:
        here, last = here >> 1, last >> 1
    first = second = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if here & 1 or here == last:
            first, second = node_hash(step, first), node_hash(step, second)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            second = node_hash(second, step)
        here, last = here >> 1, last >> 1
    return last == 0 and first == old_root and second == root
