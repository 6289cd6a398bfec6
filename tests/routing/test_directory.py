from __future__ import annotations

import pytest

from accounts.models import AuditEntry, Directory, DirectoryGroup
from accounts.signals import directory_person
from routing.actions.directory import follow_directory
from routing.models import DirectoryMembers, Group, Membership
from tests.accounts.people import signed_in
from tests.factories import Cast, make_admin, make_user


@pytest.fixture
def directory(db: None) -> Directory:
    return Directory.objects.create(name="Corp", servers="ldap://x", bind_dn="x", base="x", is_active=False)


def mapped(directory: Directory, name: str, group: Group, limit: int = 3) -> DirectoryGroup:
    row = DirectoryGroup.objects.create(directory=directory, dn=f"cn={name}")
    DirectoryMembers.objects.create(directory_group=row, group=group, chat_limit=limit)
    return row


def groups_of(user_id: int) -> list[tuple[str, int]]:
    return list(
        Membership.objects.filter(user=user_id).order_by("group__slug").values_list("group__slug", "chat_limit")
    )


def test_who_is_in_the_directorys_group_is_in_ours(cast: Cast, directory: Directory) -> None:
    sales, support = mapped(directory, "s", cast.sales), mapped(directory, "t", cast.support, limit=7)
    nina = make_user("nina")
    follow_directory(nina.pk, [sales.pk, support.pk])
    assert groups_of(nina.pk) == [("sales", 3), ("support", 7)]
    follow_directory(nina.pk, [support.pk])
    assert groups_of(nina.pk) == [("support", 7)]
    follow_directory(nina.pk, [])
    assert groups_of(nina.pk) == []


def test_what_an_admin_gave_by_hand_stays(cast: Cast, directory: Directory) -> None:
    sales = mapped(directory, "s", cast.sales)
    follow_directory(cast.alice.pk, [sales.pk])
    assert groups_of(cast.alice.pk) == [("sales", 4)]
    follow_directory(cast.alice.pk, [])
    assert groups_of(cast.alice.pk) == [("sales", 4)]


def test_what_an_admin_changed_stays_changed(cast: Cast, directory: Directory) -> None:
    sales, nina = mapped(directory, "s", cast.sales), make_user("nina")
    follow_directory(nina.pk, [sales.pk])
    Membership.objects.filter(user=nina).update(chat_limit=9)
    follow_directory(nina.pk, [sales.pk])
    assert groups_of(nina.pk) == [("sales", 9)]


def test_it_happens_when_the_directory_is_looked_at(cast: Cast, directory: Directory) -> None:
    sales, nina = mapped(directory, "s", cast.sales), make_user("nina")
    directory_person.send(sender=None, user_id=nina.pk, groups=[sales.pk])
    assert groups_of(nina.pk) == [("sales", 3)]


def test_changes_are_written_down_and_quiet_rounds_are_not(cast: Cast, directory: Directory) -> None:
    sales, nina = mapped(directory, "s", cast.sales), make_user("nina")
    for groups in ([sales.pk], [sales.pk], [], []):
        follow_directory(nina.pk, groups)
    told = AuditEntry.objects.filter(object_id=str(nina.pk), reason="directory").order_by("pk")
    assert [(each.action, each.before, each.after) for each in told] == [
        ("setting.add", None, {"routing groups": ["Sales"]}),
        ("setting.delete", {"routing groups": ["Sales"]}, None),
    ]


def test_the_settings_show_it_once_there_is_a_directory(cast: Cast, directory: Directory) -> None:
    admin, path = signed_in(make_admin()), f"/admin/routing/group/{cast.sales.pk}/change/"
    assert "directory_members-TOTAL_FORMS" not in admin.get(path).content.decode()
    mapped(directory, "s", cast.support)
    assert "directory_members-TOTAL_FORMS" in admin.get(path).content.decode()
