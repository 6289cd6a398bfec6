from __future__ import annotations

from django.urls import reverse

from chatdesk.models import Button

ADDRESS_CHARS = 500


def web_address(text: str) -> str:
    """A host page's address as it was passed on; nothing if it is no web address."""
    return text[:ADDRESS_CHARS] if text.startswith(("https://", "http://")) else ""


def logo_url(button: Button) -> str:
    return reverse("chatdesk:logo", args=[button.logo]) if button.logo else ""
