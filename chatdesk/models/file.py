from __future__ import annotations

import secrets

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chatdesk.models.conversation import Conversation


def new_key() -> str:
    """A file's name in storage and in addresses: chance alone, nothing of what people called it."""
    return secrets.token_urlsafe(24)


class File(models.Model):
    """A document of a conversation. The row comes first, then the bytes, then the entry that shows it."""

    class State(models.TextChoices):
        RECEIVING = "receiving", _("receiving")
        STORED = "stored", _("stored")
        ERASING = "erasing", _("being deleted")
        ERASED = "erased", _("deleted")

    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="files")
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.RECEIVING)
    name = models.CharField(_("name"), max_length=100)
    media_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(_("received"), default=timezone.now)

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")

    def __str__(self) -> str:
        return self.name

    @property
    def audit_name(self) -> str:
        """What the audit log calls it: never the name a visitor gave it, which may have to be erased."""
        return f"{self.media_type} · {self.conversation.ref}"

    @property
    def is_image(self) -> bool:
        """True for what was re-encoded here, and may be shown in the page."""
        return self.width is not None
