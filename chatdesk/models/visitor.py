from __future__ import annotations

import hashlib
import secrets

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


def new_token() -> str:
    """256 bits of chance, safe in a header and an address."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


class Visitor(models.Model):
    """Somebody who wrote. Known by a token alone, of which only the hash is kept."""

    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    token_used = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(_("first seen"), default=timezone.now)
    seen_at = models.DateTimeField(_("last seen"), default=timezone.now)

    class Meta:
        verbose_name = _("visitor")
        verbose_name_plural = _("visitors")

    def __str__(self) -> str:
        return str(_("Visitor %(number)s") % {"number": self.pk})
