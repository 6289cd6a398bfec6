"""Places in the compliance desk's pages that other parts and apps fill, as chatdesk.slots for the desk.

A part registers when its app is ready; a template asks with `{% transcripts_slot "transcripts.side" %}`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.html import conditional_escape, format_html_join
from django.utils.safestring import SafeString

NAMES = frozenset(
    {
        "transcripts.side",  # beside a conversation that is read; context: request, reader, conversation
        "transcripts.acts",  # what can be done with it, as links or forms; the same
        "transcripts.matter",  # on the page of a matter; context: request, reader, matter
        "transcripts.found",  # above what was found, for all of it; context: request, reader, query, matter
    }
)
Render = Callable[[Mapping[str, Any]], str]  # HTML as a SafeString; any other text is escaped
RenderRows = Callable[[Sequence[int]], Mapping[int, str]]  # marks, by a conversation's id

_renders: dict[str, list[Render]] = defaultdict(list)
_row_renders: list[RenderRows] = []


def fill(name: str, render: Render) -> None:
    """Show what `render` makes of a page's context in the slot `name`. Raises KeyError for a slot that is not there."""
    if name not in NAMES:
        raise KeyError(name)
    if render not in _renders[name]:
        _renders[name].append(render)


def fill_rows(render: RenderRows) -> None:
    """Show marks (held, due ...) on the rows of lists (`transcripts.row`). Called once for all rows of a page."""
    if render not in _row_renders:
        _row_renders.append(render)


def filled(name: str, context: Mapping[str, Any]) -> SafeString:
    return format_html_join("", "{}", ((render(context),) for render in _renders[name]))


def on_rows(conversation_ids: Sequence[int]) -> dict[int, SafeString]:
    """The marks of these conversations, by id."""
    shown: dict[int, SafeString] = defaultdict(SafeString)
    for render in _row_renders:
        for number, html in render(conversation_ids).items():
            shown[number] += conditional_escape(html)
    return dict(shown)
