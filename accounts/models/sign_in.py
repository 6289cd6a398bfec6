from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class SignIn(models.Model):
    """A session of a person: since when, when they last did something themselves, and from where."""

    session_key = models.CharField(max_length=40, unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="sign_ins")
    started_at = models.DateTimeField(_("since"), default=timezone.now)
    acted_at = models.DateTimeField(_("last deed"), default=timezone.now)
    address = models.CharField(_("address"), max_length=45, blank=True)
    user_agent = models.CharField(_("browser"), max_length=300, blank=True)
    second_factor_at = models.DateTimeField(_("second factor shown"), null=True, blank=True)

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ["-acted_at"]

    def __str__(self) -> str:
        return f"{self.user} · {self.address}"
