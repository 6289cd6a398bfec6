"""Trying a directory out from the settings pages: plain answers, before anybody signs in with it."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import ldap
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.directory.backend import groups_of
from accounts.directory.entry import Entry, identity
from accounts.directory.errors import DirectoryDown
from accounts.directory.line import connected, find_group, find_name
from accounts.models import Directory, DirectoryGroup, DirectoryIdentity, User


@dataclass(frozen=True)
class Finding:
    good: bool
    text: str


@dataclass(frozen=True)
class Found:
    """A person of the directory. `account`: whose e-mail address it is here, if they are not known here yet."""

    entry: Entry
    groups: list[DirectoryGroup]
    account: User | None

    @property
    def lets_in(self) -> bool:
        return bool(self.groups) and not self.entry.barred and self.account is None

    @property
    def user_type(self) -> str:
        return next((str(each.user_type) for each in self.groups if each.user_type), "")


def try_out(directory: Directory) -> list[Finding]:
    """Each server by itself, then what stands in the directory: the base, the groups, its own lock."""
    findings = [_reach(directory, address) for address in directory.addresses]
    if not any(each.good for each in findings):
        return findings
    try:
        with connected(directory) as line:
            return [*findings, *_contents(directory, line)]
    except DirectoryDown as down:
        return [*findings, Finding(False, down.reason)]


def look_up(directory: Directory, name: str) -> Found | None:
    """Who that name means, and what this person would be here. Raises DirectoryDown."""
    with connected(directory) as line:
        entry = find_name(directory, line, name, timezone.now())
        groups = groups_of(directory, entry, line) if entry else []
    if entry is None:
        return None
    known = DirectoryIdentity.objects.filter(directory=directory, uid=entry.uid).exists()
    return Found(entry, groups, None if known else User.objects.filter(email=entry.email).first())


def _reach(directory: Directory, address: str) -> Finding:
    alone = copy.copy(directory)
    alone.servers = address
    try:
        with connected(alone):
            return Finding(True, _("%s answers, and knows the service account.") % address)
    except DirectoryDown as down:
        return Finding(False, f"{address}: {down.reason}")


def _contents(directory: Directory, line: Any) -> Iterator[Finding]:
    count = _count(directory, line)
    yield Finding(count > 0, _("People that the filter finds: %d.") % count)
    for row in directory.groups.all():
        yield _group(directory, line, row)
    yield from _lock(directory, line)


def _count(directory: Directory, line: Any) -> int:
    try:
        found = line.search_s(directory.base, ldap.SCOPE_SUBTREE, directory.people_filter, [directory.uid_attribute])
    except ldap.SIZELIMIT_EXCEEDED:
        return 1000  # what Active Directory answers at most at once
    return sum(1 for dn, attrs in found if dn and identity(directory, ldap.cidict.cidict(attrs)))


def _group(directory: Directory, line: Any, row: DirectoryGroup) -> Finding:
    attrs = find_group(directory, line, row.dn)
    uid = identity(directory, ldap.cidict.cidict(attrs)) if attrs else ""
    if not uid:
        return Finding(False, _("There is no group %s.") % row.dn)
    if row.uid and row.uid != uid:
        text = _("%s is another group than the one that was chosen: delete the row and add it again if it is meant.")
        return Finding(False, text % row.dn)
    DirectoryGroup.objects.filter(pk=row.pk).update(uid=uid)
    return Finding(True, _("The group %s is there.") % row.dn)


def _lock(directory: Directory, line: Any) -> Iterator[Finding]:
    """Active Directory tells at the top of its tree after how many wrong passwords it locks an account."""
    top = ",".join(part for part in directory.base.split(",") if part.strip().lower().startswith("dc="))
    try:
        found = line.search_s(top, ldap.SCOPE_BASE, "(objectClass=*)", ["lockoutThreshold"])
    except ldap.LDAPError:
        return
    limits = [int(values[0]) for _dn, attrs in found for values in (attrs or {}).values()]
    if limits and 0 < limits[0] <= directory.wrong_tries:
        text = _("The directory locks an account after %(its)d wrong passwords, and the desk passes %(ours)d on.")
        yield Finding(False, text % {"its": limits[0], "ours": directory.wrong_tries})
