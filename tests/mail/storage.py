"""Storage that can go away and come back."""

from __future__ import annotations

from typing import Any

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage


class MoodyStorage(FileSystemStorage):
    is_away = False

    def open(self, name: str, mode: str = "rb") -> File[Any]:
        self._check()
        return super().open(name, mode)

    def save(self, name: str | None, content: Any, max_length: int | None = None) -> str:
        self._check()
        return super().save(name, content, max_length)

    def _check(self) -> None:
        if type(self).is_away:
            raise ConnectionRefusedError("the storage is away")
