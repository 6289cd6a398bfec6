from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from routing.models.group import Group


class State(models.TextChoices):
    WAITING = "waiting", _("waiting")
    ACTIVE = "active", _("active")
    CLOSED = "closed", _("closed")


class Outcome(models.TextChoices):
    SERVED = "served", _("served")
    ABANDONED = "abandoned", _("the visitor left while waiting")
    MESSAGE = "message", _("left a message instead of waiting")


class Request(models.Model):
    """One visitor's wish for a person of a group: it waits, is held by one operator at a time, and ends."""

    group = models.ForeignKey(Group, verbose_name=_("group"), on_delete=models.PROTECT, related_name="requests")
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING)
    operator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("operator"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="requests",
    )
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("given away by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("While it waits after a transfer: who does not simply get it back."),
    )
    arrived_at = models.DateTimeField(_("arrived"), default=timezone.now, help_text=_("Its place in the queue."))
    waiting_since = models.DateTimeField(_("waiting since"), default=timezone.now)
    taken_at = models.DateTimeField(_("taken"), null=True, blank=True)
    waited_seconds = models.PositiveIntegerField(
        _("waited"), null=True, blank=True, help_text=_("Before the first answer.")
    )
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    outcome = models.CharField(
        _("outcome"), max_length=10, choices=Outcome, blank=True, default="", help_text=_("Empty while it is open.")
    )
    language = models.CharField(
        _("language"), max_length=16, blank=True, default="", help_text=_("Of the visitor's page, such as de.")
    )
    accept_by = models.DateTimeField(
        _("to be accepted by"), null=True, blank=True, help_text=_("Until then it is only offered to who holds it.")
    )
    passed_by = models.JSONField(
        _("let pass by"), default=list, blank=True, help_text=_("Who was offered it and did not accept, by number.")
    )
    overflowed_from = models.JSONField(
        _("overflowed from"), default=list, blank=True, help_text=_("The groups it waited in before, by number.")
    )

    class Meta:
        verbose_name = _("request")
        verbose_name_plural = _("requests")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="active", operator__isnull=False)
                | Q(state="waiting", operator__isnull=True)
                | Q(state="closed"),
                name="active_has_one_operator",
            )
        ]
        indexes = [
            models.Index(fields=["group", "arrived_at", "id"], name="request_queue", condition=Q(state="waiting")),
            models.Index(fields=["accept_by"], name="request_offered", condition=Q(accept_by__isnull=False)),
            models.Index(fields=["operator"], name="request_held", condition=Q(state="active")),
            models.Index(fields=["group", "-taken_at"], name="request_served", condition=Q(taken_at__isnull=False)),
            models.Index(fields=["closed_at"], name="request_ended", condition=Q(closed_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.group} · {self.state}"
