from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import User
from tests.factories import Cast, make_compliance
from tests.transcripts.desk.everything import Everything, comes_in, make_everything
from transcripts.models import Matter


@pytest.fixture
def cora(db: None) -> User:
    return make_compliance("cora")


@pytest.fixture
def carl(db: None) -> User:
    return make_compliance("carl")


@pytest.fixture
def matter(cora: User) -> Matter:
    return Matter.objects.create(number="2026-014", name="Smith", created_by=cora)


@pytest.fixture
def desk(cora: User, matter: Matter) -> Client:
    """Cora's browser; she reads for the matter."""
    return comes_in(cora, matter)


@pytest.fixture
def other(carl: User, matter: Matter) -> Client:
    """Carl's, for the same matter."""
    return comes_in(carl, matter)


@pytest.fixture
def everything(cast: Cast, cora: User, desk: Client, matter: Matter) -> Everything:
    """One of each thing that a page of the compliance desk shows."""
    return make_everything(cast, cora, desk, matter)
