from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.sealing import seal, unseal
from routing.models import Group

PORT = [MinValueValidator(1), MaxValueValidator(65535)]


class Security(models.TextChoices):
    NONE = "none", _("none (only inside your own network)")
    STARTTLS = "starttls", _("STARTTLS")
    TLS = "tls", _("TLS from the start")


class SealedPassword(models.Model):
    """A password that the desk has to use again: stored sealed, and never shown."""

    username = models.CharField(_("user name"), max_length=254, blank=True, default="")
    sealed = models.TextField(blank=True, default="", editable=False)

    class Meta:
        abstract = True

    @property
    def password(self) -> str:
        return unseal(self.sealed)

    @password.setter
    def password(self, password: str) -> None:
        self.sealed = seal(password)


class SmtpAccount(SealedPassword):
    """A way out: the desk's own (neither group nor person), a group's, or one person's."""

    host = models.CharField(_("server"), max_length=254)
    port = models.PositiveIntegerField(_("port"), default=587, validators=PORT)
    security = models.CharField(_("security"), max_length=8, choices=Security, default=Security.STARTTLS)
    group = models.OneToOneField(
        Group, verbose_name=_("routing group"), null=True, blank=True, on_delete=models.CASCADE, related_name="smtp"
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="smtp",
    )
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("outgoing server")
        verbose_name_plural = _("outgoing servers")
        constraints = [
            models.CheckConstraint(condition=Q(group=None) | Q(user=None), name="smtp_of_group_or_person"),
            models.UniqueConstraint(
                models.F("is_active"), condition=Q(group=None, user=None, is_active=True), name="one_smtp_of_the_desk"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


class ImapAccount(SealedPassword):
    """A mailbox that is fetched. What was stored is moved to `done_folder`; nothing is marked before it is stored."""

    host = models.CharField(_("server"), max_length=254)
    port = models.PositiveIntegerField(_("port"), default=993, validators=PORT)
    security = models.CharField(_("security"), max_length=8, choices=Security, default=Security.TLS)
    folder = models.CharField(_("folder"), max_length=200, default="INBOX")
    done_folder = models.CharField(_("folder for what was taken in"), max_length=200, default="Processed")
    address = models.EmailField(
        _("its address"), unique=True, help_text=_("Mail that names no address of ours counts as sent to this one.")
    )
    is_active = models.BooleanField(_("active"), default=True)
    last_ok_at = models.DateTimeField(_("last fetched"), null=True, blank=True, editable=False)
    last_error = models.CharField(_("last error"), max_length=300, blank=True, default="", editable=False)

    class Meta:
        verbose_name = _("incoming mailbox")
        verbose_name_plural = _("incoming mailboxes")

    def __str__(self) -> str:
        return self.address
