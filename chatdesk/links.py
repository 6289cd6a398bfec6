"""Addresses of the chat page."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse

from chatdesk.models import Button


def page_url(button: Button) -> str:
    """The page's path: the default button's is /chat/ itself."""
    if button.slug == "default":
        return reverse("chatdesk:chat-default")
    return reverse("chatdesk:chat", args=[button.slug])


def chat_link(button: Button) -> str:
    """The page's full address below settings.SITE_URL, never from a Host header."""
    return f"{settings.SITE_URL}{page_url(button)}"
