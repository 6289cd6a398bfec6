from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    AVAILABLE = "available", _("available")
    AWAY = "away", _("away")
    UNAVAILABLE = "unavailable", _("unavailable")


class Presence(models.Model):
    """A person is here while the lease lasts; the status is what they chose, kept over reloads."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="presence"
    )
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.AVAILABLE)
    is_here = models.BooleanField(
        _("here"),
        default=True,
        editable=False,
        help_text=_("What colleagues were last told; the lease is what counts."),
    )
    lease_until = models.DateTimeField(_("here until"), default=timezone.now, db_index=True)
    idle_since = models.DateTimeField(
        _("idle since"), default=timezone.now, help_text=_("When a chat was last given or ended; the longest is next.")
    )

    given_at = models.DateTimeField(
        _("given a chat"), null=True, blank=True, editable=False, help_text=_("When this person last got one.")
    )
    no_new_after = models.DateTimeField(
        _("no new chats after"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("Shortly before the log-in window ends."),
    )

    class Meta:
        verbose_name = _("presence")
        verbose_name_plural = _("presence")

    def __str__(self) -> str:
        return f"{self.user}: {self.status}"

    def shown_status(self) -> str:
        """What colleagues see: the chosen status while the lease lasts, then `gone`."""
        return str(self.status) if self.lease_until > timezone.now() else "gone"
