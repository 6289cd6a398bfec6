"""What both little applications read from their environment: which layer, which database.

SQLite runs in WAL mode with synchronous=FULL, as the desk's own does, so that both promise the same. Whether
connections are kept between messages is ROOM_KEEPS; Django's default is to open one for each.
"""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import urlsplit

LAYERS = {
    "memory": "channels.layers.InMemoryChannelLayer",
    "redis": "channels_redis.core.RedisChannelLayer",
    "pubsub": "channels_redis.pubsub.RedisPubSubChannelLayer",
}


def channel_layers() -> dict[str, dict[str, Any]]:
    """CHANNEL_LAYERS for ROOM_LAYER: `memory` (the default), `redis` (core layer) or `pubsub`; raises KeyError."""
    layer: dict[str, Any] = {"BACKEND": LAYERS[os.environ.get("ROOM_LAYER", "memory")]}
    if "REDIS_URL" in os.environ:
        layer["CONFIG"] = {"hosts": [os.environ["REDIS_URL"]]}
    return {"default": layer}


def databases() -> dict[str, dict[str, Any]]:
    """DATABASES for DATABASE_URL: `sqlite:///path` or `postgres://user@host:port/name`."""
    url = os.environ.get("DATABASE_URL", "sqlite:///:memory:")
    database = _sqlite(url) if url.startswith("sqlite") else _postgresql(url)
    return {"default": {**database, "CONN_MAX_AGE": None if os.environ.get("ROOM_KEEPS") == "1" else 0}}


def _sqlite(url: str) -> dict[str, Any]:
    pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
    options = {"init_command": pragmas, "transaction_mode": "IMMEDIATE", "timeout": 20}
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": url.removeprefix("sqlite:///"), "OPTIONS": options}


def _postgresql(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    engine, name = "django.db.backends.postgresql", parts.path[1:]
    return {"ENGINE": engine, "NAME": name, "USER": parts.username, "HOST": parts.hostname, "PORT": parts.port}
