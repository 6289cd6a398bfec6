"""Who has a second factor, who needs one, and whether this session was opened with one."""

from __future__ import annotations

import time

from django.http import HttpRequest
from django.utils import timezone
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_otp_webauthn.models import WebAuthnCredential

from accounts.models import User

VERIFIED_AT = "second_factor_at"  # in the session: seconds since 1970


def has_second_factor(user: User) -> bool:
    """An authenticator app or a passkey. Recovery codes only stand in for one of these."""
    return has_app(user) or has_passkey(user)


def has_app(user: User) -> bool:
    return bool(TOTPDevice.objects.filter(user=user, confirmed=True).exists())


def has_passkey(user: User) -> bool:
    return passkey_count(user) > 0


def passkey_count(user: User) -> int:
    return int(WebAuthnCredential.objects.filter(user=user, confirmed=True).count())


def recovery_codes_left(user: User) -> int:
    device = StaticDevice.objects.filter(user=user, confirmed=True).first()
    return int(device.token_set.count()) if device else 0


def needs_second_factor(user: User) -> bool:
    """Whether this person's type asks for one, and no one at the console has lifted that for a while."""
    lifted = user.rules_lifted_until is not None and timezone.now() < user.rules_lifted_until
    return bool(user.user_type and user.user_type.needs_second_factor) and not lifted


def mark_verified(request: HttpRequest) -> None:
    request.session[VERIFIED_AT] = int(time.time())
