"""What a phone does: codes for a key, and a person who has set one up."""

from __future__ import annotations

import base64
import re
from typing import Any

from django.test import Client
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.models import User
from tests.accounts.people import sign_in

SECOND = "/accounts/sign-in/second/"
KEY = "3132333435363738393031323334353637383930"  # RFC 6238, appendix B


def code_now(key: str = KEY, steps: int = 0) -> str:
    """What the app shows, `steps` half minutes from now."""
    return f"{totp(bytes.fromhex(key), t0=-30 * steps):06d}"


def make_app(user: User, key: str = KEY) -> Any:
    """An app that was set up some time ago."""
    return TOTPDevice.objects.create(user=user, name="app", key=key, confirmed=True)


def at_second_step(user: User) -> Client:
    """Somebody who gave the right password, and no more."""
    client = Client()
    sign_in(client, user.email)
    return client


def give_code(client: Client, code: str) -> Any:
    return client.post(SECOND, {"code": code})


def key_on(page: Any) -> str:
    """The key in words on the page that sets up an app, as hexadecimal."""
    found = re.search(r'class="key"><code>([A-Z2-7 ]+)</code>', page.content.decode())
    assert found
    return base64.b32decode(found.group(1).replace(" ", "")).hex()


def codes_on(page: Any) -> list[str]:
    """The recovery codes that a page shows."""
    return re.findall(r"<li><code>([a-z0-9-]+)</code>", page.content.decode())


def sleep_out(device: Any) -> None:
    """The wait after wrong codes is over."""
    type(device).objects.filter(pk=device.pk).update(throttling_failure_timestamp=None)
