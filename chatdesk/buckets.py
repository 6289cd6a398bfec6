"""How much somebody may send: buckets that fill with time."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Hashable

from django.conf import settings

REMEMBERED = 10_000  # buckets of a kind; the one used longest ago is forgotten first


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


class Buckets:
    """A bucket for each key: a visitor, a person, a network. From any thread."""

    def __init__(self, size: float, per_minute: float) -> None:
        self._size = size
        self._per_minute = per_minute
        self._buckets: OrderedDict[Hashable, Bucket] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, key: Hashable) -> bool:
        with self._lock:
            bucket = self._buckets.pop(key, None) or Bucket(self._size, self._per_minute)
            self._buckets[key] = bucket
            if len(self._buckets) > REMEMBERED:
                self._buckets.popitem(last=False)
            return bucket.take()

    def clear(self) -> None:
        with self._lock:
            self._buckets.clear()
