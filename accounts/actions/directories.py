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


@transaction.atomic
def sign_its_people_out(directory: Directory) -> int:
    """For a directory that is no longer used: nobody would look at its people again. How many sessions ended."""
    people = User.objects.filter(directory_identity__directory=directory)
    return sum(end_sign_ins(user, reason="directory out of use") for user in people)
