from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.accounts.conftest import half_minute_that_lasts as half_minute_that_lasts
from tests.accounts.directory.conftest import openldap as openldap
from tests.accounts.directory.conftest import scene as scene
from tests.sockets import Sockets, running_sockets


@pytest_asyncio.fixture
async def sockets(transactional_db: None) -> AsyncIterator[Sockets]:
    async with running_sockets() as sockets:
        yield sockets
