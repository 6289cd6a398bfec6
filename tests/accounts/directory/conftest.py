from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from accounts.models import Directory
from tests.accounts.directory.corp import Corp, mapped
from tests.services.openldap import OpenLdap


@pytest.fixture(scope="session")
def openldap() -> Iterator[OpenLdap]:
    with OpenLdap() as server:
        yield server


@pytest.fixture
def own_openldap() -> Iterator[OpenLdap]:
    """A server that the test may stop."""
    with OpenLdap() as server:
        yield server


@pytest.fixture
def corp(openldap: OpenLdap) -> Corp:
    return Corp(openldap)


@dataclass
class Scene:
    corp: Corp
    directory: Directory
    ann: str
    desk: str


def make_scene(server: OpenLdap) -> Scene:
    corp = Corp(server)
    directory = corp.directory()
    ann = corp.person("ann")
    desk = corp.group("desk", ann)
    mapped(directory, desk)
    return Scene(corp, directory, ann, desk)


@pytest.fixture
def scene(openldap: OpenLdap, db: None) -> Scene:
    """ann is in the group `desk`, whose members are Operators."""
    return make_scene(openldap)


@pytest.fixture
def own_scene(own_openldap: OpenLdap, db: None) -> Scene:
    return make_scene(own_openldap)
