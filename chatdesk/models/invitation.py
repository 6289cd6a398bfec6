from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chatdesk.models.conversation import Conversation
from routing.models import Group


class Invitation(models.Model):
    """One person asks another, or whoever of a group is first, into a chat: beside them, or in their place (warm)."""

    class Kind(models.TextChoices):
        INVITE = "invite", _("into the chat")
        WARM = "warm", _("to take the chat over")

    class State(models.TextChoices):
        OFFERED = "offered", _("offered")
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("declined")
        EXPIRED = "expired", _("not answered in time")
        WITHDRAWN = "withdrawn", _("withdrawn")

    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="invitations")
    kind = models.CharField(_("kind"), max_length=6, choices=Kind)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.OFFERED)
    from_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("from"), on_delete=models.PROTECT, related_name="invitations_made"
    )
    to_user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("to"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="invitations",
    )
    to_group = models.ForeignKey(
        Group, verbose_name=_("to the group"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("answered by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    note = models.TextField(_("note"), blank=True, default="")
    declined_by = models.JSONField(_("declined by"), default=list, editable=False)
    offered_at = models.DateTimeField(_("offered"), default=timezone.now)
    expires_at = models.DateTimeField(_("to be answered by"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.CheckConstraint(
                condition=Q(to_user__isnull=True) ^ Q(to_group__isnull=True), name="invites_a_person_or_a_group"
            ),
            models.UniqueConstraint(
                fields=["conversation"], condition=Q(state="offered", kind="warm"), name="one_warm_offer"
            ),
        ]
        indexes = [models.Index("expires_at", name="invitation_open", condition=Q(state="offered"))]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"
