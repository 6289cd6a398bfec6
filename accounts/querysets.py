from __future__ import annotations

from django.db.models import Q, QuerySet

from accounts.models import Directory, User


def admins() -> QuerySet[User]:
    """Those who can sign in and change every setting."""
    return User.objects.filter(Q(is_superuser=True) | Q(user_type__opens_admin=True), is_active=True)


def password_kept_in(user: User) -> Directory | None:
    """The directory in which this person's password is kept; None for one that is kept here."""
    return Directory.objects.filter(identities__user=user).first()
