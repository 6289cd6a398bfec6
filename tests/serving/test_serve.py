"""`manage.py serve` as a person meets it: it starts, tells the doors, keeps the data, and stops cleanly."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from chatdesk.demo import CAST
from tests.services.process import ROOT, free_port
from tests.services.product import DEMO_PASSWORD, Product, clean_environment

pytestmark = pytest.mark.once
DOORS = ("/chat/", "/desk/", "/admin/", "/help/")
QUICK_SECONDS = 10  # generous, for a machine that does other things too; it is about two


@pytest.fixture(scope="module", params=["daphne", "uvicorn"])
def running(request: pytest.FixtureRequest) -> Iterator[Product]:
    with Product(server=request.param) as product:
        yield product


@pytest.fixture
def desk(running: Product) -> Product:
    """A desk that serves, whatever the test before did to it."""
    if not running.process.running:
        running.start()
    return running


def manage(*words: str, **env: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", *words]
    return subprocess.run(
        command, cwd=ROOT, env={**clean_environment(), **env}, capture_output=True, text=True, timeout=60, check=False
    )


def one_line(done: subprocess.CompletedProcess[str]) -> str:
    """The only line said, which must be on standard error and come with exit code 1."""
    assert (done.returncode, done.stdout) == (1, "")
    lines = done.stderr.splitlines()
    assert len(lines) == 1, done.stderr
    return lines[0]


def test_it_tells_the_doors_and_the_passwords(desk: Product) -> None:
    said = desk.output_soon("cora@desk.example")
    for path in DOORS:
        assert f"{desk.url}{path}" in said
    for name in ("ada", "alice", "bob", "sam", "cora"):
        assert re.search(rf"{name}@desk\.example .*{DEMO_PASSWORD}", said)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_is_clean_and_silent(desk: Product, number: signal.Signals) -> None:
    assert desk.stop(number) == 0
    assert "Traceback" not in desk.output
    assert "Error" not in desk.output


def test_a_second_run_is_quick_and_keeps_the_data(desk: Product) -> None:
    kept = desk.folder / "var" / "desk.sqlite3"
    assert desk.stop() == 0
    before = (desk.folder / "var" / "secret-key").read_text()
    said = len(desk.output)
    began = time.monotonic()
    desk.start()
    assert time.monotonic() - began < QUICK_SECONDS
    assert desk.output[said:].count("(as on the first run)") == len(CAST)
    assert kept.stat().st_size > 0
    assert (desk.folder / "var" / "secret-key").read_text() == before


def test_it_starts_again_after_the_hard_way(desk: Product) -> None:
    desk.kill()
    desk.start()
    with urllib.request.urlopen(f"{desk.url}/chat/", timeout=10) as page:
        assert page.status == 200


def test_what_it_keeps_is_its_owners_alone(desk: Product) -> None:
    for name in ("desk.sqlite3", "secret-key"):
        assert (desk.folder / "var" / name).stat().st_mode & 0o077 == 0


def test_without_demo_it_prints_a_link_that_makes_the_first_admin() -> None:
    with Product(demo=False) as product:
        found = re.search(rf"{re.escape(product.url)}(/first-run/\S+/)", product.output_soon("/first-run/"))
        assert found
        with urllib.request.urlopen(product.url + found.group(1), timeout=10) as page:
            assert page.status == 200


def test_a_port_in_use_is_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = str(listener.getsockname()[1])
        said = one_line(manage("serve", "--demo", PORT=port, CHATDESK_VAR=str(tmp_path)))
    assert f"Port {port}" in said
    assert "PORT" in said.split(")")[-1]


def test_a_data_folder_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    said = one_line(manage("serve", PORT=str(free_port()), CHATDESK_VAR=str(tmp_path / "file")))
    assert "CHATDESK_VAR" in said


def test_a_second_desk_on_the_same_folder_is_one_line(live_product: Product) -> None:
    said = one_line(manage("serve", PORT=str(free_port()), CHATDESK_VAR=str(live_product.folder / "var")))
    assert "Another desk is running" in said


@pytest.mark.parametrize(
    ("variable", "value"),
    [("PORT", "many"), ("PORT", "99999"), ("DATABASE_URL", "nonsense"), ("CHATDESK_ENV", "production")],
)
def test_a_mistake_in_the_environment_is_one_line(tmp_path: Path, variable: str, value: str) -> None:
    said = one_line(manage("serve", **{"CHATDESK_VAR": str(tmp_path), "PORT": str(free_port()), variable: value}))
    assert variable in said or value in said


def test_a_database_that_is_away_is_one_line(tmp_path: Path) -> None:
    away = f"postgres://desk@127.0.0.1:{free_port()}/desk"
    said = one_line(manage("serve", PORT=str(free_port()), CHATDESK_VAR=str(tmp_path), DATABASE_URL=away))
    assert said.startswith("The database can't be used")


def test_a_database_that_is_none_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "desk.sqlite3").write_bytes(os.urandom(4096))
    said = one_line(manage("serve", PORT=str(free_port()), CHATDESK_VAR=str(tmp_path)))
    assert "file is not a database" in said


def test_production_refuses_to_lift_the_limits(tmp_path: Path) -> None:
    production = {"CHATDESK_ENV": "production", "SECRET_KEY": "x" * 50, "SITE_URL": "https://desk.example"}
    servers = {"DATABASE_URL": "postgres://desk@127.0.0.1/desk", "REDIS_URL": "redis://127.0.0.1/0"}
    said = one_line(manage("serve", CHATDESK_VAR=str(tmp_path), CHATDESK_LIMITS="off", **production, **servers))
    assert "CHATDESK_LIMITS" in said
