"""A person of the directory becomes a user here, changes, goes and comes back."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.actions.photos import set_photo
from accounts.actions.sign_ins import end_sign_ins
from accounts.audit import record
from accounts.directory.entry import Entry
from accounts.directory.errors import NotTakenOver
from accounts.models import Directory, DirectoryGroup, DirectoryIdentity, User
from accounts.signals import access_changed, directory_person


def take_over(directory: Directory, entry: Entry, groups: Sequence[DirectoryGroup]) -> User:
    """The user of this person with name, photo, user type and groups as the directory says; made if need be.

    Raises NotTakenOver: `switched_off` by an admin, or `email_taken` by an account that is not this person's.
    """
    with transaction.atomic():
        identity = _identity(directory, entry)
        before = _facts(identity.user)
        _update(identity, entry, groups)
        after = _facts(identity.user)
        if before != after:
            record("directory.sync", on=identity.user, before=before, after=after, reason=directory.name)
            access_changed.send(sender=User, user_id=identity.user.pk)
        directory_person.send(sender=DirectoryIdentity, user_id=identity.user.pk, groups=[each.pk for each in groups])
    _take_photo(identity, entry.photo)
    return identity.user


@transaction.atomic
def withdraw(identity: DirectoryIdentity, why: str) -> None:
    """Switch the person off until the directory says otherwise; sessions and open sockets end.

    Not who was let in from the console, while that lasts.
    """
    user, now = identity.user, timezone.now()
    closed = Q(rules_lifted_until=None) | Q(rules_lifted_until__lte=now)
    if not User.objects.filter(closed, pk=user.pk, is_active=True).update(is_active=False):
        return
    DirectoryIdentity.objects.filter(pk=identity.pk).update(withdrawn=why)
    record("directory.sync", on=user, before={"is_active": True}, after={"is_active": False}, reason=why)
    directory_person.send(sender=DirectoryIdentity, user_id=user.pk, groups=[])
    end_sign_ins(user, reason=why)
    access_changed.send(sender=User, user_id=user.pk)


def _identity(directory: Directory, entry: Entry) -> DirectoryIdentity:
    known = DirectoryIdentity.objects.select_related("user__user_type").filter(directory=directory, uid=entry.uid)
    return known.select_for_update(of=("self", "user")).first() or _newcomer(directory, entry)


def _newcomer(directory: Directory, entry: Entry) -> DirectoryIdentity:
    """Never the owner of an account that is here already: whoever writes e-mail addresses into the directory would
    become whom they like."""
    if User.objects.filter(email=entry.email).exists():
        raise NotTakenOver("email_taken")
    user = User(email=entry.email, display_name=entry.name)
    user.set_unusable_password()
    user.save()
    return DirectoryIdentity.objects.create(directory=directory, uid=entry.uid, dn=entry.dn, user=user)


def _update(identity: DirectoryIdentity, entry: Entry, groups: Sequence[DirectoryGroup]) -> None:
    user = identity.user
    if not user.is_active and not identity.withdrawn:
        raise NotTakenOver("switched_off")
    identity.dn, identity.seen_at, identity.withdrawn = entry.dn[:512], timezone.now(), ""
    identity.save(update_fields=["dn", "seen_at", "withdrawn"])
    user.is_active, user.display_name = True, entry.name
    user.user_type = next((each.user_type for each in groups if each.user_type), user.user_type)
    if not User.objects.filter(email=entry.email).exclude(pk=user.pk).exists():
        user.email = entry.email
    user.save(update_fields=["is_active", "display_name", "user_type", "email"])


def _take_photo(identity: DirectoryIdentity, photo: bytes) -> None:
    """What is no picture, or can't be kept now, is left out: nobody stays outside for it."""
    digest = hashlib.sha256(photo).hexdigest() if photo else ""
    if not photo or digest == identity.photo_digest:
        return
    DirectoryIdentity.objects.filter(pk=identity.pk).update(photo_digest=digest)
    try:
        set_photo(identity.user, photo)
    except (ValidationError, OSError):
        return


def _facts(user: User) -> dict[str, Any]:
    kind = str(user.user_type) if user.user_type else None
    return {"email": user.email, "name": user.display_name, "user_type": kind, "is_active": user.is_active}
