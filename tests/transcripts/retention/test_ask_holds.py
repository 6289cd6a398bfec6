from __future__ import annotations

from collections.abc import Collection, Iterator

import pytest

from transcripts import holds


@pytest.fixture(autouse=True)
def no_sources() -> Iterator[None]:
    before = list(holds._sources)
    holds._sources.clear()
    yield
    holds._sources[:] = before


def court(ids: Collection[int]) -> dict[int, list[str]]:
    return {number: ["Smith v. Desk"] for number in ids if number % 2}


def test_nobody_holds_anything_at_first() -> None:
    assert holds.held([1, 2]) == {}


def test_all_sources_are_asked_and_none_twice() -> None:
    holds.add_source(court)
    holds.add_source(court)
    holds.add_source(lambda ids: {number: ["Audit"] for number in ids if number == 1})
    holds.add_source(lambda ids: {number: [] for number in ids})
    assert holds.held([1, 2, 3]) == {1: ["Smith v. Desk", "Audit"], 3: ["Smith v. Desk"]}


def test_a_source_that_fails_frees_nothing() -> None:
    def away(ids: Collection[int]) -> dict[int, list[str]]:
        raise ConnectionError

    holds.add_source(away)
    with pytest.raises(ConnectionError):
        holds.held([1])
