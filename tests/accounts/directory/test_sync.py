"""Every ten minutes: who left the company, or its groups, is switched off here, and comes back as the same user."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from io import StringIO
from threading import Event
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from accounts.directory import people, sync
from accounts.directory.entry import Entry
from accounts.directory.line import connected, find_identity
from accounts.directory.people import withdraw
from accounts.models import AuditEntry, Directory, DirectoryIdentity, SignIn, User
from accounts.signals import access_changed, directory_person
from accounts.tasks import look_at_directories
from chatdesk.schedule import SECONDS
from chatdesk.usual import user_type
from tests.accounts.directory.conftest import Scene
from tests.accounts.directory.corp import CORRECT, mapped
from tests.accounts.people import is_signed_in, sign_in
from tests.accounts.pictures import picture
from tests.factories import make_operator
from tests.services.openldap import ROOT_DN
from tests.threads import closing

EXPIRED = "116444736000000000"  # 1970


@pytest.fixture
def desk(scene: Scene) -> Client:
    """ann, signed in with the directory's password."""
    client = Client()
    sign_in(client, "ann", CORRECT)
    assert is_signed_in(client)
    return client


def leave(scene: Scene, how: str) -> str:
    """What happens to ann in the directory, and what the desk calls it."""
    server = scene.corp.server
    match how:
        case "disabled":
            server.change(scene.ann, userAccountControl="514")
        case "expired":
            server.change(scene.ann, accountExpires=EXPIRED)
        case "no group":
            server.change(scene.desk, member=[ROOT_DN])
        case "gone":
            server.delete(scene.ann)
        case "filtered":
            server.change(scene.ann, employeeType="robot")
            return "gone"
    return how


@pytest.mark.parametrize("how", ["disabled", "expired", "no group", "gone", "filtered"])
def test_who_is_no_longer_let_in_loses_the_session(scene: Scene, desk: Client, how: str) -> None:
    why = leave(scene, how)
    look_at_directories()
    assert not is_signed_in(desk)
    assert not SignIn.objects.exists()
    assert not User.objects.get().is_active
    assert DirectoryIdentity.objects.get().withdrawn == why
    entry = AuditEntry.objects.filter(action="directory.sync").latest("pk")
    assert (entry.after, entry.reason) == ({"is_active": False}, why)


def test_it_is_looked_at_often_enough() -> None:
    assert SECONDS["accounts.tasks.look_at_directories"] <= 600


def test_who_comes_back_is_the_same_user(scene: Scene, desk: Client) -> None:
    leave(scene, "disabled")
    look_at_directories()
    scene.corp.server.change(scene.ann, userAccountControl="512")
    look_at_directories()
    assert User.objects.get().is_active
    client = Client()
    sign_in(client, "ann", CORRECT)
    assert is_signed_in(client)
    assert User.objects.count() == 1


def test_who_an_admin_switched_off_is_not_switched_on(scene: Scene, desk: Client) -> None:
    User.objects.update(is_active=False)
    look_at_directories()
    assert not User.objects.get().is_active


def test_a_move_and_a_new_name_keep_the_person(scene: Scene, desk: Client) -> None:
    server = scene.corp.server
    server.move(scene.ann, "uid=ann.bell")
    moved = scene.ann.replace("uid=ann,", "uid=ann.bell,")
    server.change(moved, displayName="Ann Bell", sAMAccountName="abell", jpegPhoto=picture())
    server.change(scene.desk, member=moved)
    look_at_directories()
    assert is_signed_in(desk)
    ann = User.objects.get()
    assert (ann.display_name, bool(ann.photo)) == ("Ann Bell", True)
    assert DirectoryIdentity.objects.get().dn.lower() == moved.lower()


def test_a_new_account_of_the_same_name_is_another_person(scene: Scene, desk: Client) -> None:
    scene.corp.server.delete(scene.ann)
    scene.corp.person("ann", mail="other@corp.test")
    look_at_directories()
    client = Client()
    sign_in(client, "ann", CORRECT)
    assert not is_signed_in(desk)
    assert sorted(User.objects.values_list("email", "is_active")) == [
        ("ann@corp.test", False),
        ("other@corp.test", True),
    ]


def test_a_new_most_important_group_changes_the_user_type(scene: Scene, desk: Client) -> None:
    heard: list[int] = []

    def hear(user_id: int, **_facts: Any) -> None:
        heard.append(user_id)

    leads = scene.corp.group("leads", scene.ann)
    mapped(scene.directory, leads, user_type("Supervisor"), priority=5)
    access_changed.connect(hear)
    look_at_directories()
    ann = User.objects.select_related("user_type").get()
    assert str(ann.user_type) == "Supervisor"
    entry = AuditEntry.objects.filter(action="directory.sync").latest("pk")
    assert entry.before is not None
    assert entry.before["user_type"] == "Operator"
    assert heard == [ann.pk]


def test_open_sockets_hear_of_a_loss(scene: Scene) -> None:
    client, heard = Client(), []

    def hear(user_id: int, **_facts: Any) -> None:
        heard.append(user_id)

    sign_in(client, "ann", CORRECT)
    access_changed.connect(hear)
    leave(scene, "disabled")
    look_at_directories()
    assert User.objects.get().pk in heard


def test_the_groups_are_told_to_who_wants_to_know(scene: Scene, desk: Client) -> None:
    told: list[list[int]] = []

    def hear(groups: list[int], **_facts: Any) -> None:
        told.append(groups)

    directory_person.connect(hear)
    look_at_directories()
    leave(scene, "no group")
    look_at_directories()
    assert told == [[scene.directory.groups.get().pk], []]


def test_a_quiet_round_writes_no_history(scene: Scene, desk: Client) -> None:
    look_at_directories()
    before = AuditEntry.objects.count()
    look_at_directories()
    assert AuditEntry.objects.count() == before
    assert is_signed_in(desk)


def test_the_console_lets_in_whom_the_directory_withdrew(scene: Scene, desk: Client) -> None:
    leave(scene, "disabled")
    look_at_directories()
    said = StringIO()
    call_command("open_access", "ann@corp.test", stdout=said)
    look_at_directories()
    client = Client()
    client.post(urlsplit(said.getvalue().split()[-1]).path)
    assert is_signed_in(client)
    entry = AuditEntry.objects.get(action="access.opened")
    assert entry.after is not None
    assert entry.after["is_active"] is True
    withdraw(DirectoryIdentity.objects.select_related("user").get(), "unreachable")
    assert is_signed_in(client)
    User.objects.update(rules_lifted_until=timezone.now())
    look_at_directories()
    assert not is_signed_in(client)
    assert DirectoryIdentity.objects.get().withdrawn == "disabled"


def test_one_bad_entry_keeps_nobody_else_in(scene: Scene, desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    bad = scene.corp.person("bad")
    scene.corp.server.change(scene.desk, member=[scene.ann, bad])
    sign_in(Client(), "bad", CORRECT)
    uid = scene.corp.uid(bad)
    leave(scene, "disabled")

    def look(directory: Any, line: Any, identity: str, now: Any) -> Any:
        if identity == uid:
            raise ValueError("an entry that nobody can read")
        return find_identity(directory, line, identity, now)

    monkeypatch.setattr(sync, "find_identity", look)
    look_at_directories()
    assert not User.objects.get(email="ann@corp.test").is_active
    assert User.objects.get(email="bad@corp.test").is_active


def test_one_broken_directory_keeps_no_other_from_being_looked_at(
    scene: Scene, desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    Directory.objects.create(name="Aaa", servers="ldap://127.0.0.1:1", bind_dn="x", base="dc=x")
    leave(scene, "disabled")

    def open_line(directory: Directory) -> Any:
        if directory.name == "Aaa":
            raise ValueError("settings that nobody can use")
        return connected(directory)

    monkeypatch.setattr(sync, "connected", open_line)
    look_at_directories()
    assert not User.objects.get().is_active
    assert Directory.objects.get(name="Aaa").trouble == "ValueError"


def test_a_mail_that_fits_nowhere_stops_nothing(scene: Scene, desk: Client) -> None:
    scene.corp.server.change(scene.ann, mail=f"{'a' * 300}@corp.test")
    look_at_directories()
    assert User.objects.get().email == f"{scene.corp.uid(scene.ann)}@directory.invalid"


def test_one_connection_is_enough_for_everybody(scene: Scene, desk: Client) -> None:
    people = [scene.corp.person(f"p{number}") for number in range(4)]
    scene.corp.server.change(scene.desk, member=[scene.ann, *people])
    for number in range(4):
        sign_in(Client(), f"p{number}", CORRECT)
    before = scene.corp.server.output.count("ACCEPT from")
    look_at_directories()
    assert scene.corp.server.output.count("ACCEPT from") - before == 1
    assert User.objects.filter(is_active=True).count() == 5


@pytest.mark.django_db(transaction=True)
def test_an_admin_who_switches_somebody_off_meanwhile_is_not_undone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the reading of a row and its writing: the admin's word waits for that, and is the last."""
    directory = Directory.objects.create(name="Corp", servers="ldap://127.0.0.1:1", bind_dn="x", base="x")
    ann = make_operator("ann")
    DirectoryIdentity.objects.create(user=ann, directory=directory, uid="1")
    looked, switched, facts = Event(), Event(), people._facts

    def facts_slowly(user: User) -> dict[str, Any]:
        looked.set()
        switched.wait(0.5)
        return facts(user)

    monkeypatch.setattr(people, "_facts", facts_slowly)
    entry = Entry("uid=ann", "1", ann.email, "Ann", b"", "")
    with ThreadPoolExecutor(1) as thread:
        taken = thread.submit(closing, partial(people.take_over, directory, entry, []))
        assert looked.wait(30)
        User.objects.filter(pk=ann.pk).update(is_active=False)
        switched.set()
        taken.result(30)
    ann.refresh_from_db()
    assert not ann.is_active
