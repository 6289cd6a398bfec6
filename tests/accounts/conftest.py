from __future__ import annotations

import time
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.cache import cache
from django.test import Client
from django_otp import oath
from django_otp.plugins.otp_totp import models as totp_models

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
def half_minute_that_lasts(monkeypatch: pytest.MonkeyPatch) -> None:
    """For authenticator apps each test begins in the middle of a code's half minute, and is over before the next."""
    ahead = 15 - time.time() % 30
    monkeypatch.setattr(oath, "time", lambda: time.time() + ahead)
    monkeypatch.setattr(totp_models, "time", SimpleNamespace(time=oath.time))


@pytest.fixture(autouse=True)
def empty_cache() -> Iterator[None]:
    yield
    cache.clear()
