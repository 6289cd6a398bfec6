"""Directories belong to the part of the settings that has the people; groups of a directory are chosen elsewhere."""

from __future__ import annotations

from django.test import Client

from accounts.models import Directory, DirectoryGroup, User, UserType
from routing.models import DirectoryMembers
from tests.accounts.people import signed_in
from tests.factories import Cast, make_user


def opens(*parts: str) -> Client:
    kind = UserType.objects.create(name="Part", opens_admin=True, admin_parts=list(parts))
    return signed_in(make_user("pat", kind))


def directory() -> Directory:
    row = Directory.objects.create(name="Corp", servers="ldap://x", bind_dn="x", base="x", is_active=False)
    DirectoryGroup.objects.create(directory=row, dn="cn=desk")
    return row


def test_who_has_the_people_has_directories(db: None) -> None:
    path = f"/admin/accounts/directory/{directory().pk}/"
    client = opens("people")
    assert client.get(f"{path}change/").status_code == 200
    assert client.get(f"{path}try/").status_code == 200


def test_who_has_another_part_has_none(db: None) -> None:
    path = f"/admin/accounts/directory/{directory().pk}/"
    client = opens("buttons")
    assert client.get(f"{path}change/").status_code == 403
    assert client.get(f"{path}try/").status_code == 403
    assert client.post(f"{path}try/", {"name": "ann"}).status_code == 403


def test_who_has_routing_chooses_groups_of_a_directory(cast: Cast) -> None:
    directory()
    client = opens("routing")
    page = client.get(f"/admin/routing/group/{cast.sales.pk}/change/").content.decode()
    assert "directory_members-TOTAL_FORMS" in page
    assert "cn=desk" in page
    assert not DirectoryMembers.objects.exists()
    assert User.objects.filter(display_name="Pat").exists()
