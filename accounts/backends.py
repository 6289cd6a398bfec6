from __future__ import annotations

from django.contrib.auth.backends import ModelBackend
from django.db.models import Model

from accounts.models import EVERY_PART, DirectoryIdentity, User
from accounts.parts import parts_of
from accounts.permissions import AnyUser, opens, opens_part


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
        """By the parts of the admin pages; what belongs to no part is for those who have every part."""
        app_label, _dot, deed = perm.partition(".")
        action, _underscore, model = deed.partition("_")
        parts = parts_of(f"{app_label}.{model}", to_look=action == "view")
        return any(opens_part(user_obj, part) for part in parts | {EVERY_PART})

    def has_module_perms(self, user_obj: AnyUser, app_label: str) -> bool:
        return opens(user_obj, "admin")
