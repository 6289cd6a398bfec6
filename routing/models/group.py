from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class Group(models.Model):
    """A department that chats are directed to."""

    class Assignment(models.TextChoices):
        AUTO = "auto", _("automatic: the next free person is given the chat")
        MANUAL = "manual", _("by hand: people pick waiting chats up")

    name = models.CharField(_("name"), max_length=80, unique=True, help_text=_("Visitors see this name."))
    slug = models.SlugField(
        _("short name"), max_length=40, unique=True, help_text=_("Used by programs and in addresses.")
    )
    assignment = models.CharField(_("assignment"), max_length=8, choices=Assignment, default=Assignment.AUTO)
    is_active = models.BooleanField(_("active"), default=True, help_text=_("Switched off, it takes no new chats."))
    members = models.ManyToManyField(settings.AUTH_USER_MODEL, through="Membership", related_name="routing_groups")

    class Meta:
        verbose_name = _("routing group")
        verbose_name_plural = _("routing groups")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    group = models.ForeignKey(Group, verbose_name=_("group"), on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("person"), on_delete=models.CASCADE, related_name="memberships"
    )
    chat_limit = models.PositiveSmallIntegerField(
        _("chat limit"),
        default=4,
        validators=[MinValueValidator(0), MaxValueValidator(20)],
        help_text=_("Once this person holds so many chats, in all groups together, this group gives no more. 0: none."),
    )
    priority = models.SmallIntegerField(
        _("priority"), default=0, help_text=_("Free people with a higher number are asked first.")
    )

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [models.UniqueConstraint(fields=["group", "user"], name="one_membership_per_group")]

    def __str__(self) -> str:
        return f"{self.user} · {self.group}"
