"""What both little applications read from their environment: which layer, which database.

The databases are set up as well as a careful person would (WAL, connections kept open), so that a ratio
against these rooms is a ratio against a fair opponent.
"""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import urlsplit


def channel_layers() -> dict[str, dict[str, Any]]:
    """CHANNEL_LAYERS for ROOM_LAYER: `memory` (the default), `redis` (core layer) or `pubsub`; raises KeyError."""
    backend = {
        "memory": "channels.layers.InMemoryChannelLayer",
        "redis": "channels_redis.core.RedisChannelLayer",
        "pubsub": "channels_redis.pubsub.RedisPubSubChannelLayer",
    }[os.environ.get("ROOM_LAYER", "memory")]
    if "REDIS_URL" not in os.environ:
        return {"default": {"BACKEND": backend}}
    return {"default": {"BACKEND": backend, "CONFIG": {"hosts": [os.environ["REDIS_URL"]]}}}


def databases() -> dict[str, dict[str, Any]]:
    """DATABASES for DATABASE_URL: `sqlite:///path` or `postgresql://user@host:port/name`."""
    url = urlsplit(os.environ.get("DATABASE_URL", "sqlite:///:memory:"))
    return {"default": _sqlite(url.path[1:]) if url.scheme == "sqlite" else _postgresql(url.geturl())}


def _sqlite(path: str) -> dict[str, Any]:
    pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
    options = {"init_command": pragmas, "transaction_mode": "IMMEDIATE", "timeout": 20}
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": path, "OPTIONS": options, "CONN_MAX_AGE": None}


def _postgresql(text: str) -> dict[str, Any]:
    url = urlsplit(text)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": url.path[1:],
        "USER": url.username,
        "HOST": url.hostname,
        "PORT": url.port,
        "CONN_MAX_AGE": None,
    }
