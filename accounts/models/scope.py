from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Scope(models.TextChoices):
    """How far a permission reaches, from nothing to everything."""

    NONE = "none", _("none")
    OWN = "own", _("own chats")
    GROUPS = "groups", _("chats of own groups")
    ALL = "all", _("all chats")

    @property
    def reach(self) -> int:
        """0 for nothing to 3 for everything, to compare two scopes."""
        return list(Scope).index(self)
