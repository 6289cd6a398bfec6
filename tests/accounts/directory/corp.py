"""A company in the directory: its own branch for each test, and the row by which the desk knows it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Any

from accounts.models import Directory, DirectoryGroup, User, UserType
from chatdesk.usual import user_type
from tests.services.openldap import ROOT_DN, ROOT_PASSWORD, SUFFIX, OpenLdap

PERSON = ["inetOrgPerson", "adPerson"]
CORRECT = "Ann-Pass-1"


@dataclass
class Corp:
    """People are `uid=NAME`, groups `cn=NAME`, below a branch of their own."""

    server: OpenLdap
    branch: str = field(default_factory=lambda: f"ou={secrets.token_hex(6)},{SUFFIX}")

    def __post_init__(self) -> None:
        self.server.add(self.branch, objectClass="organizationalUnit")

    def directory(self, **facts: Any) -> Directory:
        usual = {
            "name": "Corp",
            "servers": self.server.url,
            "bind_dn": ROOT_DN,
            "base": self.branch,
            "people_filter": "(&(objectClass=inetOrgPerson)(!(employeeType=robot)))",
            "uid_attribute": "entryUUID",
            "photo_attribute": "jpegPhoto",
            "group_filter": "(objectClass=groupOfNames)",
        }
        row = Directory(**{**usual, **facts})
        row.bind_password = ROOT_PASSWORD
        row.full_clean()
        row.save()
        return row

    def person(self, name: str = "ann", **facts: Any) -> str:
        """Somebody whose password is CORRECT. The DN."""
        dn = f"uid={name},{self.branch}"
        usual = {
            "objectClass": PERSON,
            "sn": name,
            "cn": name,
            "displayName": name.capitalize(),
            "mail": f"{name}@corp.test",
            "sAMAccountName": name,
            "userPrincipalName": f"{name}@ad.corp.test",
            "userAccountControl": "512",
            "userPassword": CORRECT,
        }
        kept = {key: value for key, value in {**usual, **facts}.items() if value is not None}
        self.server.add(dn, **kept)
        return dn

    def group(self, name: str, *members: str) -> str:
        dn = f"cn={name},{self.branch}"
        self.server.add(dn, objectClass="groupOfNames", member=list(members) or [ROOT_DN])
        return dn

    def uid(self, dn: str) -> str:
        return self.server.read(dn, "entryUUID")


def mapped(directory: Directory, dn: str, kind: UserType | None = None, priority: int = 0) -> DirectoryGroup:
    """Members of this group become Operators, or of another type."""
    chosen = kind or user_type("Operator")
    return DirectoryGroup.objects.create(directory=directory, dn=dn, user_type=chosen, priority=priority)


def user_of(email: str) -> User:
    return User.objects.select_related("user_type").get(email=email)
