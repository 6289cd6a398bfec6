from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from accounts.models import User
from tests.factories import Cast, make_supervisor
from tests.sockets import Sockets, running_sockets


@pytest_asyncio.fixture
async def sockets(transactional_db: None) -> AsyncIterator[Sockets]:
    async with running_sockets() as sockets:
        yield sockets


@pytest.fixture
def sam(cast: Cast) -> User:
    """A supervisor, who sees and answers everything."""
    return make_supervisor("sam")
