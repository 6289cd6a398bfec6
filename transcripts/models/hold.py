"""What must not go, whatever a policy says: legal holds of a matter, and the conversations they hold."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chatdesk.models import Conversation
from transcripts.models.matter import Matter

AFTER_RELEASE = timedelta(days=30)  # what was held goes no earlier than this after its release


class LegalHold(models.Model):
    """Holds whatever any of its searches finds, now and later. Ends by a release that a second person agreed to."""

    matter = models.ForeignKey(Matter, verbose_name=_("matter"), on_delete=models.PROTECT, related_name="holds")
    name = models.CharField(_("name"), max_length=120)
    reason = models.CharField(_("why"), max_length=300)
    scopes = models.JSONField(_("what it holds"), default=list)  # lines of transcripts.query
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("placed"), default=timezone.now)
    followed_at = models.DateTimeField(null=True, blank=True, editable=False)
    released_at = models.DateTimeField(_("released"), null=True, blank=True)

    class Meta:
        verbose_name = _("legal hold")
        verbose_name_plural = _("legal holds")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.matter.number} · {self.name}"

    @property
    def audit_name(self) -> str:
        """Its number and its matter's: the name may be that of a person, who may have to be forgotten."""
        return f"{self.matter.number} #{self.pk}"

    @property
    def keeps_until(self) -> datetime | None:
        """None: until it is released."""
        return self.released_at + AFTER_RELEASE if self.released_at else None


class HoldMatch(models.Model):
    """A conversation that a hold found, and with which of its searches. Stays found, whatever becomes of its words."""

    hold = models.ForeignKey(LegalHold, on_delete=models.PROTECT, related_name="matches")
    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="hold_matches")
    scope = models.PositiveSmallIntegerField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("held conversation")
        verbose_name_plural = _("held conversations")
        constraints = [models.UniqueConstraint(fields=["hold", "conversation"], name="held_once_by_a_hold")]

    def __str__(self) -> str:
        return f"{self.hold_id} {self.conversation_id}"
