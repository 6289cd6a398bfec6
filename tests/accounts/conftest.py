from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.cache import cache
from django.test import Client

from accounts.models import User
from tests.accounts.people import signed_in
from tests.factories import Cast


@pytest.fixture
def desk(cast: Cast, ada: User) -> Client:
    """The admin's browser, at the settings pages."""
    return signed_in(ada)


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2 as ever, but quick: most tests here sign somebody in."""
    for cost, value in {"time_cost": 1, "memory_cost": 8, "parallelism": 1}.items():
        monkeypatch.setattr(Argon2PasswordHasher, cost, value)


@pytest.fixture(autouse=True)
def empty_cache() -> Iterator[None]:
    yield
    cache.clear()
