"""Signing in with the directory's password, by django-auth-ldap: it finds the person, binds, and reads the groups.

What it would decide by name is decided by identity here: who the person is, and which groups count.
"""

from __future__ import annotations

from typing import Any

import ldap
from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest
from django.utils import timezone
from django_auth_ldap.backend import LDAPBackend, _LDAPUser, ldap_error
from django_auth_ldap.config import LDAPSearch, LDAPSettings, MemberDNGroupType, NestedMemberDNGroupType

from accounts.addresses import client_address, subscriber
from accounts.directory.entry import Entry, identity_filter, read_entry, wanted_attributes
from accounts.directory.errors import DirectoryDown, NotTakenOver
from accounts.directory.groups import mapped_groups
from accounts.directory.line import name_filter, options, said
from accounts.directory.people import take_over
from accounts.directory.tries import Tries
from accounts.models import Directory, DirectoryGroup, DirectoryIdentity, User, normal_email

LONGEST = 254


class DirectoryBackend(BaseBackend):
    """Asks every directory in use for people who have no account of their own here."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **_facts: Any
    ) -> User | None:
        """Raises DirectoryDown when none knows the person and one can't be asked, and TooManyTries."""
        name = plain_name(username or "")
        if not name or not password or "\x00" in password or is_local(name):
            return None
        down: list[DirectoryDown] = []
        for directory, condition in asked(request):
            try:
                user = OneDirectory(directory, condition).authenticate(request, name, password)
            except DirectoryDown as error:
                down.append(error)
                continue
            if user is not None:
                return user
        if down:
            raise down[0]
        return None


class OneDirectory(LDAPBackend):
    """django-auth-ldap with the settings of one row."""

    def __init__(self, directory: Directory, condition: str = "") -> None:
        self.directory = directory
        self._settings = backend_settings(directory, condition or name_filter(directory))

    def authenticate(self, request: HttpRequest | None, username: str, password: str) -> User | None:
        user = PersonOfDirectory(self, username=username, request=request).authenticate(password)
        return user if isinstance(user, User) else None


class Search(LDAPSearch):
    """Terms are put into a text that is formatted once more: a per cent sign in a group's name must stay one."""

    def search_with_additional_term_string(self, filterstr: str) -> LDAPSearch:
        return super().search_with_additional_term_string(filterstr.replace("%", "%%"))


class PersonOfDirectory(_LDAPUser):
    """One try to sign in, or one look at somebody's groups."""

    entry: Entry | None = None
    mapped: list[DirectoryGroup]

    def _authenticate_user_dn(self, password: str) -> None:
        directory = self.backend.directory
        self.entry = read_entry(directory, self.dn, self.attrs, timezone.now()) if self.dn else None
        address = subscriber(client_address(self._request)) if self._request else ""
        tries = Tries(directory, self.entry.uid if self.entry else self._username.casefold()[:LONGEST], address)
        counted = tries.begin()
        try:
            super()._authenticate_user_dn(password)
        except self.AuthenticationFailed:
            raise
        except Exception:  # no answer: that costs nothing
            counted.delete()
            raise
        tries.passed(counted)

    def _check_requirements(self) -> None:
        if self.entry is None or self.entry.barred:
            raise self.AuthenticationFailed("no identity, or barred")
        self.mapped = mapped_groups(self.backend.directory, self.group_infos())
        if not self.mapped:
            raise self.AuthenticationFailed("in no group that opens the desk")

    def _get_or_create_user(self, force_populate: bool = False) -> None:
        try:
            self._user = take_over(self.backend.directory, self.entry, self.mapped) if self.entry else None
        except NotTakenOver as refused:
            raise self.AuthenticationFailed(refused.code) from refused

    def group_infos(self) -> Any:
        """(DN, attributes) of the groups, nested ones too if the directory is set so."""
        return self._get_groups()._get_group_infos()


def backend_settings(directory: Directory, condition: str) -> LDAPSettings:
    """`condition`: which entry is meant, a filter with %(user)s for the name that was typed, or without."""
    kind = NestedMemberDNGroupType if directory.nested_groups else MemberDNGroupType
    people = f"(&{directory.people_filter.replace('%', '%%')}{condition})"
    wanted, of_groups = wanted_attributes(directory), [directory.uid_attribute, "cn"]
    facts = {
        "SERVER_URI": " ".join(directory.addresses),
        "START_TLS": directory.start_tls,
        "CONNECTION_OPTIONS": options(directory),
        "BIND_DN": directory.bind_dn,
        "BIND_PASSWORD": directory.bind_password,
        "USER_SEARCH": LDAPSearch(directory.base, ldap.SCOPE_SUBTREE, people, wanted),
        "GROUP_SEARCH": Search(
            directory.base, ldap.SCOPE_SUBTREE, directory.group_filter.replace("%", "%%"), of_groups
        ),
        "GROUP_TYPE": kind(directory.member_attribute),
    }
    return LDAPSettings("CHATDESK_NO_SUCH_SETTING_", facts)


def groups_of(directory: Directory, entry: Entry, line: Any) -> list[DirectoryGroup]:
    """The mapped groups of somebody who is not signing in, asked over an open connection. Raises DirectoryDown."""
    person = PersonOfDirectory(OneDirectory(directory), username=entry.uid)
    person._user_dn = entry.dn.lower()
    person._connection, person._connection_bound = line, True
    try:
        return mapped_groups(directory, person.group_infos())
    except ldap.LDAPError as error:
        raise DirectoryDown(directory.name, said(error)) from error


def asked(request: HttpRequest | None) -> list[tuple[Directory, str]]:
    """Which directories, and for whom: anybody of the name typed, or the very person who is signed in already.

    These are asked for their password once more, and the name that the desk has for them may mean nothing there.
    """
    me, identities = getattr(request, "user", None), DirectoryIdentity.objects.select_related("directory")
    if isinstance(me, User) and (known := identities.filter(user=me).first()):
        return [(known.directory, identity_filter(known.directory, known.uid))] if known.directory.is_active else []
    return [(directory, name_filter(directory)) for directory in Directory.objects.filter(is_active=True)]


def plain_name(written: str) -> str:
    """What somebody typed as a name: without DOMAIN\\ before it. Empty for what can't be one."""
    name = written.strip().rpartition("\\")[2]
    return name if len(name) <= LONGEST and name.isprintable() else ""


def is_local(name: str) -> bool:
    """Whether this is the e-mail address of an account whose password is kept here: no directory is asked for it."""
    return User.objects.filter(email=normal_email(name), directory_identity=None).exists()


def raise_down(sender: type, exception: ldap.LDAPError, **_facts: Any) -> None:
    """django-auth-ldap would answer a directory that is down as it does a wrong password, and a strike would count."""
    if issubclass(sender, OneDirectory):
        raise DirectoryDown("directory", said(exception)) from exception


ldap_error.connect(raise_down)
