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
        for each in DirectoryMembers.objects.filter(directory_group__in=directory_groups).order_by("priority")
    }
    held = Membership.objects.filter(user_id=user_id)
    lost = held.filter(by_directory=True).exclude(group__in=given)
    _write_down(user_id, "setting.delete", lost.values_list("group__name", flat=True))
    lost.delete()
    present = set(held.values_list("group_id", flat=True))
    new = [each for group_id, each in given.items() if group_id not in present]
    for each in new:
        facts = {"chat_limit": each.chat_limit, "priority": each.priority, "by_directory": True}
        Membership.objects.create(user_id=user_id, group_id=each.group_id, **facts)
    _write_down(user_id, "setting.add", [each.group.name for each in new])


def _write_down(user_id: int, action: str, groups: Collection[str]) -> None:
    names = list(groups)
    if not names:
        return
    facts = {"routing groups": names}
    before, after = (facts, None) if action == "setting.delete" else (None, facts)
    record(action, on=User.objects.get(pk=user_id), before=before, after=after, reason="directory")
