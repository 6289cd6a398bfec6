from __future__ import annotations

from django.db import models
from django.utils import timezone

from chatdesk.models import Conversation


class DataKey(models.Model):
    """The key of one conversation's locked copies, sealed with the desk's own. Without this row nobody reads them."""

    conversation = models.OneToOneField(
        Conversation, primary_key=True, on_delete=models.PROTECT, related_name="data_key"
    )
    name = models.CharField(max_length=32)
    sealed = models.TextField()
    made_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name
