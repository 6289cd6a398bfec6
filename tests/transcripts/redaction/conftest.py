from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import User
from tests.transcripts.browsers import comes_in
from tests.transcripts.redaction.marking import reason
from transcripts.models import Matter, Purpose, RedactionReason


@pytest.fixture
def purpose(cora: User, matter: Matter) -> Purpose:
    return Purpose.objects.create(user=cora, session="s", matter=matter)


@pytest.fixture
def privacy(db: None) -> RedactionReason:
    return reason()


@pytest.fixture
def browser(cora: User, matter: Matter, privacy: RedactionReason) -> Client:
    return comes_in(cora, matter)
