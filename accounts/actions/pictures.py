from __future__ import annotations

import secrets
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models, transaction


@dataclass(frozen=True)
class KeptPictures:
    """WebP pictures, each named by the random key in a column of a model's row (empty: none), kept by the storage."""

    model: type[models.Model]
    column: str
    folder: str

    def path(self, key: str) -> str:
        """Where the storage keeps the picture with this key."""
        return f"{self.folder}/{key}.webp"

    def is_named(self, key: str) -> bool:
        return self.model._default_manager.filter(**{self.column: key}).exists()

    def keep(self, row: models.Model, picture: bytes) -> None:
        """A picture that was drawn here, as this row's, instead of the one before."""
        key = secrets.token_hex(16)
        default_storage.save(self.path(key), ContentFile(picture))
        self._replace(row, key)

    def remove(self, row: models.Model) -> None:
        self._replace(row, "")

    def _replace(self, row: models.Model, key: str) -> None:
        """The file of the old picture goes only after its row is gone: never a row that names a missing file."""
        rows = self.model._default_manager.filter(pk=row.pk)
        with transaction.atomic():
            before = rows.select_for_update().values_list(self.column, flat=True).get()
            rows.update(**{self.column: key})
            if before:
                transaction.on_commit(lambda: default_storage.delete(self.path(before)))
        setattr(row, self.column, key)
