from __future__ import annotations

import secrets

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from chatdesk.filetypes import default_types, validate_types


def new_epoch() -> str:
    """Names this incarnation of the database: after a restore it changes, and clients drop what they remember."""
    return secrets.token_urlsafe(16)


class SiteSettings(models.Model):
    """What holds for the whole desk. One row."""

    class CardDigits(models.TextChoices):
        BOTH = "both", _("the first six and the last four")
        LAST = "last", _("the last four alone")

    message_limit = models.PositiveIntegerField(
        _("longest message"),
        default=10_000,
        validators=[MinValueValidator(100), MaxValueValidator(20_000)],
        help_text=_("In characters."),
    )
    file_limit_mb = models.PositiveIntegerField(
        _("largest file"), default=20, validators=[MinValueValidator(1), MaxValueValidator(200)], help_text=_("In MB.")
    )
    file_types = models.JSONField(
        _("file types"), default=default_types, validators=[validate_types], help_text=_("Decided by content.")
    )
    accept_seconds = models.PositiveSmallIntegerField(
        _("time to accept a chat"),
        default=30,
        validators=[MinValueValidator(10), MaxValueValidator(600)],
        help_text=_("In seconds. A chat that is offered to a colleague stays with its giver until it is accepted."),
    )
    policy_text = models.CharField(
        _("notice to visitors"),
        max_length=300,
        blank=True,
        default="",
        help_text=_(
            "Shown on every chat page, such as “Chats may be read by supervisors.” Without it nobody watches unseen."
        ),
    )

    masks_cards = models.BooleanField(
        _("hide card numbers"),
        default=True,
        help_text=_("In everything that people write, before it is stored; and the code of a card with it."),
    )
    card_digits = models.CharField(
        _("digits that stay readable"),
        max_length=4,
        choices=CardDigits,
        default=CardDigits.BOTH,
        help_text=_("Of a number with fewer than fifteen digits the last four alone, in any case."),
    )

    epoch = models.CharField(max_length=22, default=new_epoch, editable=False)

    class Meta:
        verbose_name = _("site settings")
        verbose_name_plural = _("site settings")

    def __str__(self) -> str:
        return str(_("Site settings"))

    @classmethod
    def load(cls) -> SiteSettings:
        return cls.objects.get_or_create(pk=1)[0]
