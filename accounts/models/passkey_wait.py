from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django_otp.models import ThrottlingMixin


class Allowed(models.Model):
    """What is asked behind the mixin, as django_otp's own Device answers it: nothing else stands against a try."""

    class Meta:
        abstract = True

    def verify_is_allowed(self) -> tuple[bool, dict[str, Any] | None]:
        return True, None


class PasskeyWait(ThrottlingMixin, Allowed):  # type: ignore[misc]  # django_otp has no types
    """How long a person's next try with a passkey waits. Theirs, not a passkey's: a wrong answer is of none."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="passkey_wait"
    )

    def __str__(self) -> str:
        return str(self.user)

    def get_throttle_factor(self) -> int:
        """Seconds after the first wrong answer; each further one doubles them, as with the codes."""
        return 1
