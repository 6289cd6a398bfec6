"""Loaded before Django's settings: every test process gets a data folder, a database and a bus of its own."""

from __future__ import annotations

import atexit
import os
import re
import shutil
import tempfile
from pathlib import Path

# A developer's own shell must not reach into the tests; the runner says what a pass is to use.
FOREIGN = (
    "CHATDESK_ENV", "CHATDESK_LIMITS", "CHATDESK_DEMO_PASSWORD", "SITE_URL", "SECRET_KEY", "PORT",
    "DATABASE_URL", "REDIS_URL", "S3_BUCKET", "EMAIL_URL", "LANGUAGE_CODE", "TIME_ZONE",
)  # fmt: skip
DATABASE = "CHATDESK_TEST_DATABASE_URL"
BUSES = "CHATDESK_TEST_REDIS_URLS"  # one for each worker, comma between: published words cross a server's databases


def worker_number(worker: str) -> int:
    """0 for a lone process and for gw0, 1 for gw1, as pytest-xdist names its workers."""
    found = re.fullmatch(r"gw(\d+)", worker)
    return int(found.group(1)) if found else 0


def _claim_environment() -> None:
    for name in FOREIGN:
        os.environ.pop(name, None)
    folder = tempfile.mkdtemp(prefix="chatdesk-tests-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ["CHATDESK_VAR"] = folder
    os.environ["CHATDESK_TESTING"] = "1"
    os.environ["CHATDESK_TEST_STATIC_ROOT"] = str(Path(folder) / "static-of-products")
    if database := os.environ.get(DATABASE):
        os.environ["DATABASE_URL"] = database
    if buses := os.environ.get(BUSES):
        os.environ["REDIS_URL"] = buses.split(",")[worker_number(os.environ.get("PYTEST_XDIST_WORKER", ""))]


_claim_environment()
