from __future__ import annotations

import secrets

from django.core.validators import MinLengthValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chatdesk.models import Conversation
from routing.models import Group

# Crockford's base 32: no I, L, O and U, so that a code can be read out and typed.
FIGURES = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_CHARS = 16  # 80 bits


def new_code() -> str:
    return "".join(secrets.choice(FIGURES) for _each in range(CODE_CHARS))


class Form(models.TextChoices):
    PDF = "pdf", _("PDF")
    HTML = "html", _("HTML")
    TEXT = "text", _("text")
    BUNDLE = "bundle", _("record with its proof")


class VisitorCopy(models.Model):
    """A transcript that left this desk: which conversation, how far it went, and what its bytes were. No content."""

    code = models.CharField(max_length=CODE_CHARS, unique=True, default=new_code, validators=[MinLengthValidator(16)])
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="transcript_copies")
    form = models.CharField(_("form"), max_length=6, choices=Form)
    number = models.PositiveIntegerField(_("records"), default=0)
    head = models.CharField(max_length=64, blank=True, default="")
    sha256 = models.CharField(max_length=64, db_index=True)
    made_at = models.DateTimeField(_("made"), default=timezone.now)

    class Meta:
        verbose_name = _("copy of a transcript")
        verbose_name_plural = _("copies of transcripts")

    def __str__(self) -> str:
        return self.code


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
