"""What the visitor page's script needs to know, as one JSON object. It holds nothing about who the visitor is."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from chatdesk.models import Button, Conversation
from chatdesk.protocol import PREVIEW_CHARS, ButtonState
from chatdesk.sitelimits import site_settings
from chatdesk.states import offered_groups
from chatdesk.validators import sites
from chatdesk.views.visitor.texts import script_texts

ADDRESS_CHARS = 500


def config(
    request: HttpRequest, button: Button, state: ButtonState, conversation: Conversation | None
) -> dict[str, Any]:
    """See static/widget/chat/dom.js."""
    settings = site_settings()
    return {
        "button": button.slug,
        "title": button.title,
        "state": state.state,
        "group_states": state.groups,
        "wait_seconds": state.wait_seconds,
        "groups": [{"slug": group.slug, "name": group.name} for group in offered_groups(button)],
        "preview": button.typing_preview,
        "preview_chars": PREVIEW_CHARS,
        "limits": {"message_chars": settings.message_limit, "file_mb": settings.file_limit_mb},
        "upload_url": reverse("chatdesk:chat", args=[button.slug]) + "files/",
        "sites": sites(button.allowed_sites),
        "page": web_address(request.GET.get("page", "")),
        "referrer": web_address(request.GET.get("ref", "")),
        "conversation": conversation.ref if conversation else None,
        "conversation_state": conversation.standing if conversation else None,
        "last_seq": conversation.last_seq if conversation else 0,
        "texts": script_texts(),
    }


def web_address(text: str) -> str:
    """A host page's address as it was passed on; nothing if it is no web address."""
    return text[:ADDRESS_CHARS] if text.startswith(("https://", "http://")) else ""
