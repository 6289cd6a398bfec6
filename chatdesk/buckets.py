"""How much one socket may send: buckets that fill with time."""

from __future__ import annotations

import time

from django.conf import settings


class Bucket:
    """Holds `size` tokens and regains `per_minute` of them; `take()` is false when it is empty."""

    __slots__ = ("_at", "_left", "_per_second", "_size")

    def __init__(self, size: float, per_minute: float) -> None:
        self._size = self._left = size
        self._per_second = per_minute / 60
        self._at = time.monotonic()

    def take(self) -> bool:
        now = time.monotonic()
        self._left = min(self._size, self._left + (now - self._at) * self._per_second)
        self._at = now
        if self._left < 1 and settings.LIMITS:
            return False
        self._left -= 1
        return True
