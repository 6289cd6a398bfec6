"""What compliance covers in copies that leave the desk: marks with a reason, and in which exports each was used.

A mark changes nothing of what was recorded. It holds places and numbers, never the words that it covers.
"""

from __future__ import annotations

import secrets

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chatdesk.models import Conversation
from transcripts.models.export import Export
from transcripts.models.matter import Matter

VISITOR = "visitor"  # a mark's `person`: the visitor, or operator-12
LABEL = RegexValidator(r"^[^\[\]\x00-\x1f]+$", _("No brackets: it stands between brackets where a text is covered."))


def new_act() -> str:
    return secrets.token_urlsafe(16)


class RedactionReason(models.Model):
    """Why something may be covered. Its name is read in every copy, in place of what is covered."""

    code = models.SlugField(_("code"), max_length=40, unique=True, help_text=_("In files for programs. Lasting."))
    name = models.CharField(_("name"), max_length=40, validators=[LABEL])
    meaning = models.CharField(_("when to use it"), max_length=200, blank=True, default="")
    is_offered = models.BooleanField(_("offered"), default=True, help_text=_("Off: only marks made before have it."))

    class Meta:
        verbose_name = _("reason for redaction")
        verbose_name_plural = _("reasons for redaction")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class Redaction(models.Model):
    """One mark: on a record's field from `start` to `end`, on a whole field, a whole record, or a person's name.

    `number` is the record's, 0 for a person. `field` is what the record says (body, name, document, question ...),
    empty for all of it. Places count characters (code points); `length` is how many were covered when it was made.
    """

    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="redactions", db_index=False)
    number = models.PositiveIntegerField(_("record"), default=0)
    field = models.CharField(_("field"), max_length=40, blank=True, default="")
    person = models.CharField(_("person"), max_length=40, blank=True, default="")
    start = models.PositiveIntegerField(_("place"), null=True, blank=True)
    end = models.PositiveIntegerField(null=True, blank=True)
    length = models.PositiveIntegerField(_("length"), default=0)
    reason = models.ForeignKey(RedactionReason, verbose_name=_("reason"), on_delete=models.PROTECT, related_name="+")
    note = models.CharField(_("note"), max_length=300, blank=True, default="")
    matter = models.ForeignKey(Matter, null=True, blank=True, on_delete=models.PROTECT, related_name="redactions")
    act = models.CharField(max_length=22, default=new_act, editable=False)  # the same for all that were made at once
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    class Meta:
        verbose_name = _("redaction")
        verbose_name_plural = _("redactions")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["conversation", "number"], name="redaction_of_conversation"),
            models.Index(fields=["act"], name="redaction_of_act"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(start__isnull=True, end__isnull=True) | Q(start__lt=F("end")), name="redaction_covers"
            ),
            models.CheckConstraint(
                condition=Q(number=0, person__gt="") | Q(number__gt=0, person=""), name="redaction_of_record_or_person"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.conversation_id} {self.number} {self.field}"


class RedactionUse(models.Model):
    """A mark as an export's volume used it: from then on it stands, and what it covered there is known."""

    export = models.ForeignKey(Export, on_delete=models.CASCADE, related_name="redactions", db_index=False)
    part = models.PositiveIntegerField(_("volume"))
    redaction = models.ForeignKey(Redaction, on_delete=models.PROTECT, related_name="uses")
    number = models.PositiveIntegerField(_("record"))
    field = models.CharField(_("field"), max_length=40)
    place = models.PositiveIntegerField(_("place"))
    length = models.PositiveIntegerField(_("length"))

    class Meta:
        verbose_name = _("use of a redaction")
        verbose_name_plural = _("uses of redactions")
        indexes = [models.Index(fields=["export", "part"], name="redactions_of_export")]

    def __str__(self) -> str:
        return f"{self.export_id} {self.part} {self.number} {self.field}"
