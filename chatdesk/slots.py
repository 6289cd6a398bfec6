"""Places in the desk's and the visitor's pages that apps further right fill: chatdesk never imports them.

An app registers when it is ready; a template asks with `{% slot "desk.side" %}`. What is not filled shows nothing.
An app further right has places of its own (`open_slots`, `Marks`) in the same way.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, ParamSpec

from django.utils.html import conditional_escape, format_html_join
from django.utils.safestring import SafeString

from accounts.models import User
from chatdesk.models import Conversation

NAMES = {
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
P = ParamSpec("P")
Render = Callable[[Mapping[str, Any]], str]  # HTML as a SafeString; any other text is escaped

_renders: dict[str, list[Render]] = defaultdict(list)


def open_slots(*names: str) -> None:
    """Slots of another app's own pages. A template of that app says which context they have."""
    NAMES.update(names)


def fill(name: str, render: Render) -> None:
    """Show what `render` makes of a page's context in the slot `name`. Raises KeyError for a slot that is not there."""
    if name not in NAMES:
        raise KeyError(name)
    if render not in _renders[name]:
        _renders[name].append(render)


def filled(name: str, context: Mapping[str, Any]) -> SafeString:
    """What the slot shows."""
    return format_html_join("", "{}", ((render(context),) for render in _renders[name]))


class Marks(Generic[P]):
    """What is shown beside rows of a list. Each render is called once for all rows of a page: HTML by row's number."""

    def __init__(self) -> None:
        self._renders: list[Callable[P, Mapping[int, str]]] = []

    def fill(self, render: Callable[P, Mapping[int, str]]) -> None:
        """Show what `render` makes too, behind the others'."""
        if render not in self._renders:
            self._renders.append(render)

    def shown(self, *args: P.args, **kwargs: P.kwargs) -> dict[int, SafeString]:
        """What is shown beside these rows, by number."""
        shown: dict[int, SafeString] = defaultdict(SafeString)
        for render in self._renders:
            for number, html in render(*args, **kwargs).items():
                shown[number] += conditional_escape(html)
        return dict(shown)


ENTRIES: Marks[[User, Conversation, Sequence[int]]] = Marks()  # below the entries of these numbers at the desk
fill_entries, beside_entries = ENTRIES.fill, ENTRIES.shown
