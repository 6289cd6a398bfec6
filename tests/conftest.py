"""The cast and the stage. Who plays is in tests/factories.py; which servers run is tests/services/."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from django.conf import settings as desk_settings
from django.db import connection
from django.utils.translation import override
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import Browser
from pytest_django import DjangoDbBlocker
from pytest_django.fixtures import Settings

from accounts.models import User
from tests.emptying import emptying_allowed
from tests.factories import Cast, Guest, make_admin, make_cast
from tests.services.chromium import Watch, chromium, watching
from tests.services.product import Product
from tests.services.production import Production
from tests.zone import Zone
from tickets.actions import names

# A machine that is busy, and so makes examples slowly, is no finding about the product. Whoever works on the product
# gets new examples each time, and what they find; a check of somebody's change must not fail by what it did not touch.
hypothesis_settings.register_profile(
    "desk",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=bool(os.environ.get("CI")),
)
hypothesis_settings.load_profile("desk")

OTHER_SESSIONS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Beside a failure, show the end of what the real processes said that the test talked to."""
    report = yield
    if report.failed:
        stage = (each for each in getattr(item, "funcargs", {}).values() if isinstance(each, Product | Production))
        report.sections += [(f"output of {name}", text[-4000:]) for each in stage for name, text in each.outputs()]
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Below the dots, the figures that tests gave: `record_property("figure", "...")`."""
    done = [*terminalreporter.stats.get("passed", []), *terminalreporter.stats.get("failed", [])]
    for report in done:
        for name, value in report.user_properties:
            if name == "figure" and report.when == "call":
                terminalreporter.write_line(f"figure: {value}")


@pytest.fixture(scope="session")
def django_db_modify_db_settings_parallel_suffix(django_db_modify_db_settings_xdist_suffix: None) -> None:
    """Give SQLite's test database a file: threads and the server's loop must all see the same one."""
    database = desk_settings.DATABASES["default"]
    if "sqlite" in database["ENGINE"]:
        worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
        database.setdefault("TEST", {})["NAME"] = str(Path(desk_settings.VAR) / f"tests-{worker}.sqlite3")


@pytest.fixture(autouse=True)
def unhashed_static_files(settings: Settings) -> None:
    """Pages in these tests are read as text: no need to collect and hash the style sheets first."""
    Path(settings.STATIC_ROOT).mkdir(exist_ok=True)
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


@pytest.fixture(autouse=True)
def zone(monkeypatch: pytest.MonkeyPatch) -> Zone:
    """What the name servers know: no test asks real ones."""
    zone = Zone()
    monkeypatch.setattr(names, "lookup", zone.lookup)
    return zone


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """A request leaves its language behind in the thread; no test is to read the one before."""
    with override("en"):
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """PostgreSQL drops no database that another session uses, and threads of servers under test keep theirs."""
    with emptying_allowed():
        yield
    with django_db_blocker.unblock():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(OTHER_SESSIONS)


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def alice(cast: Cast) -> User:
    return cast.alice


@pytest.fixture
def bob(cast: Cast) -> User:
    return cast.bob


@pytest.fixture
def charlie(cast: Cast) -> User:
    return cast.charlie


@pytest.fixture
def ada(db: None) -> User:
    return make_admin()


@pytest.fixture
def vera(cast: Cast) -> Guest:
    return cast.vera


@pytest.fixture
def walt(cast: Cast) -> Guest:
    return cast.walt


@pytest.fixture(scope="session")
def live_product() -> Iterator[Product]:
    """One demo desk for the whole run, as `make run` starts it. Tests that kill or stop take `own_product`."""
    with Product() as product:
        yield product


@pytest.fixture
def own_product() -> Iterator[Product]:
    """A demo desk of the test's own: kill it, stop it, start it again."""
    with Product() as product:
        yield product


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture
def product(live_product: Product) -> Product:
    """The desk that the windows of a test look at. A folder or file with a desk of its own has this fixture too."""
    return live_product


@pytest.fixture
def watch(product: Product) -> Iterator[Watch]:
    """Opens watched windows (`watch.page(browser)`), and fails the test if a page of them logged an error, threw,
    or asked anything of another origin."""
    with watching(product.url) as watch:
        yield watch
