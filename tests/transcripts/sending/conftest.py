from __future__ import annotations

from collections.abc import Iterator

import pytest

from chatdesk.actions.files import pace


@pytest.fixture(autouse=True)
def nobody_was_too_quick() -> Iterator[None]:
    """Rows begin at 1 in each test: whoever has that number must not wait for what another test has sent."""
    pace._buckets.clear()
    yield
    pace._buckets.clear()
