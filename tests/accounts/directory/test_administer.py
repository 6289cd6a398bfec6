"""Setting a directory up in the settings pages, and trying it out there."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.checks import run_checks
from django.test import Client
from pytest_django.fixtures import Settings

from accounts.actions.directories import link_person
from accounts.models import AuditEntry, Directory, DirectoryGroup, DirectoryIdentity, User
from accounts.tasks import look_at_directories
from chatdesk.usual import user_type
from tests.accounts.directory.conftest import Scene
from tests.accounts.directory.corp import CORRECT, mapped
from tests.accounts.people import is_signed_in, sign_in, signed_in, text_of
from tests.factories import PASSWORD, make_admin, make_operator, make_user
from tests.services.openldap import ROOT_DN, ROOT_PASSWORD
from tests.services.process import free_port

pytestmark = pytest.mark.once

LIST = "/admin/accounts/directory/"
PLAIN = {"servers": "ldap://dc1.corp.test", "start_tls": "on"}
NO_GROUPS = {"groups-TOTAL_FORMS": "0", "groups-INITIAL_FORMS": "0"}


@pytest.fixture
def admin(scene: Scene) -> Client:
    return signed_in(make_admin())


def facts(scene: Scene, **changes: Any) -> dict[str, Any]:
    written = {field.name: getattr(scene.directory, field.name) for field in Directory._meta.fields if field.editable}
    shown = {name: value for name, value in written.items() if name != "id" and value is not False}
    return {**shown, **NO_GROUPS, **changes}


def attempt(admin: Client, scene: Scene, **said: str) -> Any:
    return admin.post(f"{LIST}{scene.directory.pk}/try/", said)


def test_a_directory_is_set_up(admin: Client, scene: Scene) -> None:
    group = {"groups-TOTAL_FORMS": "1", "groups-INITIAL_FORMS": "0", "groups-0-dn": scene.desk}
    kind = {"groups-0-user_type": user_type("Operator").pk, "groups-0-priority": "0"}
    Directory.objects.all().delete()
    admin.post(f"{LIST}add/", facts(scene, bind_password=ROOT_PASSWORD, **group, **kind))
    client = Client()
    sign_in(client, "ann", CORRECT)
    assert is_signed_in(client)


def test_the_password_is_sealed_never_shown_and_kept(admin: Client, scene: Scene) -> None:
    path = f"{LIST}{scene.directory.pk}/change/"
    admin.post(path, facts(scene, bind_password="a new secret"))
    row = Directory.objects.get()
    assert row.bind_password == "a new secret"
    assert "a new secret" not in row.bind_secret
    assert "a new secret" not in admin.get(path).content.decode()
    assert row.bind_secret not in admin.get(path).content.decode()
    admin.post(path, facts(scene, name="Corporation"))
    assert Directory.objects.get().bind_password == "a new secret"
    assert "a new secret" not in str(list(AuditEntry.objects.values_list("before", "after")))


@pytest.mark.parametrize(
    ("servers", "sentence"),
    [
        ("ldap://dc1.corp.test", "for everybody to read"),
        ("http://dc1.corp.test", "is no address of a directory"),
        ("dc1.corp.test", "is no address of a directory"),
        ("ldaps://dc1.corp.test:ldaps", "is no address of a directory"),
        ("ldaps://dc1.corp.test:99999", "is no address of a directory"),
        ("ldaps://[2001:db8::7", "is no address of a directory"),
        (" ", "This field is required"),
    ],
)
def test_an_address_that_is_wrong_or_unsafe_is_told(admin: Client, scene: Scene, servers: str, sentence: str) -> None:
    page = admin.post(f"{LIST}{scene.directory.pk}/change/", facts(scene, servers=servers))
    assert sentence in text_of(page)


def test_taking_it_out_of_use_signs_its_people_out(admin: Client, scene: Scene) -> None:
    ann = Client()
    sign_in(ann, "ann", CORRECT)
    admin.post(f"{LIST}{scene.directory.pk}/change/", {**facts(scene), "is_active": ""})
    assert not Directory.objects.get().is_active
    assert not is_signed_in(ann)


def test_it_stays_in_use_while_every_admin_signs_in_with_it(scene: Scene) -> None:
    ada = make_admin()
    client = signed_in(ada)
    link_person(scene.directory, "another", ada)
    client.force_login(ada, backend="accounts.backends.UserTypeBackend")
    path = f"{LIST}{scene.directory.pk}/change/"
    page = client.post(path, {**facts(scene), "is_active": ""})
    assert "Every admin signs in with this directory" in text_of(page)
    assert Directory.objects.get().is_active
    DirectoryIdentity.objects.filter(user=ada).update(user=make_user("nina"))
    client.post(path, {**facts(scene), "is_active": ""})
    assert not Directory.objects.get().is_active


def test_a_plain_address_with_starttls_is_fine(admin: Client, scene: Scene) -> None:
    admin.post(f"{LIST}{scene.directory.pk}/change/", facts(scene, **PLAIN, bind_password="typed"))
    assert Directory.objects.get().start_tls


@pytest.mark.parametrize(
    "change",
    [{"servers": "ldaps://thief.test"}, {"start_tls": "on"}, {"ca_certificate": "another"}, {"bind_dn": "cn=thief"}],
)
def test_the_password_goes_nowhere_else_without_being_typed(
    admin: Client, scene: Scene, change: dict[str, Any]
) -> None:
    path = f"{LIST}{scene.directory.pk}/change/"
    assert "it would be sent to another place" in text_of(admin.post(path, facts(scene, **change)))
    assert facts(scene) == facts(Scene(scene.corp, Directory.objects.get(), scene.ann, scene.desk))
    admin.post(path, facts(scene, **change, bind_password="typed"))
    assert Directory.objects.get().bind_password == "typed"


def test_other_ends_of_lines_are_no_other_place(admin: Client, scene: Scene) -> None:
    Directory.objects.update(servers="ldaps://a.test\nldaps://b.test")
    both = facts(scene, servers="ldaps://a.test\r\nldaps://b.test", name="Corporation")
    admin.post(f"{LIST}{scene.directory.pk}/change/", both)
    assert Directory.objects.get().name == "Corporation"


def test_trying_tells_what_is_there(admin: Client, scene: Scene) -> None:
    page = text_of(attempt(admin, scene))
    assert f"{scene.corp.server.url} answers, and knows the service account." in page
    assert "People that the filter finds: 1." in page
    assert f"The group {scene.desk} is there." in page
    assert DirectoryGroup.objects.get().uid == scene.corp.uid(scene.desk)


def test_trying_tells_what_is_not(admin: Client, scene: Scene) -> None:
    silent = f"ldap://127.0.0.1:{free_port()}"
    Directory.objects.update(servers=f"{silent}\n{scene.corp.server.url}")
    mapped(scene.directory, f"cn=nobody,{scene.corp.branch}")
    page = text_of(attempt(admin, scene))
    assert f"Not yet: {silent}: Can't contact LDAP server" in page
    assert f"There is no group cn=nobody,{scene.corp.branch}." in page


def test_trying_an_address_that_the_library_refuses_tells_it(admin: Client, scene: Scene) -> None:
    Directory.objects.update(servers="ldaps://dc1.corp.test,ldaps://dc2.corp.test")
    assert "Not yet: ldaps://dc1.corp.test,ldaps://dc2.corp.test: " in text_of(attempt(admin, scene))
    assert sign_in(Client(), "ann", CORRECT).status_code == 503
    assert look_at_directories() == 0


def test_trying_a_wrong_password_tells_it(admin: Client, scene: Scene) -> None:
    scene.directory.bind_password = "wrong"
    scene.directory.save()
    assert "Invalid credentials" in text_of(attempt(admin, scene))


def test_a_group_that_was_made_anew_is_told(admin: Client, scene: Scene) -> None:
    attempt(admin, scene)
    scene.corp.server.delete(scene.desk)
    scene.corp.group("desk", scene.ann)
    assert "is another group than the one that was chosen" in text_of(attempt(admin, scene))


def test_a_person_is_looked_up(admin: Client, scene: Scene) -> None:
    page = text_of(attempt(admin, scene, name="ANN"))
    assert "ann@corp.test" in page
    assert "User type Operator" in page
    assert "This person can sign in." in page
    assert User.objects.count() == 1  # the admin: looking makes nobody


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"userAccountControl": "514"}, "switched off or has expired"),
        ({"mail": "nina@desk.example"}, "is an account here with a password of its own"),
    ],
)
def test_looking_up_says_why_not(admin: Client, scene: Scene, change: dict[str, Any], sentence: str) -> None:
    make_user("nina")
    scene.corp.server.change(scene.ann, **change)
    assert sentence in text_of(attempt(admin, scene, name="ann"))


def test_who_is_in_no_group_and_who_is_nobody(admin: Client, scene: Scene) -> None:
    scene.corp.server.change(scene.desk, member=[ROOT_DN])
    assert "none of the groups you chose" in text_of(attempt(admin, scene, name="ann"))
    assert "Nobody has that name" in text_of(attempt(admin, scene, name="nobody"))


def test_an_account_that_is_here_is_linked_by_an_admin_alone(admin: Client, scene: Scene) -> None:
    nina = make_user("nina", user_type("Operator"))
    scene.corp.server.change(scene.ann, mail=nina.email)
    was = signed_in(nina)
    attempt(admin, scene, name="ann", link="yes")
    assert DirectoryIdentity.objects.get().user == nina
    assert not is_signed_in(was)
    client = Client()
    sign_in(client, nina.email, PASSWORD)
    assert not is_signed_in(client)
    sign_in(client, "ann", CORRECT)
    assert is_signed_in(client)


def test_there_is_nothing_to_link_without_such_an_account(admin: Client, scene: Scene) -> None:
    attempt(admin, scene, name="ann", link="yes")
    assert not DirectoryIdentity.objects.exists()


def test_whom_the_desk_knows_already_is_linked_to_no_second_account(admin: Client, scene: Scene) -> None:
    """Their address in the directory has become a colleague's here: they go on as who they are."""
    sign_in(Client(), "ann", CORRECT)
    nina = make_user("nina")
    scene.corp.server.change(scene.ann, mail=nina.email)
    assert "This person can sign in." in text_of(attempt(admin, scene, name="ann"))
    attempt(admin, scene, name="ann", link="yes")
    assert DirectoryIdentity.objects.get().user.email == "ann@corp.test"


def test_others_do_not_meet_the_page(scene: Scene) -> None:
    client = signed_in(make_operator("alice"))
    for answer in (client.get(f"{LIST}{scene.directory.pk}/try/"), attempt(client, scene, name="ann")):
        assert answer.status_code in (302, 403)
        assert "ann@corp.test" not in answer.content.decode()


# --- without the optional packages -----------------------------------------------------------------------------------


def test_without_the_packages_one_line_says_so(admin: Client, scene: Scene, settings: Settings) -> None:
    settings.DIRECTORIES = False
    line = "pip install -r requirements/ldap.txt"
    assert line in text_of(admin.get(LIST))
    assert line in text_of(attempt(admin, scene))
    assert [found.id for found in run_checks(databases=["default"]) if line in found.msg] == ["accounts.W001"]
    assert look_at_directories() == 0


def test_without_a_directory_nothing_is_said(settings: Settings, db: None) -> None:
    settings.DIRECTORIES = False
    assert not [found for found in run_checks(databases=["default"]) if found.id == "accounts.W001"]


# --- passwords are kept there ----------------------------------------------------------------------------------------


def test_changing_the_password_is_refused_politely(scene: Scene) -> None:
    client = Client()
    sign_in(client, "ann", CORRECT)
    page = client.post("/accounts/password/", {"old_password": CORRECT})
    assert "You sign in with your password of Corp. Change it there" in text_of(page)
