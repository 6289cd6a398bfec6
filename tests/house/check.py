"""Everything that can be said of the tree without running it: `make check`. Each check is named, run and summed up."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from tests.house.source import ROOT

BINARIES = Path(sys.executable).parent
PRODUCTION = {
    "CHATDESK_ENV": "production",
    "SECRET_KEY": "only-for-make-check-only-for-make-check-0123456789-abcdefghij",
    "SITE_URL": "https://desk.example",
    "DATABASE_URL": "postgres://nobody@127.0.0.1:9/nothing",
    "REDIS_URL": "redis://127.0.0.1:9/0",
}


def _tool(name: str) -> str:
    return str(BINARIES / name)


def _manage(*words: str) -> list[str]:
    return [sys.executable, "manage.py", *words]


CHECKS: dict[str, tuple[list[str], dict[str, str]]] = {
    "ruff check": ([_tool("ruff"), "check", "."], {}),
    "ruff format": ([_tool("ruff"), "format", "--check", "."], {}),
    "mypy": ([_tool("mypy")], {}),
    "import contract": ([_tool("lint-imports")], {}),
    "fences": ([sys.executable, "-m", "tests.house.fences"], {}),
    "architecture": ([sys.executable, "-m", "pytest", "-q", "tests/test_architecture.py"], {}),
    "migrations": (_manage("makemigrations", "--check", "--dry-run"), {}),
    "deploy": (_manage("check", "--deploy", "--fail-level", "WARNING"), PRODUCTION),
}


def run_check(name: str) -> bool:
    command, added = CHECKS[name]
    began = time.monotonic()
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, **added},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    print(f"{name:<18}{'ok' if done.returncode == 0 else 'FAILED':<8}{time.monotonic() - began:5.1f} s", flush=True)
    if done.returncode or name == "fences":
        print((done.stdout + done.stderr).rstrip(), flush=True)
    return done.returncode == 0


def main(words: list[str]) -> int:
    """Run the checks named in `words`, or all of them. 1 if one failed."""
    unknown = [word for word in words if word not in CHECKS]
    if unknown:
        print(f"no such check: {', '.join(unknown)}; there are: {', '.join(CHECKS)}", file=sys.stderr)
        return 2
    results = [run_check(name) for name in words or CHECKS]
    print(f"{sum(results)} checks passed, {results.count(False)} failed", flush=True)
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
