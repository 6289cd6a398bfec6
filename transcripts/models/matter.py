from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Matter(models.Model):
    """What people look things up for: a case, a request, a review. Searches, holds and exports stand under it."""

    number = models.CharField(_("number"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    note = models.TextField(_("note"), max_length=2000, blank=True, default="")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("opened"), default=timezone.now)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    class Meta:
        verbose_name = _("matter")
        verbose_name_plural = _("matters")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"

    @property
    def audit_name(self) -> str:
        """By its number alone: the name may be that of a person, who may have to be forgotten."""
        return self.number


class Purpose(models.Model):
    """Why somebody reads transcripts in one session: for a matter, or for a reason in words."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    session = models.CharField(max_length=64, editable=False, help_text="SHA-256 of the session's key.")
    matter = models.ForeignKey(Matter, null=True, blank=True, on_delete=models.PROTECT, related_name="purposes")
    reason = models.CharField(_("reason"), max_length=300, blank=True, default="")
    at = models.DateTimeField(_("said"), default=timezone.now)

    class Meta:
        verbose_name = _("purpose")
        verbose_name_plural = _("purposes")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(matter__isnull=False) | ~models.Q(reason=""), name="purpose_says_something"
            )
        ]

    def __str__(self) -> str:
        return " · ".join(filter(None, [self.matter.number if self.matter else "", self.reason]))
