from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from routing.models import Group


class WhoSees(models.TextChoices):
    NONE = "none", _("nobody sees an address")
    OPERATOR = "operator", _("operators see the visitor's")
    SUPERVISOR = "supervisor", _("who may see contact data sees both, with a reason")


class MailPolicy(models.Model):
    """What a routing group masks, holds and copies. A group without a row has the defaults below."""

    group = models.OneToOneField(Group, on_delete=models.CASCADE, related_name="mail_policy")
    who_sees = models.CharField(_("who sees whom"), max_length=12, choices=WhoSees, default=WhoSees.SUPERVISOR)
    masks_phones = models.BooleanField(_("mask telephone numbers"), default=True)
    masks_links = models.BooleanField(_("mask links to personal sites"), default=False)
    allowed_addresses = models.TextField(
        _("addresses that stay"),
        blank=True,
        default="",
        help_text=_("One address or @domain a line: your public ones, which need no mask."),
    )
    holds_until_approved = models.BooleanField(
        _("hold until approved"), default=False, help_text=_("Nothing leaves before a supervisor has released it.")
    )
    archive_address = models.EmailField(_("silent copy to"), blank=True, default="")
    crm_address = models.EmailField(_("CRM copy to"), blank=True, default="")
    crm_unmasked = models.BooleanField(_("CRM copies with real addresses"), default=False)

    class Meta:
        verbose_name = _("rules for mail")
        verbose_name_plural = _("rules for mail")

    def __str__(self) -> str:
        return str(self.group)

    def allowed(self) -> frozenset[str]:
        lines = (line.strip().lower() for line in self.allowed_addresses.splitlines())
        return frozenset(line for line in lines if line)
