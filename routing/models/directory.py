from __future__ import annotations

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import DirectoryGroup
from routing.models.group import Group


class DirectoryMembers(models.Model):
    """The members of a group of the directory are members of this routing group."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="directory_members")
    directory_group = models.ForeignKey(
        DirectoryGroup, verbose_name=_("group of a directory"), on_delete=models.CASCADE, related_name="routes"
    )
    chat_limit = models.PositiveSmallIntegerField(
        _("chat limit"), default=4, validators=[MaxValueValidator(20)], help_text=_("For each of them; see members.")
    )
    priority = models.SmallIntegerField(_("priority"), default=0)

    class Meta:
        verbose_name = _("members from a directory")
        verbose_name_plural = _("members from directories")
        constraints = [models.UniqueConstraint(fields=["group", "directory_group"], name="directory_members_once")]

    def __str__(self) -> str:
        return f"{self.directory_group} · {self.group}"
