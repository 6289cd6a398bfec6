from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from routing.models import Group


class Form(models.TextChoices):
    PDF = "pdf", _("PDF")
    HTML = "html", _("HTML")
    TEXT = "text", _("text")
    BUNDLE = "bundle", _("record with its proof")


class TranscriptRule(models.Model):
    """A transcript to an address of the owner's whenever a conversation ends: a log, a CRM."""

    name = models.CharField(_("name"), max_length=60, unique=True, help_text=_("Such as: CRM of sales."))
    address = models.EmailField(_("to the address"))
    form = models.CharField(_("as"), max_length=6, choices=Form, default=Form.PDF)
    groups = models.ManyToManyField(
        Group, verbose_name=_("routing groups"), blank=True, related_name="transcript_rules", help_text=_("None: all.")
    )
    with_contact = models.BooleanField(
        _("with the visitor's address"),
        default=False,
        help_text=_("Else it is masked, as it is for operators."),
    )
    is_active = models.BooleanField(_("active"), default=True)
    since = models.DateTimeField(_("for conversations that end after"), default=timezone.now)

    class Meta:
        verbose_name = _("transcript at the end")
        verbose_name_plural = _("transcripts at the end")

    def __str__(self) -> str:
        return self.name
