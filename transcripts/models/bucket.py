from __future__ import annotations

from django.core.validators import RegexValidator, URLValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.sealing import seal, unseal

NAME = RegexValidator(r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\Z", _("A bucket's name: small letters, digits, . and -."))
PREFIX = RegexValidator(r"^(?:[A-Za-z0-9_.-]+/)*[A-Za-z0-9_.-]*\Z", _("Letters, digits, . _ - and / between folders."))


class Bucket(models.Model):
    """A bucket of a storage that speaks S3, other than the desk's own: for locked copies, and for exports."""

    name = models.CharField(_("name"), max_length=60, unique=True, help_text=_("Such as: archive of the auditor."))
    endpoint = models.CharField(
        _("endpoint"),
        max_length=300,
        blank=True,
        default="",
        validators=[URLValidator(["http", "https"])],
        help_text=_("Address of the storage, such as https://s3.example.org. Empty: Amazon's own."),
    )
    region = models.CharField(_("region"), max_length=40, blank=True, default="")
    bucket = models.CharField(_("bucket"), max_length=63, validators=[NAME])
    prefix = models.CharField(
        _("folder in it"), max_length=200, blank=True, default="", validators=[PREFIX], help_text=_("May be empty.")
    )
    access_key = models.CharField(_("access key"), max_length=200, blank=True, default="")
    sealed = models.TextField(blank=True, default="", editable=False)
    for_exports = models.BooleanField(
        _("for exports"), default=False, help_text=_("Compliance staff may have exports brought there.")
    )

    class Meta:
        verbose_name = _("bucket")
        verbose_name_plural = _("buckets")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def secret_key(self) -> str:
        return unseal(self.sealed)

    @secret_key.setter
    def secret_key(self, secret: str) -> None:
        self.sealed = seal(secret)

    @property
    def address(self) -> str:
        """Where it is, for people: no secret is in it."""
        folder = self.prefix.strip("/")
        return "/".join(part for part in (self.endpoint.rstrip("/") or "s3:/", self.bucket, folder) if part)

    def key_of(self, name: str) -> str:
        """What something of this name is called in the bucket."""
        folder = self.prefix.strip("/")
        return f"{folder}/{name}" if folder else name
