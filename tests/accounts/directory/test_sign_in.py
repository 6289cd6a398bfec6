"""Signing in with the directory's password, against a real OpenLDAP."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.models import DirectoryIdentity, User
from chatdesk.usual import user_type
from tests.accounts.directory.conftest import Scene
from tests.accounts.directory.corp import CORRECT, mapped, user_of
from tests.accounts.people import is_signed_in, sign_in, text_of
from tests.accounts.pictures import picture
from tests.factories import PASSWORD, make_user

REFUSED = "do not fit together"


def opens(name: str, password: str = CORRECT) -> bool:
    client = Client()
    sign_in(client, name, password)
    return is_signed_in(client)


def test_a_person_of_the_directory_becomes_a_user(scene: Scene) -> None:
    assert opens("ann")
    ann = user_of("ann@corp.test")
    assert (ann.display_name, str(ann.user_type)) == ("Ann", "Operator")
    assert not ann.has_usable_password()


@pytest.mark.parametrize(
    "name", ["ann", "ANN", " ann ", "CORP\\ann", "ann@ad.corp.test", "Ann@AD.corp.test", "ann@corp.test", "ＡＮＮ"]
)
def test_one_person_is_one_user_whatever_name_is_typed(scene: Scene, name: str) -> None:
    assert opens("ann")
    assert opens(name)
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    "name",
    ["*", "a*", "ann)(|(cn=*", "ann)(objectClass=*", "\\2a", "ann\x00", "(ann)", "ann,ou=people", "", " ", "x" * 300],
)
@pytest.mark.parametrize("password", [CORRECT, "wrong"])
def test_nothing_can_be_put_into_the_filter(scene: Scene, name: str, password: str) -> None:
    assert not opens(name, password)
    assert not User.objects.exists()


@pytest.mark.parametrize("password", ["", " ", "\x00", CORRECT.lower(), CORRECT + " ", "x" * 513])
def test_wrong_and_empty_passwords_are_refused(scene: Scene, password: str) -> None:
    assert not opens("ann", password)


def test_an_empty_password_is_no_anonymous_bind(scene: Scene) -> None:
    """A directory answers a bind without a password with success (RFC 4513, 5.1.2): none may be asked."""
    before = scene.corp.server.output.count(f'BIND dn="{scene.ann}"')
    opens("ann", "")
    assert scene.corp.server.output.count(f'BIND dn="{scene.ann}"') == before


def test_who_is_in_no_mapped_group_stays_outside(scene: Scene) -> None:
    scene.corp.person("ben")
    client = Client()
    assert REFUSED in text_of(sign_in(client, "ben", CORRECT))
    assert not User.objects.exists()


def test_a_group_inside_a_group_counts_when_it_is_to(scene: Scene) -> None:
    carl = scene.corp.person("carl")
    inner = scene.corp.group("inner", carl)
    scene.corp.server.change(scene.desk, member=[scene.ann, inner])
    scene.directory.nested_groups = False
    scene.directory.save()
    assert not opens("carl")
    scene.directory.nested_groups = True
    scene.directory.save()
    assert opens("carl")


def test_groups_in_a_circle_end(scene: Scene) -> None:
    circle = scene.corp.group("circle", scene.desk)
    scene.corp.server.change(scene.desk, member=[scene.ann, circle])
    assert opens("ann")


def test_the_most_important_group_says_the_user_type(scene: Scene) -> None:
    leads = scene.corp.group("100% leads", scene.ann)
    mapped(scene.directory, leads, user_type("Supervisor"), priority=5)
    assert opens("ann")
    assert str(user_of("ann@corp.test").user_type) == "Supervisor"


@pytest.mark.parametrize("facts", [{"userAccountControl": "514"}, {"accountExpires": "116444736000000000"}])
def test_disabled_and_expired_people_stay_outside(scene: Scene, facts: dict[str, str]) -> None:
    scene.corp.server.change(scene.ann, **facts)
    assert not opens("ann")


@pytest.mark.parametrize("never", ["0", "9223372036854775807"])
def test_who_never_expires_gets_in(scene: Scene, never: str) -> None:
    scene.corp.server.change(scene.ann, accountExpires=never)
    assert opens("ann")


def test_who_the_filter_leaves_out_stays_outside(scene: Scene) -> None:
    scene.corp.server.change(scene.ann, employeeType="robot")
    assert not opens("ann")


def test_a_name_that_means_two_people_means_none(scene: Scene) -> None:
    bea = scene.corp.person("bea", mail="ann@ad.corp.test")
    scene.corp.server.change(scene.desk, member=[scene.ann, bea])
    assert not opens("ann@ad.corp.test")
    assert opens("bea")


def test_name_and_mail_are_taken_over_each_time(scene: Scene) -> None:
    opens("ann")
    scene.corp.server.change(scene.ann, displayName="Ann \u202eBell\n", mail="Ann.Bell@corp.test")
    opens("ann")
    ann = User.objects.get()
    assert (ann.display_name, ann.email) == ("Ann Bell", "ann.bell@corp.test")


def test_a_person_without_mail_gets_in(scene: Scene) -> None:
    scene.corp.server.change(scene.ann, mail=None)
    assert opens("ann")
    assert User.objects.get().email == f"{scene.corp.uid(scene.ann)}@directory.invalid"


def test_the_photo_is_taken_over_and_made_anew(scene: Scene) -> None:
    scene.corp.server.change(scene.ann, jpegPhoto=picture())
    opens("ann")
    first = User.objects.get().photo
    opens("ann")
    assert first
    assert User.objects.get().photo == first


def test_a_photo_that_is_none_keeps_nobody_outside(scene: Scene) -> None:
    scene.corp.server.change(scene.ann, jpegPhoto=b"no picture at all")
    assert opens("ann")
    assert User.objects.get().photo == ""


def unnamed(scene: Scene) -> None:
    scene.corp.server.change(scene.ann, mail=None)


def named_otherwise(scene: Scene) -> None:
    scene.directory.name_attributes = "uid"
    scene.directory.save()


def colleagues_mail(scene: Scene) -> None:
    """The desk keeps the address before, and the directory has given it to somebody else."""
    scene.corp.person("bea", mail="ann@corp.test")
    scene.corp.server.change(scene.ann, mail="other@corp.test")


@pytest.mark.parametrize("change", [unnamed, named_otherwise, colleagues_mail])
def test_who_is_signed_in_is_asked_again_whatever_their_name_is_there(scene: Scene, change: Any) -> None:
    """The desk knows them by an e-mail address, which the directory may not take as a name, or take as another's."""
    client = Client()
    sign_in(client, "ann", CORRECT)
    change(scene)
    assert client.post("/accounts/confirm/", {"password": "wrong"}).status_code == 200
    assert client.post("/accounts/confirm/", {"password": CORRECT}).status_code == 302


# --- accounts that are here already ----------------------------------------------------------------------------------


def test_the_owner_of_an_account_here_is_never_taken_over_by_mail(scene: Scene) -> None:
    make_user("root", is_superuser=True)
    scene.corp.server.change(scene.ann, mail="root@desk.example")
    assert not opens("ann")
    assert not opens("root@desk.example", CORRECT)
    assert not DirectoryIdentity.objects.exists()


def test_a_mail_that_becomes_a_colleagues_is_not_taken_over(scene: Scene) -> None:
    opens("ann")
    make_user("root", is_superuser=True)
    scene.corp.server.change(scene.ann, mail="root@desk.example")
    assert opens("ann")
    assert user_of("ann@corp.test").directory_identity.uid == scene.corp.uid(scene.ann)


def test_people_with_a_password_here_sign_in_as_ever(scene: Scene) -> None:
    make_user("nina")
    searches = scene.corp.server.output.count("SRCH base")
    assert opens("nina@desk.example", PASSWORD)
    assert not opens("nina@desk.example", "wrong")
    assert scene.corp.server.output.count("SRCH base") == searches


def test_who_an_admin_switched_off_stays_off(scene: Scene) -> None:
    opens("ann")
    User.objects.update(is_active=False)
    assert not opens("ann")
    assert not User.objects.get().is_active


def test_a_directory_out_of_use_lets_nobody_in(scene: Scene) -> None:
    scene.directory.is_active = False
    scene.directory.save()
    assert not opens("ann")
