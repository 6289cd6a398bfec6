"""What an admin decides about people of directories."""

from __future__ import annotations

from django.db import transaction

from accounts.actions.sign_ins import end_sign_ins
from accounts.audit import record
from accounts.models import Directory, DirectoryIdentity, User


@transaction.atomic
def link_person(directory: Directory, uid: str, user: User) -> DirectoryIdentity:
    """This account belongs to this person of the directory from now on: its own password is void, its sessions end."""
    identity = DirectoryIdentity.objects.create(directory=directory, uid=uid, user=user)
    user.set_unusable_password()
    user.save(update_fields=["password"])
    record("setting.change", on=user, after={"directory": directory.name, "identity": uid})
    end_sign_ins(user, reason="password kept in a directory")
    return identity
