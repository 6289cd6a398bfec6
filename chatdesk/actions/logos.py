from __future__ import annotations

import secrets

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from chatdesk.models import Button


def logo_path(key: str) -> str:
    """Where the storage keeps the logo with this key."""
    return f"logos/{key}.webp"


def set_logo(button: Button, picture: bytes) -> None:
    """Keep a picture that `small_logo` drew as this button's logo."""
    key = secrets.token_hex(16)
    default_storage.save(logo_path(key), ContentFile(picture))
    _replace(button, key)


def remove_logo(button: Button) -> None:
    _replace(button, "")


def _replace(button: Button, key: str) -> None:
    """The file of the old logo goes only after its row is gone: never a row that names a missing file."""
    with transaction.atomic():
        before = Button.objects.select_for_update().values_list("logo", flat=True).get(pk=button.pk)
        Button.objects.filter(pk=button.pk).update(logo=key)
        if before:
            transaction.on_commit(lambda: default_storage.delete(logo_path(before)))
    button.logo = key
