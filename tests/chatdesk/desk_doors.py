"""The desk's pages and fragments, asked for as its browser does."""

from __future__ import annotations

import re

from django.http import HttpResponse

from accounts.models import User
from chatdesk.models import Conversation
from tests.accounts.people import signed_in


def page(user: User, path: str = "/desk/", **headers: str) -> HttpResponse:
    return signed_in(user).get(path, headers=headers)  # type: ignore[return-value]


def fragment(user: User, path: str) -> HttpResponse:
    return page(user, path, **{"HX-Request": "true"})


def html(answer: HttpResponse) -> str:
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


def address(conversation: Conversation, part: str = "") -> str:
    return f"/desk/conversations/{conversation.ref}/{part}"


def refs(text: str) -> list[str]:
    """The conversations of a list's rows, in their order."""
    return re.findall(r'<li data-ref="([^"]+)"', text)


def numbers(text: str) -> list[int]:
    """The numbers of the entries shown, in their order."""
    return [int(seq) for seq in re.findall(r'data-seq="(\d+)"', text)]
