from __future__ import annotations

from django.contrib.auth.backends import ModelBackend
from django.db.models import Model

from accounts.models import DirectoryIdentity, User
from accounts.permissions import AnyUser, opens


class UserTypeBackend(ModelBackend):
    """Signs in by e-mail; whose type opens the admin pages may change every setting there."""

    def user_can_authenticate(self, user: AnyUser | None) -> bool:
        """Whose password is kept in a directory has none here, whatever once was."""
        if not isinstance(user, User) or not super().user_can_authenticate(user):
            return False
        return not DirectoryIdentity.objects.filter(user=user).exists()

    def get_user(self, user_id: int) -> User | None:
        return User.objects.select_related("user_type").filter(pk=user_id, is_active=True).first()

    def has_perm(self, user_obj: AnyUser, perm: str, obj: Model | None = None) -> bool:
        return opens(user_obj, "admin")

    def has_module_perms(self, user_obj: AnyUser, app_label: str) -> bool:
        return opens(user_obj, "admin")
