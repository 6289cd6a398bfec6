"""Setting up, checking and taking away second factors: authenticator apps (RFC 6238) and recovery codes."""

from __future__ import annotations

import base64
import math
import secrets
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_otp_webauthn.models import WebAuthnCredential

from accounts.models import PasskeyWait, User
from accounts.second_factor import has_second_factor

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # no sign that is easily read as another
CODES, LENGTH = 10, 12  # 59 bits each
DIGITS = 6


class WrongCode(Exception):
    """A code that does not fit the key that was shown."""


@dataclass(frozen=True)
class Checked:
    """What became of a code. `wait`: seconds that the next try has to wait. `held_up`: it was too early."""

    passed: bool
    wait: int = 0
    held_up: bool = False


def new_key() -> str:
    """A fresh key for an authenticator app: 160 bits, hexadecimal (RFC 4226, 4: R6)."""
    return secrets.token_hex(20)


def app_of(user: User, key: str) -> Any:
    """The app's device for this key, not stored: for its address and its key in words."""
    return TOTPDevice(user=user, key=key, name="app", confirmed=True)


@transaction.atomic
def confirm_app(user: User, key: str, code: str) -> None:
    """Make this key the person's one authenticator app. Raises WrongCode, and then nothing changed.

    The code that confirmed it is used up: it signs nobody in.
    """
    device = app_of(user, key)
    TOTPDevice.objects.filter(user=user).delete()
    device.save()
    if not device.verify_token(code):
        raise WrongCode


@transaction.atomic
def make_recovery_codes(user: User) -> list[str]:
    """Ten new codes, each good once; the ones before are void. Only what they hash to is stored."""
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="recovery", confirmed=True)
    codes = ["".join(secrets.choice(ALPHABET) for _ in range(LENGTH)) for _ in range(CODES)]
    for code in codes:
        device.token_set.create(token=_digest(user, code))
    return [f"{code[:4]}-{code[4:8]}-{code[8:]}" for code in codes]


def check_code(user: User, written: str) -> Checked:
    """Try what somebody wrote as a code of the app or as a recovery code. A code passes once (RFC 6238, 5.2).

    Wrong ones make the next try wait 1, 2, 4, ... seconds, for the app and for recovery codes apart.
    """
    code = "".join(sign for sign in written.lower() if sign.isalnum())
    with transaction.atomic():
        device = _device(user, code)
        if device is None:
            return Checked(passed=False)
        if wait := _wait(device):
            return Checked(passed=False, wait=wait, held_up=True)
        passed = device.verify_token(code if _is_app_code(code) else _digest(user, code))
        return Checked(passed=bool(passed), wait=0 if passed else _wait(device))


@transaction.atomic
def begin_passkey(user: User) -> Checked:
    """Whether a passkey's answer may be tried now: if not, `held_up`, and nobody looks at it.

    It counts as a wrong one until `passkey_passed`, so that many at once can't be too many. Wrong ones make the next
    wait 1, 2, 4, ... seconds.
    """
    PasskeyWait.objects.get_or_create(user=user)
    row = PasskeyWait.objects.select_for_update().get(user=user)
    if wait := _wait(row):
        return Checked(passed=False, wait=wait, held_up=True)
    row.throttle_increment()
    return Checked(passed=False, wait=_wait(row))


def passkey_passed(user: User) -> None:
    """It was theirs: the wrong ones before it no longer count."""
    PasskeyWait.objects.filter(user=user).delete()


@transaction.atomic
def remove_app(user: User) -> None:
    TOTPDevice.objects.filter(user=user).delete()
    _tidy(user)


@transaction.atomic
def remove_passkey(user: User, passkey_id: int) -> None:
    WebAuthnCredential.objects.filter(user=user, pk=passkey_id).delete()
    _tidy(user)


@transaction.atomic
def remove_all(user: User) -> None:
    """Everything at once, for somebody who lost it: by an admin."""
    TOTPDevice.objects.filter(user=user).delete()
    WebAuthnCredential.objects.filter(user=user).delete()
    _tidy(user)


def _tidy(user: User) -> None:
    """Recovery codes go with the last factor that they stand in for."""
    if not has_second_factor(user):
        StaticDevice.objects.filter(user=user).delete()


def _is_app_code(code: str) -> bool:
    return len(code) == DIGITS and code.isascii() and code.isdigit()


def _device(user: User, code: str) -> Any:
    model = TOTPDevice if _is_app_code(code) else StaticDevice
    return model.objects.select_for_update().filter(user=user, confirmed=True).first()


def _wait(device: Any) -> int:
    _allowed, why = device.verify_is_allowed()
    return math.ceil((why["locked_until"] - timezone.now()).total_seconds()) if why else 0


def _digest(user: User, code: str) -> str:
    """Keyed with the desk's secret, so that a copy of the database alone lets nobody in or guess."""
    digest = salted_hmac("accounts.recovery_code", f"{user.pk}:{code}", algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest[:12]).decode()
