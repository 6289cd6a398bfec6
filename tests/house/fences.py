"""The fences of the house, and whether the tree stands inside them: `python -m tests.house.fences`."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from statistics import median

from tests.house.source import APPS, Module, length, local_imports, modules, place, untyped

FILE_MEDIAN, FILE_MAX = 90, 400
FUNCTION_MEDIAN, FUNCTION_95TH, FUNCTION_MAX = 8, 35, 60
TYPED_PERCENT = 98
TEST_LINES_PER_SOURCE_LINE = 1.3


@dataclass(frozen=True)
class Fence:
    name: str
    found: float
    bound: float
    at_least: bool = False
    places: Sequence[str] = ()

    @property
    def holds(self) -> bool:
        return self.found >= self.bound if self.at_least else self.found <= self.bound

    def __str__(self) -> str:
        sign = ">=" if self.at_least else "<="
        verdict = "ok" if self.holds else "BROKEN"
        told = "" if self.holds else "".join(f"\n    {each}" for each in self.places)
        return f"{self.name:<34}{self.found:>8.4g}  {sign} {self.bound:<6g}{verdict}{told}"


def percentile(values: Sequence[int], share: float) -> int:
    """The smallest value that `share` of all values do not exceed; 0 of none."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * share) - 1)] if ordered else 0


def _file_fences(sources: Sequence[Module]) -> Iterator[Fence]:
    lines = {str(module.path): module.lines for module in sources}
    yield Fence("file lines, median", median(lines.values()), FILE_MEDIAN)
    longest = [f"{path} ({count})" for path, count in lines.items() if count > FILE_MAX]
    yield Fence("file lines, most", max(lines.values()), FILE_MAX, places=longest)


def _function_fences(sources: Sequence[Module]) -> Iterator[Fence]:
    lengths = {place(module, each): length(each) for module in sources for each in module.functions()}
    yield Fence("function lines, median", median(lengths.values()), FUNCTION_MEDIAN)
    yield Fence("function lines, 95th percentile", percentile([*lengths.values()], 0.95), FUNCTION_95TH)
    longest = [f"{name} ({count})" for name, count in lengths.items() if count > FUNCTION_MAX]
    yield Fence("function lines, most", max(lengths.values()), FUNCTION_MAX, places=longest)


def _all(sources: Sequence[Module], find: Callable[[Module], list[str]]) -> list[str]:
    return [*chain.from_iterable(map(find, sources))]


def _habit_fences(sources: Sequence[Module]) -> Iterator[Fence]:
    functions = sum(1 for module in sources for _ in module.functions())
    bare = _all(sources, untyped)
    yield Fence("functions typed, percent", 100 * (1 - len(bare) / functions), TYPED_PERCENT, True, bare)
    local = _all(sources, local_imports)
    yield Fence("imports inside a function", len(local), 0, places=local)


def _test_fences(sources: Sequence[Module], tests: Sequence[Module]) -> Iterator[Fence]:
    ratio = sum(module.lines for module in tests) / sum(module.lines for module in sources)
    yield Fence("test lines for each source line", ratio, TEST_LINES_PER_SOURCE_LINE, True)
    yield from (
        Fence(f"tests: {fence.name}", fence.found, fence.bound, fence.at_least, fence.places)
        for fence in [*_habit_fences(tests), [*_file_fences(tests)][1]]
    )


def fences() -> list[Fence]:
    sources, tests = modules(*APPS), modules("tests")
    return [
        *_file_fences(sources),
        *_function_fences(sources),
        *_habit_fences(sources),
        *_test_fences(sources, tests),
    ]


def main() -> int:
    built = fences()
    print("\n".join(map(str, built)))
    return 0 if all(fence.holds for fence in built) else 1


if __name__ == "__main__":
    sys.exit(main())
