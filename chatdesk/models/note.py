from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chatdesk.models.conversation import Conversation


class Note(models.Model):
    """An internal remark: numbered 1, 2, 3 in its conversation, never an entry, and for people at the desk alone."""

    class Kind(models.TextChoices):
        NOTE = "note", _("note")
        WHISPER = "whisper", _("whisper")

    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="notes", db_index=False)
    number = models.PositiveIntegerField(_("number"))
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.NOTE)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("author"), on_delete=models.PROTECT, related_name="notes"
    )
    body = models.TextField(_("text"))
    after_seq = models.PositiveIntegerField(_("after entry"), help_text=_("Where it stands among what was said."))
    client_id = models.CharField(max_length=64, editable=False)
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        ordering = ["conversation", "number"]
        constraints = [
            models.UniqueConstraint(fields=["conversation", "number"], name="note_number"),
            models.UniqueConstraint(fields=["conversation", "author", "client_id"], name="note_written_once"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.kind}"
