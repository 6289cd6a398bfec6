"""What the visitor page's script needs to know, as one JSON object. It holds nothing about who the visitor is."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from chatdesk.protocol import PREVIEW_CHARS
from chatdesk.sitelimits import site_settings
from chatdesk.validators import sites
from chatdesk.views.visitor.address import web_address
from chatdesk.views.visitor.asked import Asked
from chatdesk.views.visitor.texts import script_texts


def config(asked: Asked) -> dict[str, Any]:
    """See static/widget/chat/dom.js."""
    button, state = asked.button, asked.state
    return {
        "button": button.slug,
        "title": asked.words.title,
        "logo": asked.logo,
        "still": asked.still,
        "state": state.state,
        "group_states": state.groups,
        "wait_seconds": state.wait_seconds,
        "waiting": state.waiting,
        "opens_at": state.opens_at,
        "closed_text": state.closed_text,
        "groups": [{"slug": group.slug, "name": group.name} for group in asked.groups],
        "preview": button.typing_preview,
        "preview_chars": PREVIEW_CHARS,
        "sites": sites(button.allowed_sites),
        "page": web_address(asked.request.GET.get("page", "")),
        "referrer": web_address(asked.request.GET.get("ref", "")),
        "texts": script_texts(),
        **_limits(asked),
        **_conversation(asked),
    }


def _limits(asked: Asked) -> dict[str, Any]:
    settings = site_settings()
    upload_url = "" if asked.still else reverse("chatdesk:chat", args=[asked.button.slug]) + "files/"
    limits = {"message_chars": settings.message_limit, "file_mb": settings.file_limit_mb}
    return {"limits": limits, "upload_url": upload_url}


def _conversation(asked: Asked) -> dict[str, Any]:
    conversation = asked.conversation
    return {
        "conversation": conversation.ref if conversation else None,
        "conversation_state": conversation.standing if conversation else None,
        "last_seq": conversation.last_seq if conversation else 0,
    }
