from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from chatdesk.models import Conversation

NOTHING_BEFORE = "0" * 64  # what the first record of a chain is hashed after


class Chain(models.Model):
    """The records of one conversation: how many, and the hash of the newest. The conversation's lock guards it."""

    conversation = models.OneToOneField(
        Conversation, primary_key=True, on_delete=models.PROTECT, related_name="record_chain"
    )
    count = models.PositiveIntegerField(_("records"), default=0)
    head = models.CharField(_("newest hash"), max_length=64, default=NOTHING_BEFORE)
    sealed_at = models.DateTimeField(_("sealed"), null=True, blank=True)
    sealed_count = models.PositiveIntegerField(_("records sealed"), default=0)

    class Meta:
        verbose_name = _("chain of records")
        verbose_name_plural = _("chains of records")
        # No column of it changes with a message, so that PostgreSQL updates the row in place.
        indexes = [models.Index(fields=["conversation"], name="chain_unsealed", condition=models.Q(sealed_at=None))]

    def __str__(self) -> str:
        return f"{self.conversation_id}: {self.count}"


class Record(models.Model):
    """One thing that happened in a conversation. Numbered 1, 2, 3 without a gap; the frame is never changed.

    `frame` is canonical JSON (RFC 8785) without content, `salts` and `content` are JSON by field. What an entry or a
    note says stays in its own row alone: its commitment is in the frame, its salt here.
    """

    pk = models.CompositePrimaryKey("conversation_id", "number")
    # No constraint of the database: the chain's row has one, and a check for each record would cost the live chat.
    conversation = models.ForeignKey(
        Conversation, on_delete=models.PROTECT, related_name="records", db_index=False, db_constraint=False
    )
    number = models.PositiveIntegerField(_("number"))
    kind = models.CharField(_("kind"), max_length=16)
    at = models.DateTimeField(_("at"))
    seq = models.PositiveIntegerField(_("number of the entry"), null=True, blank=True)
    note = models.PositiveIntegerField(_("number of the note"), null=True, blank=True)
    frame = models.TextField()
    salts = models.TextField(default="{}")
    content = models.TextField(null=True, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("record")
        verbose_name_plural = _("records")
        ordering = ["conversation", "number"]
        # What an export has to fetch from the storage: few among many, and nothing that a message has to keep.
        indexes = [
            models.Index(fields=["conversation", "number"], name="record_files", condition=models.Q(kind="file"))
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.kind}"
