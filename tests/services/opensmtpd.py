"""A real mail server before the desk's listener and behind its way out. Its queue's place is fixed: one a machine."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import IO, Self

from tests.services.parts import OPENSMTPD, PartMissing
from tests.services.process import Process, accepts, free_port, wait_until

LOCK = Path(tempfile.gettempdir()) / "chatdesk-opensmtpd.lock"
CONFIG = """
listen on 127.0.0.1 port {port}
mta limit conn-delay-source 0
mta limit conn-delay-host 0
mta limit conn-delay-route 0
action "app" relay host smtp://127.0.0.1:{inside}
{out}
match from any for domain "{domain}" action "app"
match from local for any action "out"
"""
INTERNET = 'action "out" relay host smtp://127.0.0.1:{port}'
MAILBOXES = 'table everybody {{ "@" = "mail" }}\naction "out" maildir "{folder}/%{{dest}}" virtual <everybody>'


class OpenSmtpd:
    """Mail for `domain` goes to the port `inside`; all other from this machine to `outside`: a port that is the
    internet, or a folder with a maildir for each address."""

    def __init__(self, domain: str, inside: int, outside: int | Path) -> None:
        binary = OPENSMTPD.path()
        if os.geteuid() != 0:
            raise PartMissing("OpenSMTPD runs as root only: run these tests as root.")
        self.port = free_port()
        self.folder = Path(tempfile.mkdtemp(prefix="chatdesk-opensmtpd-"))
        config = self.folder / "smtpd.conf"
        out = INTERNET.format(port=outside) if isinstance(outside, int) else MAILBOXES.format(folder=outside)
        config.write_text(CONFIG.format(port=self.port, inside=inside, out=out, domain=domain))
        self.process = Process("smtpd", [binary, "-d", "-f", str(config)], self.folder / "log")
        self._lock: IO[str] | None = None

    def __enter__(self) -> Self:
        self._lock = LOCK.open("w")
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        try:
            self.process.start()
            self.process.wait_ready(lambda: accepts(self.port))
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.empty()
        self.process.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
        if self._lock:
            self._lock.close()

    @property
    def output(self) -> str:
        return self.process.output

    def hurry(self) -> None:
        """Try everything that waits once more, now."""
        self._control("schedule", "all")

    def waiting(self) -> list[str]:
        """One line for each mail in the queue."""
        return self._control("show", "queue").splitlines()

    def empty(self) -> None:
        if self.process.running and self.waiting():
            self._control("remove", "all")

    def wait_empty(self, seconds: float = 30) -> None:
        """Until everything was handed on. Raises StartFailed after `seconds`."""
        wait_until(lambda: not self.waiting(), seconds, "the mail server's queue runs empty")

    def _control(self, *words: str) -> str:
        done = subprocess.run(["smtpctl", *words], check=False, capture_output=True, text=True, timeout=20)
        return done.stdout.strip()
