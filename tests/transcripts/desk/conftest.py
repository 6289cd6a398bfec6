from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import User
from tests.factories import Cast
from tests.transcripts.browsers import comes_in
from tests.transcripts.desk.everything import Everything, make_everything
from transcripts.models import Matter


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
