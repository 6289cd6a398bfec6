"""Brings the servers and the browser that the tests run to a machine without: `python -m tests.services.install`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence

from tests.services.parts import PARTS, SAMBA, Part

INSTALL_SECONDS = 600
# Runlevel 1 keeps the packages from starting servers of their own; the tests start theirs on free ports.
QUIET = {"DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}


def missing_parts(parts: Sequence[Part] = PARTS) -> list[Part]:
    return [part for part in parts if part.find() is None]


def _apt(*words: str) -> bool:
    command = ["apt-get", "-q", "-o", "DPkg::Lock::Timeout=120", *words]
    done = subprocess.run(
        command,
        check=False,
        env={**os.environ, **QUIET},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=INSTALL_SECONDS,
    )
    if done.returncode:
        print(done.stderr.decode(errors="replace")[-2000:], file=sys.stderr)
    return done.returncode == 0


def _may_install() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def main(words: Sequence[str] = ()) -> int:
    """Install what is missing; with the word `ad`, the domain controller too."""
    wanted = (*PARTS, SAMBA) if "ad" in words else PARTS
    missing = missing_parts(wanted)
    if missing and _may_install():
        packages = [package for part in missing for package in part.packages]
        print(f"Installing {', '.join(packages)} from the system's packages...", flush=True)
        _ = _apt("update") and _apt("install", "-y", "--no-install-recommends", *packages)
        missing = missing_parts(wanted)
    for part in missing:
        print(f"{part.name} is missing and could not be installed: install {' '.join(part.packages)}.", file=sys.stderr)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
