"""What the plain forms of the chat page do: begin, write, end."""

from __future__ import annotations

from chatdesk.actions.conversations import FIELDS, close_by_visitor, start
from chatdesk.actions.entries import post_entry
from chatdesk.protocol import Code, Refused
from chatdesk.views.visitor.asked import Asked
from chatdesk.views.visitor.config import web_address

CLIENT_ID_CHARS = 64


def carry_out(asked: Asked) -> str:
    """Do what the form asks; returns a new visitor's token, else "". Raises Refused, and then nothing has changed."""
    conversation = asked.conversation
    if asked.request.POST.get("action") == "close":
        if conversation is not None:
            _close(asked)
        return ""
    return _start(asked) if conversation is None else _post(asked)


def _close(asked: Asked) -> None:
    assert asked.conversation is not None
    try:
        close_by_visitor(asked.conversation)
    except Refused as refused:
        if refused.code != Code.CLOSED:  # pressed twice, or ended by the desk meanwhile: it is what was wanted
            raise


def _start(asked: Asked) -> str:
    form = asked.request.POST
    fields = {name: form[name] for name in FIELDS if form.get(name)}
    context = {"page": asked.request.GET.get("page", ""), "referrer": asked.request.GET.get("ref", "")}
    fields |= {name: address for name, text in context.items() if (address := web_address(text))}
    started = start(asked.button, asked.visitor, _client_id(asked), form.get("body", ""), form.get("group") or None, fields)
    return started.token


def _post(asked: Asked) -> str:
    conversation = asked.conversation
    assert conversation is not None
    part = conversation.participants.get(user=None)
    post_entry(conversation, part, asked.request.POST.get("body", ""), _client_id(asked) or None)
    return ""


def _client_id(asked: Asked) -> str:
    return asked.request.POST.get("client_id", "")[:CLIENT_ID_CHARS]
