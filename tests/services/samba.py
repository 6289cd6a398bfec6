"""A Samba Active Directory domain controller of the tests' own, on the loopback. Its ports are fixed: one a machine."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Self

from tests.services.certificates import make_certificates
from tests.services.parts import SAMBA
from tests.services.process import Process, accepts

REALM, DOMAIN, ADMIN_PASSWORD = "CORP.TEST", "CORP", "Adm1n-Pass!"
BASE = "DC=corp,DC=test"
PORTS = (389, 636)
SECONDS = 240
OPTIONS = (
    "interfaces=lo 127.0.0.1",
    "bind interfaces only=yes",
    "vfs objects=dfs_samba4 acl_xattr xattr_tdb",  # files without extended attributes: works in containers
    "dns update command=/bin/true",
    "server services=ldap,cldap,kdc,rpc,wrepl,drepl,kcc",
)


class Samba:
    """A fresh domain. `tool` runs samba-tool on it."""

    def __init__(self) -> None:
        SAMBA.path()
        self.folder = Path(tempfile.mkdtemp(prefix="chatdesk-samba-"))
        self.config = self.folder / "etc" / "smb.conf"
        command = ["samba", "-s", str(self.config), "--foreground", "--no-process-group", "-M", "single"]
        self.process = Process("samba", [*command, "--debug-stdout", "-d1"], self.folder / "log")

    def __enter__(self) -> Self:
        taken = [port for port in PORTS if accepts(port)]
        if taken:
            raise RuntimeError(f"ports {taken} are taken: a domain controller is running on this machine already")
        try:
            self._provision()
            self._certify()
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self) -> None:
        self.process.start()
        self.process.wait_ready(lambda: all(accepts(port) for port in PORTS))

    def stop(self) -> None:
        self.process.stop()

    @property
    def ca(self) -> str:
        return (self.folder / "ca.pem").read_text()

    @property
    def version(self) -> str:
        return _run(["samba", "--version"])

    def tool(self, *words: str) -> str:
        return _run(["samba-tool", *words, "-s", str(self.config)])

    def _provision(self) -> None:
        command = ["samba-tool", "domain", "provision", f"--targetdir={self.folder}", f"--realm={REALM}"]
        command += [f"--domain={DOMAIN}", "--server-role=dc", "--dns-backend=NONE", f"--adminpass={ADMIN_PASSWORD}"]
        command += ["--host-name=dc1", "--host-ip=127.0.0.1", "--use-rfc2307"]
        _run([*command, *(f"--option={option}" for option in OPTIONS)])

    def _certify(self) -> None:
        """An authority of our own: Samba's certificate has no alternative name, and fails where it is verified."""
        make_certificates(self.folder, ["dc1.corp.test", "localhost"], ["127.0.0.1"])
        facts = {"certfile": "server.pem", "keyfile": "server.key", "cafile": "ca.pem"}
        lines = ["tls enabled = yes", *(f"tls {name} = {self.folder / file}" for name, file in facts.items())]
        text = self.config.read_text().replace("[global]", "\n".join(["[global]", *lines]), 1)
        self.config.write_text(text)


def _run(command: Sequence[str]) -> str:
    env = {**os.environ, "LC_ALL": "C.UTF-8"}
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=SECONDS, env=env)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command[:3])}: {(done.stdout + done.stderr)[-2000:]}")
    return done.stdout.strip()
