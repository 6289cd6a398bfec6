"""The one-time link by which the first admin comes in, printed on the console of a desk without people."""

from __future__ import annotations

from django.core.signing import BadSignature, TimestampSigner
from django.urls import reverse

from accounts.models import User

SIGNER = TimestampSigner(salt="accounts.first_run", sep=".")
SECONDS = 24 * 3600


def issue_link() -> str:
    """The path of the first-run page, below the site's address. Good for a day, and only while no user exists."""
    return reverse("accounts:first_run", args=[SIGNER.sign("first-admin")])


def is_alive(token: str) -> bool:
    """Whether this link still makes an admin."""
    try:
        SIGNER.unsign(token, max_age=SECONDS)
    except BadSignature:
        return False
    return not User.objects.exists()
