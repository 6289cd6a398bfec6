from __future__ import annotations

import unicodedata
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.user_type import UserType
from accounts.validators import validate_shown_name


def normal_email(written: str) -> str:
    """The one spelling of an e-mail address by which a person is known: NFKC, no space around it, small letters."""
    small = unicodedata.normalize("NFKC", written).strip().lower()
    return unicodedata.normalize("NFKC", small)  # once more: some small letters fit their accents where large do not


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> User:
        return self.select_related("user_type").get(email=normal_email(username or ""))

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=email, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    email = models.EmailField(_("e-mail"), unique=True, help_text=_("Used to sign in. Visitors never see it."))
    display_name = models.CharField(
        _("display name"),
        max_length=80,
        validators=[validate_shown_name],
        help_text=_("What visitors and colleagues see."),
    )
    photo = models.CharField(_("photo"), max_length=120, blank=True, default="", editable=False)
    user_type = models.ForeignKey(
        UserType, verbose_name=_("user type"), null=True, blank=True, on_delete=models.PROTECT, related_name="users"
    )
    is_active = models.BooleanField(
        _("active"), default=True, help_text=_("Switch off instead of deleting: what was said keeps its author.")
    )
    languages = models.JSONField(
        _("languages"), default=list, blank=True, help_text=_("Those this person speaks with visitors, such as de, en.")
    )
    rules_lifted_until = models.DateTimeField(
        _("log-in rules lifted until"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("Hours, networks and second factor don't count until then: opened from the console."),
    )
    date_joined = models.DateTimeField(_("joined"), default=timezone.now, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["display_name"]

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ["display_name", "pk"]
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_any_case")]

    def __str__(self) -> str:
        return self.display_name or self.email

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.email = normal_email(self.email)
        super().save(*args, **kwargs)

    def clean(self) -> None:
        self.email = normal_email(self.email)

    def get_short_name(self) -> str:
        return self.display_name

    @property
    def is_staff(self) -> bool:
        """Django admin's own word for "may open the admin pages"."""
        return self.is_superuser or bool(self.user_type and self.user_type.opens_admin)

    @property
    def photo_url(self) -> str:
        """The path of the photo that everybody may see; empty without one."""
        return reverse("accounts:photo", args=[self.photo]) if self.photo else ""

    @property
    def initials(self) -> str:
        """At most two letters to show where there is no photo."""
        words = (self.display_name.strip() or self.email).split()
        letters = words[0][:2] if len(words) == 1 else words[0][0] + words[-1][0]
        return "".join(letter.upper()[0] for letter in letters)  # some letters are two when they are large: ß
