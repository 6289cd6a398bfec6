"""What the plain forms of the chat page do: begin, write, end."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from django.http import QueryDict

from accounts.addresses import client_address, subscriber
from chatdesk import pace
from chatdesk.actions.conversations import ANSWER_TO, FIELDS, Started, close_by_visitor, start
from chatdesk.actions.entries import post_entry
from chatdesk.actions.files import receive
from chatdesk.actions.waiting import choose
from chatdesk.models import Conversation
from chatdesk.protocol import Code, Refused
from chatdesk.views.visitor.address import web_address
from chatdesk.views.visitor.asked import Asked

CLIENT_ID_CHARS = 64
ROOM_FOR_NUMBER = 60


@dataclass(frozen=True)
class Done:
    """A new visitor's token, and why a file that came along was refused: the words before it are kept."""

    token: str = ""
    problem: str = ""


def carry_out(asked: Asked) -> Done:
    """Do what the form asks. Raises Refused, and then nothing has changed."""
    form = asked.request.POST
    conversation = asked.conversation
    action = form.get("action")
    if conversation is None:
        return Done() if action else _begun(asked)
    if action == "close":
        _close(conversation)
    elif action == "choose":
        pace.check(pace.visitor_posts, conversation.pk)
        choose(conversation.pk, form.get("choice", ""), form.get("address"))
    else:
        pace.check(pace.visitor_posts, conversation.pk)
        client_id = _client_id(form)
        post_entry(conversation, conversation.participants.get(user=None), form.get("body", ""), client_id)
        return Done(problem=_files(asked, conversation, client_id))
    return Done()


def _begun(asked: Asked) -> Done:
    client_id = _client_id(asked.request.POST)
    started = _start(asked, client_id)
    return Done(started.token, _files(asked, started.conversation, client_id))


def _files(asked: Asked, conversation: Conversation, client_id: str) -> str:
    """Take the form's files in, after its words; why one was refused, else ""."""
    part = conversation.participants.get(user=None)
    for number, upload in enumerate(asked.request.FILES.getlist("file"), start=1):
        try:
            receive(conversation, part, upload, f"{client_id[:ROOM_FOR_NUMBER]}-{number}")
        except Refused as refused:
            return f"{upload.name}: {refused.detail}"
    return ""


def _close(conversation: Conversation) -> None:
    try:
        close_by_visitor(conversation.pk)
    except Refused as refused:
        if refused.code != Code.CLOSED:  # pressed twice, or ended by the desk meanwhile: it is what was wanted
            raise


def _start(asked: Asked, client_id: str) -> Started:
    pace.check(pace.starts, subscriber(client_address(asked.request)))
    form = asked.request.POST
    fields = {name: form[name] for name in (*FIELDS, ANSWER_TO) if form.get(name)}
    context = {"page": asked.request.GET.get("page", ""), "referrer": asked.request.GET.get("ref", "")}
    fields |= {name: address for name, text in context.items() if (address := web_address(text))}
    group = form.get("group") or None
    body = form.get("body", "")
    return start(asked.button, asked.visitor, client_id, body, group_slug=group, fields=fields)


def _client_id(form: QueryDict) -> str:
    return form.get("client_id", "")[:CLIENT_ID_CHARS] or secrets.token_hex(16)
