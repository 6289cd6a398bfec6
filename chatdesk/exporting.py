"""One conversation as a document: what both sides could read, in order. Internal notes are never in it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from chatdesk.contact import address_of, masked
from chatdesk.entry_view import participant_author
from chatdesk.models import Conversation, Entry
from chatdesk.visible import visible

LINES = "lines"  # to read, below what was said
MORE = "more"  # to read, in the head
FORMS = {"text": ("txt", "text/plain"), "html": ("html", "text/html"), "json": ("json", "application/json")}


@dataclass(frozen=True)
class Beside:
    """What belongs to an entry besides its text: `facts` for JSON, under `name`, and the same as `lines` to read."""

    name: str
    facts: dict[str, Any]
    lines: tuple[str, ...]


Besides = Mapping[int, Beside]  # by an entry's number
More = Sequence[tuple[str, str]]
Tell = Callable[[User, Conversation], Besides]

_tellers: list[Tell] = []


def add_teller(tell: Tell) -> None:
    """For an app further right, when it is ready: `tell` answers what an export by this person holds of its own."""
    if tell not in _tellers:
        _tellers.append(tell)


def told_to(user: User, conversation: Conversation) -> dict[int, list[Beside]]:
    """What all apps further right have to tell, by an entry's number."""
    found: dict[int, list[Beside]] = {}
    for tell in _tellers:
        for seq, beside in tell(user, conversation).items():
            found.setdefault(seq, []).append(beside)
    return found


@dataclass(frozen=True)
class Exported:
    """A file to save: its name, its media type (UTF-8) and its text."""

    name: str
    media_type: str
    text: str


def export(
    conversation: Conversation, form: str, *, with_contact: bool, by: User | None = None, more: More = ()
) -> Exported:
    """The transcript in one of FORMS, `by` somebody of the desk, else for the visitor. Raises KeyError for another.

    `more`: what stands in its head besides, as label and text.
    """
    suffix, media_type = FORMS[form]
    facts = transcript(conversation, with_contact=with_contact, by=by) | {MORE: list(more)}
    return Exported(
        file_name(conversation, suffix),
        f"{media_type}; charset=utf-8",
        {"text": as_text, "html": as_html, "json": as_json}[form](facts),
    )


def file_name(conversation: Conversation, suffix: str) -> str:
    """What a transcript is saved as."""
    return f"chat-{conversation.mark}-{conversation.created_at:%Y-%m-%d}.{suffix}"


def transcript(conversation: Conversation, *, with_contact: bool, by: User | None = None) -> dict[str, Any]:
    """Everything that is exported; times are UTC, as ISO 8601 in JSON."""
    address = address_of(conversation) if by else conversation.email
    return {
        "conversation": conversation.ref,
        "group": conversation.group.name,
        "button": conversation.button.title,
        "started": conversation.created_at,
        "closed": conversation.closed_at,
        "exported": timezone.now(),
        "visitor": {
            "name": conversation.name,
            "email": address if with_contact else masked(address),
            "question": conversation.question,
            "page": conversation.page,
        },
        "entries": list(_entries(conversation, told_to(by, conversation) if by else {})),
    }


def _entries(conversation: Conversation, told: Mapping[int, list[Beside]]) -> Iterator[dict[str, Any]]:
    rows = Entry.objects.filter(conversation=conversation).select_related("participant__user", "file").order_by("seq")
    for row in rows.iterator():
        author = participant_author(row.participant)
        file = row.file
        besides = told.get(row.seq, [])
        yield {
            "seq": row.seq,
            "at": row.at,
            "kind": row.kind,
            "author": {"kind": author.kind, "name": author.name},
            "text": row.body,
            "file": {"name": file.name, "type": file.media_type, "size": file.size, "sha256": file.sha256}
            if file
            else None,
            **{beside.name: beside.facts for beside in besides},
            LINES: [line for beside in besides for line in beside.lines],
        }


def as_json(facts: dict[str, Any]) -> str:
    entries = [{name: value for name, value in entry.items() if name != LINES} for entry in facts["entries"]]
    told = {name: value for name, value in facts.items() if name != MORE}
    return json.dumps(told | {"entries": entries}, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1) + "\n"


def as_text(facts: dict[str, Any]) -> str:
    head = [f"{label}: {value}" for label, value in _head(facts)]
    return "\n".join([*head, "", *(_line(entry) for entry in facts["entries"])]) + "\n"


def as_html(facts: dict[str, Any]) -> str:
    entries = [
        {**entry, "who": _one_line(_who(entry)), "words": _words(entry), LINES: _beside(entry)}
        for entry in facts["entries"]
    ]
    return render_to_string("desk/export.html", {**facts, "head": _head(facts), "entries": entries})


def _head(facts: dict[str, Any]) -> list[tuple[str, str]]:
    visitor = facts["visitor"]
    known = [
        (_("Conversation"), facts["conversation"]),
        (_("Group"), facts["group"]),
        (_("Button"), facts["button"]),
        (_("Started"), _moment(facts["started"])),
        (_("Closed"), _moment(facts["closed"]) if facts["closed"] else ""),
        (_("Visitor"), visitor["name"]),
        (_("E-mail"), visitor["email"]),
        (_("Answer"), visitor["question"]),
        (_("Page"), visitor["page"]),
        (_("Exported"), _moment(facts["exported"])),
        *facts[MORE],
    ]
    return [(label, _one_line(value)) for label, value in known if value]


def _line(entry: dict[str, Any]) -> str:
    """What follows the first line is indented, so that no message can pass for another one."""
    told = (line for each in _beside(entry) for line in each.splitlines())
    words = "\n    ".join([*_words(entry).splitlines(), *told])
    return f"{entry['seq']}. [{_moment(entry['at'])}] {_one_line(_who(entry))}: {words}"


def _beside(entry: dict[str, Any]) -> list[str]:
    return [visible(line) for line in entry[LINES]]


def _who(entry: dict[str, Any]) -> str:
    names = {"visitor": _("Visitor"), "operator": _("Operator"), "system": _("The desk")}
    return entry["author"]["name"] or names[entry["author"]["kind"]]


def _words(entry: dict[str, Any]) -> str:
    file = entry["file"]
    return visible(f"[{file['name']}, {file['type']}, {file['size']} B]" if file else entry["text"])


def _one_line(text: str) -> str:
    return " ".join(visible(text).split())


def _moment(moment: Any) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"
