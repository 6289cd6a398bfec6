from __future__ import annotations

import secrets

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chatdesk.models import Button, Conversation, Participant
from routing.models import Group


def new_nonce() -> str:
    return secrets.token_urlsafe(24)


class ForwardingAddress(models.Model):
    """An address of ours whose mail becomes conversations: a routing group's or a button's."""

    address = models.EmailField(_("address"), unique=True, help_text=_("Such as support@mail.example.com."))
    group = models.ForeignKey(
        Group, verbose_name=_("routing group"), on_delete=models.PROTECT, related_name="mail_addresses"
    )
    button = models.ForeignKey(
        Button,
        verbose_name=_("button"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="mail_addresses",
        help_text=_("Whose look the visitor's page has. Empty: the first that leads to the group."),
    )
    acknowledges = models.BooleanField(
        _("says that it was received"), default=True, help_text=_("Once, and never to machines.")
    )
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("forwarding address")
        verbose_name_plural = _("forwarding addresses")

    def __str__(self) -> str:
        return self.address


class Correspondent(models.Model):
    """A participant who corresponds by mail: who they really are, and the token address they write to instead.

    The token is made from `nonce` with the desk's key (tickets.composing.tokens) and only its HMAC is looked up.
    `sent_seq` is the last entry that was queued for them.
    """

    class Side(models.TextChoices):
        VISITOR = "visitor", _("visitor")
        OPERATOR = "operator", _("operator")
        THIRD = "third", _("third party")

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="correspondents")
    participant = models.ForeignKey(
        Participant, null=True, blank=True, on_delete=models.CASCADE, related_name="correspondents"
    )
    side = models.CharField(_("side"), max_length=8, choices=Side)
    sealed_address = models.TextField(editable=False, default="")
    address_hash = models.CharField(max_length=64, db_index=True, editable=False, default="")
    name = models.CharField(_("shown as"), max_length=80, blank=True, default="")
    nonce = models.CharField(max_length=40, default=new_nonce, editable=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    is_proven = models.BooleanField(_("address proven"), default=False)
    wants_mail = models.BooleanField(_("gets mail"), default=True)
    hard_bounces = models.PositiveSmallIntegerField(default=0)
    sent_seq = models.PositiveIntegerField(default=0)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("correspondent")
        verbose_name_plural = _("correspondents")
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "participant"],
                condition=Q(participant__isnull=False),
                name="one_address_a_participant",
            ),
            models.UniqueConstraint(fields=["conversation", "address_hash"], name="one_correspondent_an_address"),
        ]

    def __str__(self) -> str:
        return f"{self.side} {self.pk}"
