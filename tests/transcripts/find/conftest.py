from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import User
from tests.transcripts.browsers import comes_in


@pytest.fixture
def browser(cora: User) -> Client:
    """Cora's, who said what she reads for."""
    return comes_in(cora)
