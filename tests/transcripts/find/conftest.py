from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import User
from tests.factories import make_compliance


@pytest.fixture
def cora(db: None) -> User:
    return make_compliance()


@pytest.fixture
def browser(cora: User) -> Client:
    """Cora's, who said what she reads for."""
    client = Client()
    client.force_login(cora, backend="accounts.backends.UserTypeBackend")
    client.post("/transcripts/purpose/", {"reason": "review of May"})
    return client
