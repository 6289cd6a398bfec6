from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import User
from tests.factories import make_compliance
from tests.transcripts.redaction.marking import reason
from transcripts.models import Matter, Purpose, RedactionReason


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
def purpose(cora: User, matter: Matter) -> Purpose:
    return Purpose.objects.create(user=cora, session="s", matter=matter)


@pytest.fixture
def privacy(db: None) -> RedactionReason:
    return reason()


@pytest.fixture
def browser(cora: User, matter: Matter, privacy: RedactionReason) -> Client:
    client = Client()
    client.force_login(cora, backend="accounts.backends.UserTypeBackend")
    client.post("/transcripts/purpose/", {"matter": matter.pk})
    return client
