from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from tests.factories import Cast, make_cast, make_compliance
from tests.transcripts.browsers import comes_in
from tests.transcripts.retention.stage import MARKER
from transcripts.actions.requesting import choosing, gate, opening, proving
from transcripts.actions.requesting.opening import Asked
from transcripts.models import Matter, Purpose, RequestIdentity, SubjectRequest

Kind = SubjectRequest.Kind
By = RequestIdentity.Kind
Takes = Callable[..., SubjectRequest]
Stage = tuple[Cast, User, Purpose]


@pytest.fixture
def cora(db: None) -> User:
    return make_compliance("cora")


@pytest.fixture
def carl(db: None) -> User:
    return make_compliance("carl")


@pytest.fixture
def matter(cora: User) -> Matter:
    return Matter.objects.create(number="2026-020", name="Requests", created_by=cora)


@pytest.fixture
def purpose(cora: User, matter: Matter) -> Purpose:
    return Purpose.objects.create(user=cora, session="s", matter=matter)


@pytest.fixture
def desk(cora: User, matter: Matter) -> Client:
    return comes_in(cora, matter)


@pytest.fixture
def takes(cora: User, purpose: Purpose) -> Takes:
    """`takes(Kind.ERASURE, (By.EMAIL, "v@x.example"))`: a request of that kind, received so many days ago."""

    def take(kind: Kind, *given: tuple[str, str], days_ago: int = 0, words: str = "") -> SubjectRequest:
        received = gate.today() - timedelta(days=days_ago)
        return opening.take(cora, purpose, Asked(kind, "mail", received, given, words))

    return take


@pytest.fixture
def ready(takes: Takes, cora: User, purpose: Purpose) -> Takes:
    """The same, with the person known and the scope confirmed: all that is ticked."""

    def take(kind: Kind, *given: tuple[str, str], days_ago: int = 0) -> SubjectRequest:
        request = takes(kind, *given, days_ago=days_ago)
        proving.prove(cora, purpose, request.pk, "call")
        assert choosing.confirm(cora, purpose, request.pk)
        request.refresh_from_db()
        return request

    return take


def later(days: float) -> datetime:
    return timezone.now() + timedelta(days=days)


@pytest.fixture
def stage(transactional_db: None) -> Stage:
    """For those who come at once, or are killed: everybody sees what the others committed."""
    cast, cora = make_cast(), make_compliance("cora")
    matter = Matter.objects.create(number="2026-020", name="Requests", created_by=cora)
    return cast, cora, Purpose.objects.create(user=cora, session="s", matter=matter)


def erasure(cora: User, purpose: Purpose) -> SubjectRequest:
    """A request for erasure by the marked address, up to its confirmed scope."""
    given = [(By.EMAIL.value, f"{MARKER}@visitor.example")]
    request = opening.take(cora, purpose, Asked(Kind.ERASURE, "mail", gate.today(), given))
    proving.prove(cora, purpose, request.pk, "call")
    assert choosing.confirm(cora, purpose, request.pk)
    return request
