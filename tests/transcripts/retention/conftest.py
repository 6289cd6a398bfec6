from __future__ import annotations

from collections.abc import Collection, Iterator

import pytest

from accounts.models import User
from tests.factories import make_compliance
from transcripts import holds


class Court:
    """Holds of the tests: whom it names can't be destroyed."""

    def __init__(self) -> None:
        self.holds: set[int] = set()
        self.asked = 0

    def __call__(self, ids: Collection[int]) -> dict[int, list[str]]:
        self.asked += 1
        return {number: ["Smith v. Desk"] for number in ids if number in self.holds}


@pytest.fixture
def court() -> Iterator[Court]:
    court = Court()
    holds.add_source(court)
    yield court
    holds._sources.remove(court)


@pytest.fixture
def carl(db: None) -> User:
    return make_compliance("carl")
