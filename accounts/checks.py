"""What must be right before the desk starts."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError

from accounts.addresses import networks
from accounts.directory.extra import missing_text
from accounts.models import Directory


@register
def trusted_proxies_are_networks(**_kwargs: Any) -> list[CheckMessage]:
    try:
        networks(tuple(settings.TRUSTED_PROXIES))
    except ValueError as error:
        return [Error(f"TRUSTED_PROXIES: {error}. Write addresses or networks, like 10.0.0.0/8.", id="accounts.E001")]
    return []


@register(Tags.database)
def directories_have_their_packages(**_kwargs: Any) -> list[CheckMessage]:
    """Asked for a database alone (`check --database default`, and before migrations)."""
    try:
        needed = not settings.DIRECTORIES and Directory.objects.filter(is_active=True).exists()
    except DatabaseError:  # before the first migration
        needed = False
    return [checks.Warning(missing_text(), id="accounts.W001")] if needed else []
