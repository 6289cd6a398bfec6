from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from routing.models import Group


class MailTemplate(models.Model):
    """The words around a mail in one language; a group's own before the desk's. `{name}` is filled in, nothing runs."""

    class Kind(models.TextChoices):
        MESSAGE = "message", _("a message")
        ACKNOWLEDGEMENT = "ack", _("that a mail was received")
        RETURN_LINK = "return", _("that something waits")
        REMINDER = "reminder", _("a reminder of a promise")
        TOO_LARGE = "too_large", _("that a mail was too large")
        ENCRYPTED = "encrypted", _("that an encrypted mail can't be passed on")
        CODE = "code", _("a code for the return link")

    kind = models.CharField(_("for"), max_length=10, choices=Kind)
    group = models.ForeignKey(
        Group, verbose_name=_("routing group"), null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="en")
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("text"), max_length=5000)
    html = models.TextField(
        _("HTML around it"), max_length=20_000, blank=True, default="", help_text=_("Empty: the desk's own look.")
    )

    class Meta:
        verbose_name = _("mail template")
        verbose_name_plural = _("mail templates")
        constraints = [
            models.UniqueConstraint(fields=["kind", "group", "language"], name="one_template_of_a_group"),
            models.UniqueConstraint(
                fields=["kind", "language"], condition=models.Q(group=None), name="one_template_of_the_desk"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.language})"
