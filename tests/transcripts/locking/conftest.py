from __future__ import annotations

import shutil
from collections.abc import Iterator
from uuid import uuid4

import pytest

from accounts.models import User
from tests.factories import make_compliance
from tests.services.s3 import S3
from tests.transcripts.locking.stage import PLAIN, make_bucket
from transcripts.actions.locking.places import folder
from transcripts.models import Bucket


@pytest.fixture(scope="session")
def server() -> Iterator[S3]:
    """One storage for all tests of locked copies."""
    with S3() as server:
        server.client.create_bucket(Bucket=PLAIN)
        yield server


@pytest.fixture
def bucket(server: S3, db: None) -> Bucket:
    """A bucket with Object Lock of the test's own."""
    name = f"locking-{uuid4().hex[:12]}"
    server.client.create_bucket(Bucket=name, ObjectLockEnabledForBucket=True)
    return make_bucket(server, name)


@pytest.fixture(autouse=True)
def empty_folder() -> None:
    shutil.rmtree(folder(), ignore_errors=True)


@pytest.fixture
def cora(db: None) -> User:
    return make_compliance("cora")


@pytest.fixture
def target(server: S3, db: None) -> Bucket:
    """A plain bucket of the test's own, to which exports may go."""
    name = f"exports-{uuid4().hex[:12]}"
    server.client.create_bucket(Bucket=name)
    return make_bucket(server, name, for_exports=True)
