from __future__ import annotations

import secrets

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from accounts.models import User
from accounts.photos import square_photo


def photo_path(key: str) -> str:
    """Where the storage keeps the photo with this key."""
    return f"photos/{key}.webp"


def set_photo(user: User, data: bytes) -> None:
    """Check, shrink and keep an uploaded picture as this person's photo. Raises ValidationError, see `square_photo`."""
    key = secrets.token_hex(16)
    default_storage.save(photo_path(key), ContentFile(square_photo(data)))
    _replace(user, key)


def remove_photo(user: User) -> None:
    _replace(user, "")


def _replace(user: User, key: str) -> None:
    """The file of the old photo goes only after its row is gone: never a row that names a missing file."""
    with transaction.atomic():
        before = User.objects.select_for_update().values_list("photo", flat=True).get(pk=user.pk)
        User.objects.filter(pk=user.pk).update(photo=key)
        if before:
            transaction.on_commit(lambda: default_storage.delete(photo_path(before)))
    user.photo = key
