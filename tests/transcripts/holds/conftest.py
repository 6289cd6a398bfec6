from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from tests.transcripts.browsers import comes_in
from transcripts.actions import holding
from transcripts.models import LegalHold, Matter, Purpose

Places = Callable[..., LegalHold]


@pytest.fixture
def purpose(cora: User, matter: Matter) -> Purpose:
    return Purpose.objects.create(user=cora, session="s", matter=matter)


@pytest.fixture
def places(cora: User, purpose: Purpose, matter: Matter) -> Places:
    """`places("group:sales", "visitor:v@x.example")`: a hold that is in force."""

    def place(*lines: str, name: str = "The coats") -> LegalHold:
        scopes = holding.scopes_of("\n".join(lines))
        return holding.place(cora, purpose, matter.pk, name=name, scopes=scopes, reason="a letter from a lawyer")

    return place


@pytest.fixture
def browser(cora: User, matter: Matter) -> Client:
    return comes_in(cora, matter)
