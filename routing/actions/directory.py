"""Memberships that a directory gives and takes away. What an admin gave by hand stays."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from accounts.audit import record
from accounts.models import User
from routing.models import DirectoryMembers, Membership


@transaction.atomic
def follow_directory(user_id: int, directory_groups: Collection[int]) -> None:
    """Make this person's memberships fit the groups of the directory (DirectoryGroup) that they are in now."""
    given = {
        each.group_id: each
        for each in DirectoryMembers.objects.filter(directory_group__in=directory_groups)
        .select_related("group")
        .order_by("priority")
    }
    lost = Membership.objects.filter(user_id=user_id, by_directory=True).exclude(group__in=given)
    _write_down(user_id, "setting.delete", lost.values_list("group__name", flat=True))
    lost.delete()
    _write_down(user_id, "setting.add", [each.group.name for each in given.values() if _join(user_id, each)])


def _join(user_id: int, given: DirectoryMembers) -> bool:
    """Make the person a member; False for who is one, perhaps by signing in twice at once."""
    facts = {"chat_limit": given.chat_limit, "priority": given.priority, "by_directory": True}
    return Membership.objects.get_or_create(user_id=user_id, group_id=given.group_id, defaults=facts)[1]


def _write_down(user_id: int, action: str, groups: Collection[str]) -> None:
    names = list(groups)
    if not names:
        return
    facts = {"routing groups": names}
    before, after = (facts, None) if action == "setting.delete" else (None, facts)
    record(action, on=User.objects.get(pk=user_id), before=before, after=after, reason="directory")
