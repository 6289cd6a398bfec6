from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import DueMail
from routing.models.group import Group


class Absence(models.Model):
    """An open group had nobody there, from `began_at` until somebody was back or the group closed."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="absences")
    began_at = models.DateTimeField(_("since"), default=timezone.now)
    told_at = models.DateTimeField(null=True, default=None)
    ended_at = models.DateTimeField(null=True, default=None)

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        constraints = [
            models.UniqueConstraint(fields=["group"], condition=models.Q(ended_at=None), name="one_absence_at_a_time")
        ]

    def __str__(self) -> str:
        return f"{self.group} {self.began_at:%Y-%m-%d %H:%M}"


class AbsenceMail(DueMail):
    """A mail about an absence, to be sent: written with its cause, sent by a sweep."""

    class Kind(models.TextChoices):
        ABSENT = "absent", _("nobody is there")
        BACK = "back", _("somebody is back")

    absence = models.ForeignKey(Absence, on_delete=models.CASCADE, related_name="mails")
    kind = models.CharField(max_length=8, choices=Kind)
    address = models.EmailField()
    sent_at = models.DateTimeField(null=True, default=None)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["absence", "kind"], name="one_absence_mail_of_a_kind")]
        indexes = [models.Index("due_at", name="absence_mail_due", condition=models.Q(sent_at=None))]

    def __str__(self) -> str:
        return f"{self.kind} {self.absence_id}"
