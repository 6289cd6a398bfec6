"""Places in the desk's and the visitor's pages that apps further right fill: chatdesk never imports them.

An app registers when it is ready; a template asks with `{% slot "desk.side" %}`. What is not filled shows nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.html import conditional_escape, format_html_join
from django.utils.safestring import SafeString

from accounts.models import User
from chatdesk.models import Conversation

NAMES = frozenset(
    {
        "desk.rail",  # links of the rail; context: request, user
        "desk.top",  # above the desk's lists; context: request, user
        "desk.side",  # beside a conversation; context: request, user, conversation
        "desk.composer",  # above the composer; context: request, user, conversation
        "chat.head",  # below the head of the visitor's page; context: request, state, config
        "chat.offline",  # in the visitor's form while nobody is there; the same
        "chat.kept",  # below the log of the visitor's page, from the first message on; the same
        "chat.ending",  # in the question before the end; the same
        "chat.ended",  # after the end of the visitor's conversation; the same
    }
)
Render = Callable[[Mapping[str, Any]], str]  # HTML as a SafeString; any other text is escaped
RenderEntries = Callable[[User, Conversation, Sequence[int]], Mapping[int, str]]  # the same, by an entry's number

_renders: dict[str, list[Render]] = defaultdict(list)
_entry_renders: list[RenderEntries] = []


def fill(name: str, render: Render) -> None:
    """Show what `render` makes of a page's context in the slot `name`. Raises KeyError for a slot that is not there."""
    if name not in NAMES:
        raise KeyError(name)
    if render not in _renders[name]:
        _renders[name].append(render)


def fill_entries(render: RenderEntries) -> None:
    """Show something below the entries at the desk. Called once for all entries of a page."""
    if render not in _entry_renders:
        _entry_renders.append(render)


def filled(name: str, context: Mapping[str, Any]) -> SafeString:
    """What the slot shows."""
    return format_html_join("", "{}", ((render(context),) for render in _renders[name]))


def beside_entries(user: User, conversation: Conversation, numbers: Sequence[int]) -> dict[int, SafeString]:
    """What is shown below the entries of these numbers, by number."""
    shown: dict[int, SafeString] = defaultdict(SafeString)
    for render in _entry_renders:
        for number, html in render(user, conversation, numbers).items():
            shown[number] += conditional_escape(html)
    return dict(shown)
