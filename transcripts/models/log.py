from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class LogState(models.Model):
    """The one row that everybody who writes to the log changes first: so its leaves have no gap and one order."""

    size = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.size)


class LogLeaf(models.Model):
    """One thing that happened, in the site's log. The database refuses to change or delete it."""

    index = models.BigIntegerField(_("place in the log"), primary_key=True)
    kind = models.CharField(_("what happened"), max_length=40)
    at = models.DateTimeField(_("at"), default=timezone.now)
    about = models.CharField(_("conversation"), max_length=64, blank=True, default="")
    data = models.TextField(_("as it was hashed"))  # canonical JSON: never content, never names
    hash = models.CharField(_("hash"), max_length=64)

    class Meta:
        verbose_name = _("entry of the log")
        verbose_name_plural = _("log")
        indexes = [
            models.Index(fields=["kind", "-index"], name="log_by_kind"),
            models.Index(fields=["about", "-index"], name="log_by_about", condition=~models.Q(about="")),
        ]

    def __str__(self) -> str:
        return f"{self.index} {self.kind}"


class LogNode(models.Model):
    """The hash over 2**level leaves of the log, complete, so never changed: a root of n leaves reads log2(n)."""

    key = models.BigIntegerField(primary_key=True)  # position * 64 + level
    hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.key % 64}/{self.key // 64}"
