from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.production.line import sign_in
from tests.services.production import Production


@pytest.fixture(scope="module")
def layout() -> Iterator[Production]:
    """PostgreSQL, Redis, a web process under daphne, another under uvicorn, a worker and beat."""
    with Production(("daphne", "uvicorn")) as running:
        yield running


@pytest.fixture(scope="module")
def alice(layout: Production) -> str:
    """alice's session: the Cookie header of an operator of Sales."""
    return sign_in(layout.urls[0], "alice@desk.example", layout.password)
