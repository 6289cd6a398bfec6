"""A group counts by what it is, not by what it is called (attack A-15)."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import DirectoryGroup, User
from accounts.tasks import look_at_directories
from chatdesk.usual import user_type
from tests.accounts.directory.conftest import Scene
from tests.accounts.directory.corp import CORRECT, mapped
from tests.accounts.people import is_signed_in, sign_in
from tests.services.openldap import ROOT_DN


def opens(name: str) -> bool:
    client = Client()
    sign_in(client, name, CORRECT)
    return is_signed_in(client)


def test_a_group_is_known_by_its_identity_once_seen(scene: Scene) -> None:
    opens("ann")
    assert DirectoryGroup.objects.get().uid == scene.corp.uid(scene.desk)


def test_the_same_name_elsewhere_gives_nothing(scene: Scene) -> None:
    eve = scene.corp.person("eve")
    scene.corp.server.add(f"ou=eves,{scene.corp.branch}", objectClass="organizationalUnit", ou="eves")
    place = f"cn=desk,ou=eves,{scene.corp.branch}"
    scene.corp.server.add(place, objectClass="groupOfNames", member=[eve])
    assert not opens("eve")


def test_a_new_group_at_the_old_place_gives_nothing(scene: Scene) -> None:
    admins = scene.corp.group("admins", scene.ann)
    mapped(scene.directory, admins, user_type("Admin"), priority=9)
    assert opens("ann")
    scene.corp.server.delete(admins)
    eve = scene.corp.person("eve")
    scene.corp.group("admins", eve)
    assert not opens("eve")
    look_at_directories()
    assert str(User.objects.select_related("user_type").get().user_type) == "Operator"


def test_a_renamed_group_is_still_meant(scene: Scene) -> None:
    opens("ann")
    scene.corp.server.move(scene.desk, "cn=the desk")
    look_at_directories()
    assert User.objects.get().is_active
    assert opens("ann")


def test_a_group_renamed_to_a_mapped_name_gives_nothing(scene: Scene) -> None:
    admins = scene.corp.group("admins", ROOT_DN)
    row = mapped(scene.directory, admins, user_type("Admin"), priority=9)
    DirectoryGroup.objects.filter(pk=row.pk).update(uid=scene.corp.uid(admins))
    scene.corp.server.move(admins, "cn=admins-old")
    eve = scene.corp.person("eve")
    fans = scene.corp.group("fans", eve)
    scene.corp.server.move(fans, "cn=admins")
    assert not opens("eve")


def test_a_local_user_type_of_a_groups_name_gives_nothing(scene: Scene) -> None:
    eve = scene.corp.person("eve")
    scene.corp.group("Admin", eve)
    assert not opens("eve")


@pytest.mark.parametrize("spelling", ["CN=desk, OU={}", "cn=DESK,ou={}"])
def test_the_place_is_found_in_any_spelling(scene: Scene, spelling: str) -> None:
    branch = scene.corp.branch.removeprefix("ou=")
    DirectoryGroup.objects.update(dn=spelling.format(branch))
    assert opens("ann")
