"""Links to set a password: for one use, for settings.PASSWORD_RESET_TIMEOUT seconds, never from a Host header."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from accounts.models import User


def password_link(user: User) -> str:
    """A full address below settings.SITE_URL. It dies with the first sign-in or new password."""
    uid, token = urlsafe_base64_encode(force_bytes(user.pk)), default_token_generator.make_token(user)
    return f"{settings.SITE_URL}{reverse('accounts:password_set', args=[uid, token])}"
