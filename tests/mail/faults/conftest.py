from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.mail.conftest import REAL
from tests.mail.faults.nursery import Nursery
from tests.mail.oracle import search_text


@pytest.fixture(scope="module")
def nursery(django_db_setup: None) -> Iterator[Nursery]:
    """Children work on the tests' own database: use it in tests whose rows are committed (transactional_db)."""
    with Nursery() as nursery:
        yield nursery
        assert not search_text(nursery.errors, REAL)
