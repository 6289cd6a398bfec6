"""What a batch reads once instead of for each mail: settings that nobody changes within seconds."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

T = TypeVar("T")
SECONDS = 2.0


class _Memory(dict[Hashable, Any]):
    def __init__(self) -> None:
        super().__init__()
        self.until = time.monotonic() + SECONDS


_memory: ContextVar[_Memory | None] = ContextVar("memory", default=None)


@contextmanager
def remembering() -> Iterator[None]:
    """Inside, in this thread, what is asked for again is at most two seconds old."""
    token = _memory.set(_Memory())
    try:
        yield
    finally:
        _memory.reset(token)


def remembered(key: Hashable, make: Callable[[], T]) -> T:
    """What `make` answers, or answered for this key a moment ago. Outside of a batch always anew.

    A key begins with the function or class that it belongs to, so that no two users of it meet.
    """
    memory = _memory.get()
    if memory is None:
        return make()
    if time.monotonic() > memory.until:
        memory.clear()
        memory.until = time.monotonic() + SECONDS
    if key not in memory:
        memory[key] = make()
    found: T = memory[key]
    return found


def portions(sizes: Sequence[tuple[int, int]], most: int, most_bytes: int) -> Iterator[list[int]]:
    """Numbers of (number, bytes), in their order, so many at once; a larger one alone."""
    portion: list[int] = []
    held = 0
    for number, size in sizes:
        if portion and (len(portion) == most or held + size > most_bytes):
            yield portion
            portion, held = [], 0
        portion.append(number)
        held += size
    if portion:
        yield portion
