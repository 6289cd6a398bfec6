"""compose.yaml's layout from plain processes on loopback: `python -m tests.services.production --web 2`.

PostgreSQL, Redis, n web processes, a worker and beat, with CHATDESK_ENV=production, all on free ports of 127.0.0.1.
"""

from __future__ import annotations

import argparse
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Self

from tests.services.postgres import Postgres
from tests.services.process import ROOT, Process, free_port
from tests.services.product import DEMO_PASSWORD, answers, clean_environment
from tests.services.redis import Redis

CELERY = (sys.executable, "-m", "celery", "-A", "chatdesk.celery", "--workdir", str(ROOT))


class Production:
    """One web process for each name in `servers` (daphne or uvicorn). `durable` keeps PostgreSQL's fsync on."""

    def __init__(self, servers: Sequence[str] = ("daphne",), *, demo: bool = True, durable: bool = False,
                 jobs: bool = True, env: dict[str, str] | None = None) -> None:  # fmt: skip
        self.folder = Path(tempfile.mkdtemp(prefix="chatdesk-production-"))
        self.postgres, self.redis = Postgres(durable), Redis()
        self.demo, self.jobs, self.password = demo, jobs, DEMO_PASSWORD
        self.ports = [free_port() for _ in servers]
        self.urls = [f"http://127.0.0.1:{port}" for port in self.ports]
        self.env = {**clean_environment(), **self._variables(), **(env or {})}
        self.web = [self._web(port, server) for port, server in zip(self.ports, servers, strict=True)]
        self.worker = self._process("worker", [*CELERY, "worker", "--loglevel=info", "--concurrency=1"])
        self.beat = self._process("beat", [*CELERY, "beat", "--loglevel=warning", "-s", str(self.folder / "beat")])
        self._started = ExitStack()

    def _variables(self) -> dict[str, str]:
        return {
            "CHATDESK_ENV": "production", "SECRET_KEY": secrets.token_urlsafe(48), "SITE_URL": self.urls[0],
            "DATABASE_URL": self.postgres.url(), "REDIS_URL": self.redis.url(), "ALLOWED_HOSTS": "127.0.0.1",
            "CHATDESK_VAR": str(self.folder / "var"), "CHATDESK_DEMO_PASSWORD": DEMO_PASSWORD,
            "PYTHONUNBUFFERED": "1",
        }  # fmt: skip

    def _process(self, name: str, command: list[str], **env: str) -> Process:
        return Process(name, command, self.folder / f"{name}.log", env={**self.env, **env})

    def _web(self, port: int, server: str) -> Process:
        """Without a proxy in front, each process is a site of its own to a browser."""
        command = [sys.executable, "manage.py", "serve", "--port", str(port), "--server", server]
        return self._process(f"web-{port}", command, SITE_URL=f"http://127.0.0.1:{port}")

    def manage(self, *words: str, stdin: str | None = None) -> str:
        """Run manage.py to its end, in this layout's environment. Its output; raises CalledProcessError."""
        command = [sys.executable, "manage.py", *words]
        done = subprocess.run(
            command, check=False, cwd=ROOT, env=self.env, input=stdin or "", text=True, capture_output=True, timeout=120
        )
        if done.returncode:
            raise RuntimeError(f"manage.py {' '.join(words)} failed\n{done.stdout}{done.stderr}")
        return done.stdout

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _start(self) -> None:
        self._started.callback(shutil.rmtree, self.folder, ignore_errors=True)
        self._started.enter_context(self.postgres)
        self._started.enter_context(self.redis)
        self.postgres.create_database()
        self.manage("prepare", *(["--demo"] if self.demo else []))
        for process in [*self.web, *([self.worker, self.beat] if self.jobs else [])]:
            self._started.enter_context(process)
        for process, url in zip(self.web, self.urls, strict=True):
            self.wait_web(process, url)

    def wait_web(self, process: Process, url: str) -> None:
        process.wait_ready(lambda: answers(f"{url}/healthz"))

    def outputs(self) -> list[tuple[str, str]]:
        """(name, text) of what each process said, for the report of a failed test."""
        return [(each.name, each.output) for each in (*self.web, self.worker, self.beat)]

    def restart_web(self, index: int) -> None:
        """Start web process `index` again, after it was killed or stopped, on its port."""
        self.web[index].start()
        self.wait_web(self.web[index], self.urls[index])

    def close(self) -> None:
        self._started.close()


def _describe(layout: Production) -> None:
    print("\n".join(f"web      {url}/" for url in layout.urls))
    print(f"database {layout.postgres.url()}\nbus      {layout.redis.url()}\nlogs     {layout.folder}")
    print(f"password {layout.password} (ada, alice, bob, sam, cora @desk.example)\nCtrl-C stops it all.", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description="Start the production layout on loopback.")
    parser.add_argument("--web", type=int, default=2, help="web processes")
    parser.add_argument("--server", choices=("daphne", "uvicorn"), default="daphne")
    options = parser.parse_args()
    # However it is told to stop, it stops its servers first.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with suppress(KeyboardInterrupt), Production([options.server] * options.web, durable=True) as layout:
        _describe(layout)
        signal.pause()
    return 0


if __name__ == "__main__":
    sys.exit(main())
