from django.db import models
from django.utils import timezone


class DueMail(models.Model):
    """A mail to be sent: a row written with its cause, sent by a sweep (accounts.outbox)."""

    due_at = models.DateTimeField(default=timezone.now)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True
