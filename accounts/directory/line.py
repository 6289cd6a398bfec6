"""The connection to a directory: addresses, encryption, time limits, and the reading account."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import ldap
from django.conf import settings
from ldap.filter import escape_filter_chars

from accounts.directory.entry import Entry, identity_filter, read_entry, wanted_attributes
from accounts.directory.errors import DirectoryDown
from accounts.models import Directory

SECONDS = 5  # until a silent server counts as down; the next address is asked then


def options(directory: Directory) -> dict[int, Any]:
    """python-ldap's options of a connection. Certificates are always verified; the last option makes TLS ones hold."""
    trust = {ldap.OPT_X_TLS_CACERTFILE: str(_ca_file(directory.ca_certificate))} if directory.ca_certificate else {}
    return {
        ldap.OPT_PROTOCOL_VERSION: ldap.VERSION3,
        ldap.OPT_REFERRALS: 0,
        ldap.OPT_NETWORK_TIMEOUT: SECONDS,
        ldap.OPT_TIMEOUT: SECONDS,
        ldap.OPT_X_TLS_REQUIRE_CERT: ldap.OPT_X_TLS_DEMAND,
        **trust,
        ldap.OPT_X_TLS_NEWCTX: 0,
    }


@contextmanager
def connected(directory: Directory) -> Iterator[Any]:
    """A connection as the reading account. Raises DirectoryDown for whatever goes wrong on it."""
    afterwards = ExitStack()
    try:
        line = ldap.initialize(" ".join(directory.addresses), bytes_mode=False)
        afterwards.callback(_hang_up, line)
        for option, value in options(directory).items():
            line.set_option(option, value)
        if directory.start_tls:
            line.start_tls_s()
        line.simple_bind_s(directory.bind_dn, directory.bind_password)
        yield line
    except ldap.LDAPError as error:
        raise DirectoryDown(directory.name, said(error)) from error
    finally:
        afterwards.close()


def find_identity(directory: Directory, line: Any, uid: str, now: Any) -> Entry | None:
    """The person with this identity, if the directory still shows one that the filter for people lets through."""
    return _one(directory, line, identity_filter(directory, uid), now)


def find_name(directory: Directory, line: Any, name: str, now: Any) -> Entry | None:
    return _one(directory, line, name_filter(directory) % {"user": escape_filter_chars(name)}, now)


def name_filter(directory: Directory) -> str:
    """Which entry a name means, with %(user)s for the escaped name."""
    names = [each.strip() for each in directory.name_attributes.split(",") if each.strip()]
    return f"(|{''.join(f'({each}=%(user)s)' for each in names)})"


def find_group(directory: Directory, line: Any, dn: str) -> dict[str, Any] | None:
    """The attributes of the group at this place; None when there is none."""
    try:
        found = line.search_s(dn, ldap.SCOPE_BASE, directory.group_filter, [directory.uid_attribute, "cn"])
    except (ldap.NO_SUCH_OBJECT, ldap.INVALID_DN_SYNTAX):
        return None
    return next((attrs for place, attrs in found if place), None)


def said(error: ldap.LDAPError) -> str:
    """What the library tells, in one line for an admin."""
    facts = error.args[0] if error.args and isinstance(error.args[0], dict) else {}
    return " ".join(str(facts.get(key, "")).strip() for key in ("desc", "info")).strip()[:200] or type(error).__name__


def _one(directory: Directory, line: Any, condition: str, now: Any) -> Entry | None:
    wanted = wanted_attributes(directory)
    found = line.search_s(directory.base, ldap.SCOPE_SUBTREE, f"(&{directory.people_filter}{condition})", wanted)
    people = [(dn, attrs) for dn, attrs in found if dn]
    if len(people) != 1:
        return None
    dn, attrs = people[0]
    return read_entry(directory, dn, ldap.cidict.cidict(attrs), now)


def _ca_file(certificate: str) -> Path:
    """libldap reads certificates from files alone: one named for its content, in the data folder."""
    digest = hashlib.sha256(certificate.encode()).hexdigest()[:32]
    file = Path(settings.VAR) / "directory" / f"{digest}.pem"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh = file.with_suffix(f".{secrets.token_hex(4)}")
        fresh.write_text(certificate)
        fresh.replace(file)  # whole or not at all: other processes look for it, and this one may be stopped
    return file


def _hang_up(line: Any) -> None:
    try:
        line.unbind_s()
    except ldap.LDAPError:
        return
