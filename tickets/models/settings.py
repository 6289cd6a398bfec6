from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from tickets.memory import remembered


class MailSettings(models.Model):
    """How the desk takes part in mail. One row."""

    relay_domain = models.CharField(
        _("relay domain"),
        max_length=200,
        blank=True,
        default="",
        help_text=_("Every address that people see ends in this, such as mail.example.com. Empty: no mail."),
    )
    is_sending = models.BooleanField(
        _("sends mail"), default=False, help_text=_("Switched on by a self-test that came back unchanged.")
    )
    size_limit_mb = models.PositiveIntegerField(
        _("largest mail"), default=30, validators=[MinValueValidator(1), MaxValueValidator(200)], help_text=_("In MB.")
    )
    attach_limit_mb = models.PositiveIntegerField(
        _("attach up to"),
        default=15,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        help_text=_("In MB. Larger files are sent as a private link."),
    )
    trusted_results = models.CharField(
        _("our server's name in Authentication-Results"),
        max_length=200,
        blank=True,
        default="",
        help_text=_("The authserv-id that your own mail server writes. Empty: such headers are ignored."),
    )
    dkim_selector = models.CharField(_("DKIM selector"), max_length=63, blank=True, default="")
    dkim_key = models.TextField(_("DKIM private key, sealed"), blank=True, default="", editable=False)
    undo_seconds = models.PositiveSmallIntegerField(
        _("seconds to take an answer back"), default=10, validators=[MaxValueValidator(120)]
    )
    reading_seconds = models.PositiveSmallIntegerField(
        _("seconds to read in the chat"),
        default=60,
        validators=[MaxValueValidator(3600)],
        help_text=_("What somebody reads in the chat within this time is not mailed to them."),
    )
    return_days = models.PositiveSmallIntegerField(
        _("days a return link works"), default=30, validators=[MinValueValidator(1), MaxValueValidator(365)]
    )
    recorded_text = models.CharField(
        _("notice about recording"),
        max_length=300,
        blank=True,
        default="",
        help_text=_("Below every mail. Empty: the usual sentence that this correspondence is recorded."),
    )

    class Meta:
        verbose_name = _("mail settings")
        verbose_name_plural = _("mail settings")

    def __str__(self) -> str:
        return str(_("Mail settings"))

    @classmethod
    def load(cls) -> MailSettings:
        return remembered(cls, lambda: cls.objects.get_or_create(pk=1)[0])
