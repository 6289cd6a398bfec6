from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class SensitivePattern(models.Model):
    """What an admin wants hidden wherever people write, before it is stored."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    pattern = models.CharField(
        _("pattern"),
        max_length=500,
        help_text=_(
            "A regular expression; capitals and small letters count as the same. Give each repetition an end, such as"
            " {1,40}: a pattern that is slow on hostile texts is not taken."
        ),
    )
    replacement = models.CharField(
        _("shown instead"), max_length=40, default="[hidden]", help_text=_("Taken as it is written.")
    )
    is_active = models.BooleanField(
        _("in use"), default=True, help_text=_("It hides what is written from now on, at most five seconds later.")
    )

    class Meta:
        verbose_name = _("sensitive pattern")
        verbose_name_plural = _("sensitive patterns")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
