"""What must be right before the desk starts."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from accounts.addresses import networks


@register
def trusted_proxies_are_networks(**_kwargs: Any) -> list[CheckMessage]:
    try:
        networks(tuple(settings.TRUSTED_PROXIES))
    except ValueError as error:
        return [Error(f"TRUSTED_PROXIES: {error}. Write addresses or networks, like 10.0.0.0/8.", id="accounts.E001")]
    return []
