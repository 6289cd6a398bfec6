from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.due_mail import DueMail


class PasswordMail(DueMail):
    """A mail about how somebody signs in, to be sent. A link to set a password is made at sending and never stored.

    Without a user nothing is sent: such a row only makes asking for a stranger the same work as for a colleague.
    """

    class Kind(models.TextChoices):
        RESET = "reset", _("reset")
        INVITATION = "invitation", _("invitation")
        FACTOR = "factor", _("second factor removed")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind)
    language = models.CharField(max_length=12)
    asked_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, default=None)

    class Meta:
        indexes = [models.Index("due_at", name="password_mail_due", condition=models.Q(sent_at=None))]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
