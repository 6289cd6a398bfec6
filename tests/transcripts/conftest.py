from __future__ import annotations

import pytest

from accounts.models import User
from tests.factories import make_compliance
from transcripts.models import Matter


@pytest.fixture
def cora(db: None) -> User:
    return make_compliance()


@pytest.fixture
def carl(db: None) -> User:
    return make_compliance("carl")


@pytest.fixture
def matter(cora: User) -> Matter:
    return Matter.objects.create(number="2026-014", name="Smith", created_by=cora)
