from __future__ import annotations

from django.db.models import Q, QuerySet
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_otp_webauthn.models import WebAuthnCredential

from accounts.models import Directory, User, UserType
from accounts.parts import PEOPLE


def admin_types() -> list[UserType]:
    """The types whose people can change people and user types, and so give anybody every right."""
    return [kind for kind in UserType.objects.filter(opens_admin=True) if kind.opens_part(PEOPLE)]


def without_second_factor() -> QuerySet[User]:
    """The active people who have neither an authenticator app nor a passkey."""
    apps = TOTPDevice.objects.filter(confirmed=True).values("user_id")
    passkeys = WebAuthnCredential.objects.filter(confirmed=True).values("user_id")
    return User.objects.filter(is_active=True).exclude(pk__in=apps).exclude(pk__in=passkeys)


def admins() -> QuerySet[User]:
    """Those who can sign in and change every setting, because they can give themselves what they lack."""
    kinds = [kind.pk for kind in admin_types()]
    return User.objects.filter(Q(is_superuser=True) | Q(user_type__in=kinds), is_active=True)


def leaves_no_admin(others: Q) -> bool:
    """Whether there are admins, and none of them is among `others`: who would be left by what is about to be done.

    Asked in the transaction that does it: two who take each other away at once wait here for one another.
    """
    list(admins().select_for_update().order_by("pk").values_list("pk"))
    return admins().exists() and not admins().filter(others).exists()


def is_last_admin(user: User) -> bool:
    return leaves_no_admin(~Q(pk=user.pk))


def nobody_else_administers(directory: Directory) -> bool:
    """Whether every admin signs in with this directory, or with one that is out of use."""
    in_use = Directory.objects.filter(is_active=True).exclude(pk=directory.pk)
    return leaves_no_admin(Q(directory_identity=None) | Q(directory_identity__directory__in=in_use))


def password_kept_in(user: User) -> Directory | None:
    """The directory in which this person's password is kept; None for one that is kept here."""
    return Directory.objects.filter(identities__user=user).first()
