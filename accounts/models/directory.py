from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.user_type import UserType
from accounts.sealing import seal, unseal

OWN_MACHINE = ("127.0.0.1", "localhost", "::1")
SWITCHED_ON = "(!(userAccountControl:1.2.840.113556.1.4.803:=2))"


class Directory(models.Model):
    """An LDAP or Active Directory server whose people may sign in here with their own password."""

    name = models.CharField(_("name"), max_length=80, unique=True, help_text=_("Told to people: “kept in …”."))
    is_active = models.BooleanField(_("used for signing in"), default=True)
    servers = models.TextField(
        _("servers"),
        help_text=_("One address a line, like ldaps://dc1.corp.example. The next is asked when one does not answer."),
    )
    start_tls = models.BooleanField(
        _("StartTLS"), default=False, help_text=_("Encrypt a connection that begins plain (ldap://).")
    )
    ca_certificate = models.TextField(
        _("CA certificate"),
        blank=True,
        help_text=_("The certificate of the authority that signed the servers' own (PEM). Empty: this machine's list."),
    )
    bind_dn = models.CharField(
        _("service account"), max_length=254, help_text=_("A reading account: a DN, or name@domain with AD.")
    )
    bind_secret = models.TextField(editable=False, blank=True)
    base = models.CharField(_("base"), max_length=254, help_text=_("Where people and groups are, as a DN."))
    people_filter = models.TextField(
        _("filter for people"), default=f"(&(objectCategory=person)(objectClass=user){SWITCHED_ON})"
    )
    name_attributes = models.CharField(
        _("names to sign in with"), max_length=254, default="sAMAccountName, userPrincipalName, mail"
    )
    uid_attribute = models.CharField(
        _("attribute: identity"),
        max_length=64,
        default="objectGUID",
        help_text=_("What never changes and is never used again: objectGUID with AD, entryUUID with OpenLDAP."),
    )
    email_attribute = models.CharField(_("attribute: e-mail"), max_length=64, default="mail")
    display_name_attribute = models.CharField(_("attribute: name"), max_length=64, default="displayName")
    photo_attribute = models.CharField(
        _("attribute: photo"), max_length=64, default="thumbnailPhoto", blank=True, help_text=_("Empty: no photos.")
    )
    group_filter = models.TextField(_("filter for groups"), default="(objectClass=group)")
    member_attribute = models.CharField(_("attribute: member"), max_length=64, default="member")
    nested_groups = models.BooleanField(
        _("nested groups"), default=True, help_text=_("Members of a group inside a group count too.")
    )
    wrong_tries = models.PositiveSmallIntegerField(
        _("wrong passwords"),
        default=4,
        validators=[MinValueValidator(2), MaxValueValidator(50)],
        help_text=_(
            "So many wrong passwords of one person are passed on to the directory in the time below, whatever name is "
            "typed and from wherever; half of them are kept for places where the person has signed in before. Keep it "
            "below the directory's own limit, or strangers can lock people out of everything."
        ),
    )
    wrong_minutes = models.PositiveSmallIntegerField(
        _("in so many minutes"), default=30, validators=[MinValueValidator(1), MaxValueValidator(1440)]
    )
    offline_hours = models.PositiveSmallIntegerField(
        _("hours without the directory"),
        default=12,
        help_text=_("When it can't be asked for so long, its people are signed out: nobody knows who left since."),
    )
    reached_at = models.DateTimeField(_("last reached"), null=True, editable=False)
    trouble = models.CharField(_("trouble"), max_length=254, blank=True, editable=False)

    class Meta:
        verbose_name = _("directory")
        verbose_name_plural = _("directories")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def bind_password(self) -> str:
        return unseal(self.bind_secret)

    @bind_password.setter
    def bind_password(self, secret: str) -> None:
        self.bind_secret = seal(secret)

    @property
    def addresses(self) -> list[str]:
        return self.servers.split()

    def clean(self) -> None:
        for address in self.addresses:
            self._check(address)
        if not self.addresses:
            raise ValidationError({"servers": _("Write at least one address.")})

    def _check(self, address: str) -> None:
        parts = _parts(address)
        if parts is None or parts.scheme not in ("ldap", "ldaps") or not parts.hostname:
            raise ValidationError({"servers": _("%s is no address of a directory.") % address})
        if parts.scheme == "ldap" and not self.start_tls and parts.hostname not in OWN_MACHINE:
            text = _("Passwords would cross the network for everybody to read: use ldaps:// or StartTLS.")
            raise ValidationError({"servers": text})


def _parts(address: str) -> SplitResult | None:
    try:
        parts = urlsplit(address)
        return parts if parts.port != 0 else None  # asking for the port is what finds one that is none
    except ValueError:
        return None


class DirectoryGroup(models.Model):
    """What members of a group of the directory may do here. Known by its identity, not by its name."""

    directory = models.ForeignKey(Directory, on_delete=models.CASCADE, related_name="groups")
    dn = models.CharField(_("group"), max_length=254, help_text=_("The DN of the group, exactly."))
    uid = models.CharField(_("identity"), max_length=64, blank=True, editable=False)
    user_type = models.ForeignKey(
        UserType,
        verbose_name=_("user type"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="directory_groups",
        help_text=_("Empty: the group lets people in and leaves their user type as it is."),
    )
    priority = models.SmallIntegerField(
        _("priority"), default=0, help_text=_("Of several groups of a person, the highest says the user type.")
    )

    class Meta:
        verbose_name = _("group of a directory")
        verbose_name_plural = _("groups of a directory")
        ordering = ["-priority", "pk"]
        constraints = [models.UniqueConstraint(fields=["directory", "dn"], name="directory_group_once")]

    def __str__(self) -> str:
        return self.dn


class DirectoryIdentity(models.Model):
    """Which person of a directory a user is. One person is one user, whatever name they type."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, verbose_name=_("person"), on_delete=models.CASCADE, related_name="directory_identity"
    )
    directory = models.ForeignKey(
        Directory, verbose_name=_("directory"), on_delete=models.PROTECT, related_name="identities"
    )
    uid = models.CharField(_("identity"), max_length=64)
    dn = models.CharField(_("place"), max_length=512, blank=True)
    seen_at = models.DateTimeField(_("last seen there"), default=timezone.now)
    withdrawn = models.CharField(_("switched off because"), max_length=32, blank=True)
    photo_digest = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        verbose_name = _("person of a directory")
        verbose_name_plural = _("people of directories")
        constraints = [models.UniqueConstraint(fields=["directory", "uid"], name="directory_person_once")]

    def __str__(self) -> str:
        return f"{self.user} · {self.directory}"


class DirectoryTry(models.Model):
    """A wrong password that reached a directory, or a right one (`passed`): from where."""

    directory = models.ForeignKey(Directory, on_delete=models.CASCADE, related_name="tries")
    person = models.CharField(max_length=254)
    address = models.CharField(max_length=45, blank=True)
    passed = models.BooleanField(default=False)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["directory", "person", "at"], name="directory_try_person")]

    def __str__(self) -> str:
        return f"{self.person} {self.at}"
