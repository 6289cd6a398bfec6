"""Where the programs of the test machine are, and which package brings a missing one."""

from __future__ import annotations

import shutil
import sysconfig
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

HEADERS = (Path("/usr/include"), Path("/usr/local/include"))


class PartMissing(RuntimeError):
    """A program that the tests need is not on this machine."""


@dataclass(frozen=True)
class Part:
    name: str
    packages: tuple[str, ...]  # Debian's names
    find: Callable[[], str | None]

    def path(self) -> str:
        """The program's path. Raises PartMissing, because a check without its part proves nothing."""
        found = self.find()
        if found is None:
            raise PartMissing(f"{self.name} is missing: run `make test` as root, or install {' '.join(self.packages)}.")
        return found


def _postgres_folder() -> str | None:
    folders = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if on_path := shutil.which("initdb"):
        folders.append(Path(on_path).resolve().parent)
    newest = max(folders, key=lambda folder: folder.parent.name, default=None)
    return str(newest) if newest else None


def _chromium() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((found for name in names if (found := shutil.which(name))), None)


def _header(*names: str) -> str | None:
    """The first of these headers if all are there."""
    found = [next((path for folder in HEADERS if (path := folder / name).exists()), None) for name in names]
    return str(found[0]) if all(found) else None


def _python_headers() -> str | None:
    header = Path(sysconfig.get_paths()["include"]) / "Python.h"
    return str(header) if header.exists() else None


FONTS = Path("/usr/share/fonts")
# One face of each package stands for it.
FACES = ("NotoSansArabic-Regular.ttf", "NotoSansCJK-Regular.ttc", "NotoColorEmoji.ttf")


def _fonts() -> str | None:
    """The folder of the fonts that documents are set in, if all of them are there."""
    return str(FONTS) if all(any(FONTS.rglob(face)) for face in FACES) else None


POSTGRES = Part("PostgreSQL", ("postgresql",), _postgres_folder)
REDIS = Part("Redis", ("redis-server",), lambda: shutil.which("redis-server"))
CHROMIUM = Part("Chromium", ("chromium", "fonts-dejavu-core"), _chromium)
SLAPD = Part("OpenLDAP", ("slapd", "ldap-utils"), lambda: shutil.which("slapd", path="/usr/sbin:/usr/bin:/usr/libexec"))
DOVECOT = Part("Dovecot", ("dovecot-imapd",), lambda: shutil.which("dovecot", path="/usr/sbin:/usr/bin"))
OPENSMTPD = Part("OpenSMTPD", ("opensmtpd",), lambda: shutil.which("smtpd", path="/usr/sbin:/usr/bin"))
NOTO = Part("the Noto fonts", ("fonts-noto-core", "fonts-noto-cjk", "fonts-noto-color-emoji"), _fonts)
# What the optional extra `ldap` is compiled from.
LDAP_HEADERS = Part("OpenLDAP's headers", ("libldap2-dev", "libsasl2-dev"), lambda: _header("ldap.h", "sasl/sasl.h"))
COMPILER = Part("a C compiler", ("gcc", "libc6-dev"), lambda: shutil.which("gcc") and _header("stdio.h"))
PYTHON_HEADERS = Part("Python's headers", ("python3-dev",), _python_headers)
# For `make ad` alone.
SAMBA = Part(
    "Samba's domain controller",
    ("samba", "samba-ad-provision", "samba-dsdb-modules", "samba-vfs-modules", "winbind", "krb5-user", "python3-samba"),
    lambda: shutil.which("samba", path="/usr/sbin:/usr/bin"),
)
PARTS = (POSTGRES, REDIS, CHROMIUM, SLAPD, LDAP_HEADERS, COMPILER, PYTHON_HEADERS, DOVECOT, OPENSMTPD, NOTO)
