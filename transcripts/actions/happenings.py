"""What happened, from the rows that tell of it: one function for each kind of row."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from accounts.rows import aware
from chatdesk.actions.ledger import Stored
from chatdesk.models import Conversation, File, Note, Participant
from routing.models import Group
from transcripts.actions.chains import Part
from transcripts.actions.linking import Author, Happening
from transcripts.kinds import Kind

FORM = ("name", "email", "question", "page", "referrer")
BODY = frozenset({"body"})


class Opening(NamedTuple):
    """What is told of a conversation's beginning: `button` and `group` by their slugs."""

    pk: int
    ref: str
    created_at: datetime
    last_seq: int
    last_note: int
    button: str
    group: str
    visitor: int
    name: str
    email: str
    question: str
    page: str
    referrer: str


def opening_of(row: Conversation) -> Opening:
    head = (row.pk, row.ref, row.created_at, row.last_seq, row.last_note)
    form = (row.name, row.email, row.question, row.page, row.referrer)
    return Opening(*head, row.button.slug, row.group.slug, row.visitor_id, *form)


def opened(opening: Opening, channel: str) -> Happening:
    """With its button and group. `channel`: chat or mail."""
    facts = {
        "button": opening.button,
        "channel": channel,
        "group": opening.group,
        "visitor": opening.visitor,
    }
    said = {name: value for name in FORM if (value := getattr(opening, name))}
    return Happening(Kind.OPENED, aware(opening.created_at), said, facts)


def appeared(part: Part | Participant, at: Any, *, facts: dict[str, Any] | None = None) -> Happening:
    """Somebody who has no entry to say so."""
    said = {"name": part.name} if part.name else {}
    return Happening(Kind.PARTICIPANT, at, said, facts or {}, Author(part.pk, part.user_id))


def entry(stored: Stored, part: Part | None, file: File | None = None, group: Group | None = None) -> Happening:
    """`group`: where a transfer leads."""
    said: dict[str, Any] = {"body": stored.body}
    facts: dict[str, Any] = {}
    elsewhere = BODY
    if file is not None:
        said, elsewhere = {"name": file.name, "document": document(file)}, frozenset()
    if part is not None and stored.kind == Kind.JOIN:
        said["name"], facts["role"] = part.name, part.role or Participant.Role.HOST.value
    if group is not None:
        facts["group"] = group.slug
    author = Author(part.pk, part.user_id) if part else None
    return Happening(stored.kind, stored.at, said, facts, author, seq=stored.seq, elsewhere=elsewhere)


def document(file: File) -> dict[str, Any]:
    return {"key": file.key, "media_type": file.media_type, "sha256": file.sha256, "size": file.size}


def note(row: Note, participant_id: int | None) -> Happening:
    """`after` is the entry it stands behind. Its author may be no participant."""
    facts: dict[str, Any] = {"after": row.after_seq}
    author = Author(participant_id, row.author_id) if participant_id else None
    if author is None:
        facts["user"] = row.author_id
    return Happening(row.kind, row.at, {"body": row.body}, facts, author, note=row.number, elsewhere=BODY)
