"""How quickly one worker takes mails in, beside Python's own parser on the same mails."""

from __future__ import annotations

import json
import os
import secrets
from typing import Any

from tests.bench.backing import Backing
from tests.bench.intake_mails import ONE_IN
from tests.bench.servers import run as run_program
from tests.bench.table import Bar, show, show_bars

MAILS = 1_000
LEAST = 0.3
SECONDS = 900.0  # it is about a minute on a machine that does nothing else


def run(backing: Backing) -> None:
    """Measure on PostgreSQL and on SQLite, each in a new database, and print the bar. Raises what the worker raises."""
    stores = {"PostgreSQL": backing.new_database(), "SQLite": ""}
    found = {name: _measured(backing, url) for name, url in stores.items()}
    head = (
        "one worker on one core",
        "mails a second",
        "of them kept a second",
        "own processor",
        "the parser's own",
        "parser, mails a second",
    )
    rows = [
        [
            name,
            *(f"{MAILS / f[key]:.0f}" for key in ("working", "keeping")),
            f"{f['own']:.1f} s",
            f"{f['parser_own']:.1f} s",
            f"{MAILS / f['parser']:.0f}",
        ]
        for name, f in found.items()
    ]
    show(f"{MAILS} mails of 50 KB, one in {ONE_IN} with a PDF of 1 MB", head, rows)
    print(f"load of the machine meanwhile: {os.getloadavg()[0]:.1f}")
    show_bars(
        [
            Bar(f"intake's rate / the parser's, {name}", f["parser"] / f["working"], least=LEAST)
            for name, f in found.items()
        ]
    )


def _measured(backing: Backing, database: str) -> dict[str, Any]:
    env = {
        "CHATDESK_VAR": str(backing.new_folder()),
        "SECRET_KEY": secrets.token_urlsafe(48),
        "LOG_LEVEL": "WARNING",
        **({"DATABASE_URL": database} if database else {}),
    }
    run_program(["manage.py", "migrate", "--verbosity", "0"], env)
    found: dict[str, Any] = json.loads(run_program(["-m", "tests.bench.intake_desk", str(MAILS)], env, SECONDS))
    if (found["done"], found["conversations"], found["files"]) != (MAILS, MAILS, MAILS // ONE_IN):
        raise RuntimeError(f"not every mail was taken in: {found}")
    return found
