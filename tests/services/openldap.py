"""An OpenLDAP server of the tests' own, with the attributes of Active Directory that the desk reads."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import ldap
import ldap.modlist

from tests.services.certificates import make_certificates
from tests.services.parts import SLAPD
from tests.services.process import Process, accepts, free_port

ROOT_DN, ROOT_PASSWORD, SUFFIX = "cn=admin,dc=corp,dc=test", "secret", "dc=corp,dc=test"

# Numbers and names as Active Directory has them; the class lets one entry carry them beside inetOrgPerson.
SCHEMA = """
attributetype ( 1.2.840.113556.1.4.221 NAME 'sAMAccountName'
  EQUALITY caseIgnoreMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 SINGLE-VALUE )
attributetype ( 1.2.840.113556.1.4.656 NAME 'userPrincipalName'
  EQUALITY caseIgnoreMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 SINGLE-VALUE )
attributetype ( 1.2.840.113556.1.4.8 NAME 'userAccountControl'
  EQUALITY integerMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 SINGLE-VALUE )
attributetype ( 1.2.840.113556.1.4.159 NAME 'accountExpires'
  EQUALITY integerMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 SINGLE-VALUE )
attributetype ( 1.2.840.113556.1.4.2 NAME 'objectGUID'
  EQUALITY octetStringMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.40 SINGLE-VALUE )
objectclass ( 1.2.840.113556.1.5.99999 NAME 'adPerson' SUP top AUXILIARY
  MAY ( sAMAccountName $ userPrincipalName $ userAccountControl $ accountExpires $ objectGUID ) )
"""
CONFIG = """
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
include {folder}/ad.schema
pidfile {folder}/slapd.pid
modulepath /usr/lib/ldap
moduleload back_mdb
TLSCACertificateFile {folder}/ca.pem
TLSCertificateFile {folder}/server.pem
TLSCertificateKeyFile {folder}/server.key
database mdb
maxsize 67108864
suffix "{suffix}"
rootdn "{root}"
rootpw {password}
directory {folder}/db
index objectClass,entryUUID eq
access to attrs=userPassword by anonymous auth by * none
access to * by users read by * none
"""


class OpenLdap:
    """`log` keeps what it said; every bind and search is a line there (loglevel stats)."""

    def __init__(self) -> None:
        self.port = free_port()
        self.folder = Path(tempfile.mkdtemp(prefix="chatdesk-slapd-"))
        self.url = f"ldap://127.0.0.1:{self.port}"
        (self.folder / "db").mkdir()
        (self.folder / "ad.schema").write_text(SCHEMA)
        facts = {"folder": self.folder, "suffix": SUFFIX, "root": ROOT_DN, "password": ROOT_PASSWORD}
        (self.folder / "slapd.conf").write_text(CONFIG.format(**facts))
        make_certificates(self.folder, ["localhost"], ["127.0.0.1"])
        command = [SLAPD.path(), "-f", str(self.folder / "slapd.conf"), "-h", self.url, "-d", "stats"]
        self.process = Process("slapd", command, self.folder / "log")

    def __enter__(self) -> Self:
        try:
            self.start()
            self.add(SUFFIX, objectClass=["dcObject", "organization"], dc="corp", o="Corp")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.process.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self) -> None:
        self.process.start()
        self.process.wait_ready(lambda: accepts(self.port))

    def stop(self) -> None:
        self.process.stop()

    @property
    def ca(self) -> str:
        return (self.folder / "ca.pem").read_text()

    @property
    def output(self) -> str:
        return self.process.output

    @contextmanager
    def line(self) -> Iterator[Any]:
        """A connection that may do everything."""
        line = ldap.initialize(self.url, bytes_mode=False)
        line.simple_bind_s(ROOT_DN, ROOT_PASSWORD)
        try:
            yield line
        finally:
            line.unbind_s()

    def add(self, dn: str, **facts: str | bytes | list[str]) -> None:
        with self.line() as line:
            line.add_s(dn, _listed(facts))

    def change(self, dn: str, **facts: str | bytes | list[str] | None) -> None:
        """Replace attributes; None takes one away."""
        changes = [(ldap.MOD_REPLACE, name, None if value is None else _bytes(value)) for name, value in facts.items()]
        with self.line() as line:
            line.modify_s(dn, changes)

    def move(self, dn: str, rdn: str) -> None:
        with self.line() as line:
            line.rename_s(dn, rdn)

    def delete(self, dn: str) -> None:
        with self.line() as line:
            line.delete_s(dn)

    def read(self, dn: str, name: str) -> str:
        with self.line() as line:
            found: dict[str, list[bytes]] = line.search_s(dn, ldap.SCOPE_BASE, "(objectClass=*)", [name])[0][1]
            return found[name][0].decode()


def _listed(facts: Any) -> Any:
    return ldap.modlist.addModlist({name: _bytes(value) for name, value in facts.items()})


def _bytes(value: str | bytes | list[str]) -> list[bytes]:
    values = value if isinstance(value, list) else [value]
    return [each.encode() if isinstance(each, str) else each for each in values]
