"""What the plain forms of the chat page do: begin, write, end."""

from __future__ import annotations

import secrets

from django.http import QueryDict

from accounts.addresses import client_address, subscriber
from chatdesk import pace
from chatdesk.actions.conversations import FIELDS, close_by_visitor, start
from chatdesk.actions.entries import post_entry
from chatdesk.actions.waiting import choose
from chatdesk.models import Conversation
from chatdesk.protocol import Code, Refused
from chatdesk.views.visitor.address import web_address
from chatdesk.views.visitor.asked import Asked

CLIENT_ID_CHARS = 64


def carry_out(asked: Asked) -> str:
    """Do what the form asks; returns a new visitor's token, else "". Raises Refused, and then nothing has changed."""
    form = asked.request.POST
    conversation = asked.conversation
    action = form.get("action")
    if conversation is None:
        return "" if action else _start(asked)
    if action == "close":
        _close(conversation)
    elif action == "choose":
        pace.check(pace.visitor_posts, conversation.pk)
        choose(conversation.pk, form.get("choice", ""), form.get("address"))
    else:
        pace.check(pace.visitor_posts, conversation.pk)
        post_entry(conversation, conversation.participants.get(user=None), form.get("body", ""), _client_id(form))
    return ""


def _close(conversation: Conversation) -> None:
    try:
        close_by_visitor(conversation.pk)
    except Refused as refused:
        if refused.code != Code.CLOSED:  # pressed twice, or ended by the desk meanwhile: it is what was wanted
            raise


def _start(asked: Asked) -> str:
    pace.check(pace.starts, subscriber(client_address(asked.request)))
    form = asked.request.POST
    fields = {name: form[name] for name in FIELDS if form.get(name)}
    context = {"page": asked.request.GET.get("page", ""), "referrer": asked.request.GET.get("ref", "")}
    fields |= {name: address for name, text in context.items() if (address := web_address(text))}
    group = form.get("group") or None
    body = form.get("body", "")
    return start(asked.button, asked.visitor, _client_id(form), body, group_slug=group, fields=fields).token


def _client_id(form: QueryDict) -> str:
    return form.get("client_id", "")[:CLIENT_ID_CHARS] or secrets.token_hex(16)
