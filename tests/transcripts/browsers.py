"""Browsers of compliance staff who have come in."""

from __future__ import annotations

from django.test import Client

from accounts.models import User
from transcripts.models import Matter


def comes_in(user: User, matter: Matter | None = None, reason: str = "review of May") -> Client:
    """A browser of that person, who said what they read for."""
    browser = Client()
    browser.force_login(user, backend="accounts.backends.UserTypeBackend")
    browser.post("/transcripts/purpose/", {"matter": matter.pk if matter else "", "reason": reason})
    return browser
