from __future__ import annotations

from django.db.models import Q, QuerySet

from accounts.models import User


def admins() -> QuerySet[User]:
    """Those who can sign in and change every setting."""
    return User.objects.filter(Q(is_superuser=True) | Q(user_type__opens_admin=True), is_active=True)
