from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.faults.desk import Desk

Tell = Callable[[str], None]


@pytest.fixture(scope="session")
def running_desk() -> Iterator[Desk]:
    """Two web processes of two makes, PostgreSQL, Redis, a worker and beat, behind a proxy that can break."""
    with Desk() as running:
        yield running


@pytest.fixture
def desk(running_desk: Desk) -> Iterator[Desk]:
    """Whatever a test broke in the network is mended for the next."""
    yield running_desk
    running_desk.proxy.lead_to()
    running_desk.proxy.cut()


@pytest.fixture
def tell(capsys: pytest.CaptureFixture[str]) -> Tell:
    """Print figures: they are what a run is for, so pytest must not keep them to itself."""

    def say(words: str) -> None:
        with capsys.disabled():
            print(f"\n{words}", flush=True)

    return say
