from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from transcripts.models.matter import Matter, Purpose


class SavedSearch(models.Model):
    """A search that is kept under a matter. Changing it makes the next version; what was found then stays written."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="searches")
    name = models.CharField(_("name"), max_length=120)
    version = models.PositiveIntegerField(_("version"), default=1)
    query = models.TextField(_("search"), blank=True, default="")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("saved"), default=timezone.now)
    conversations = models.PositiveIntegerField(_("conversations then"), default=0)
    texts = models.PositiveIntegerField(_("hits then"), default=0)

    class Meta:
        verbose_name = _("saved search")
        verbose_name_plural = _("saved searches")
        ordering = ["name", "-version"]
        constraints = [models.UniqueConstraint(fields=["matter", "name", "version"], name="search_version_once")]

    def __str__(self) -> str:
        return f"{self.name} ({self.version})"

    @property
    def audit_name(self) -> str:
        return f"{self.matter.number} {self.pk}"


class AskedSearch(models.Model):
    """What somebody searched for. The audit log names its number: its words may be a person's, to be forgotten."""

    purpose = models.ForeignKey(Purpose, on_delete=models.PROTECT, related_name="searches")
    query = models.TextField(_("search"), blank=True, default="")
    conversations = models.PositiveIntegerField(_("conversations"), default=0)
    texts = models.PositiveIntegerField(_("hits"), default=0)
    first = models.JSONField(default=list, help_text="The newest of what was found then, by id: the first page.")
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("search")
        verbose_name_plural = _("searches")
        indexes = [models.Index(fields=["purpose", "-id"], name="asked_by_purpose")]

    def __str__(self) -> str:
        return f"{self.pk}"

    @property
    def audit_name(self) -> str:
        return str(self.pk)
