"""The stories of the demo archive as rows: thousands at a time, with records, seals and leaves of the log."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from accounts.models import User
from chatdesk.actions.files.storing import place_of
from chatdesk.models import Button, Conversation, Entry, File, Note, Participant, Visitor
from routing.models import Group, Outcome, Request, State
from transcripts.actions import logbook
from transcripts.actions.archive.bulk import insert
from transcripts.actions.archive.contents import described
from transcripts.actions.archive.inventing import Said, Story
from transcripts.actions.archive.recorded import Told, recorded
from transcripts.actions.linking import Link
from transcripts.models import Chain, Record
from transcripts.proof.canonical import Json
from transcripts.signals import mails_invented

ENTRY = ("conversation_id", "seq", "kind", "participant_id", "body", "file_id", "at")
NOTE = ("conversation_id", "number", "kind", "author_id", "body", "after_seq", "client_id", "at")
RECORD = ("conversation_id", "number", "kind", "at", "seq", "note", "frame", "salts", "content", "hash")
CHAIN = ("conversation_id", "count", "head", "sealed_at", "sealed_count")


@dataclass(frozen=True)
class Stage:
    """Where the stories take place: groups with their buttons, and the people of each group."""

    groups: list[Group]
    buttons: list[Button]
    people: list[list[User]]

    def person(self, story: Story, place: int) -> User:
        """The one who answers first (0), or after the transfer (1)."""
        group = story.groups[min(place, len(story.groups) - 1)]
        there = self.people[group]
        return there[story.people[place] % len(there)]


@dataclass
class Row:
    """A story with the rows made of it; `parts` by who: -1 the visitor, 0 and 1 the people."""

    story: Story
    conversation: Conversation
    parts: dict[int, Participant] = field(default_factory=dict)
    files: dict[int, File] = field(default_factory=dict)  # by the number of the entry

    def part_of(self, by: int | None) -> Participant | None:
        return None if by is None else self.parts[by]


@transaction.atomic
def store(stories: Sequence[Story], stage: Stage) -> None:
    """All rows of these stories. Raises IntegrityError if they are there already."""
    rows = _conversations(stories, stage)
    _participants(rows, stage)
    _files(rows)
    told = [recorded(_told(row, stage)) for row in rows]
    insert(Entry, ENTRY, (line for row in rows for line in _entries(row, stage)))
    insert(Note, NOTE, (line for row in rows for line in _notes(row, stage)))
    insert(Record, RECORD, (link for links in told for link in links))
    seals = [links[-1] for links in told]
    insert(Chain, CHAIN, ((seal.conversation_id, seal.number, seal.hash, seal.at, seal.number) for seal in seals))
    logbook.append_all([_leaf(row.conversation, seal) for row, seal in zip(rows, seals, strict=True)])
    mails_invented.send(None, conversations=[row.conversation for row in rows if row.story.by_mail])


def _conversations(stories: Sequence[Story], stage: Stage) -> list[Row]:
    marks = [f"demo-archive-{story.number}" for story in stories]
    visitors = Visitor.objects.bulk_create(
        Visitor(token_hash=mark, token_used=True, created_at=story.begun, seen_at=story.ended)
        for mark, story in zip(marks, stories, strict=True)
    )
    requests = Request.objects.bulk_create(_request(story, stage) for story in stories)
    made = Conversation.objects.bulk_create(
        _conversation(story, stage, visitor, request, mark)
        for story, visitor, request, mark in zip(stories, visitors, requests, marks, strict=True)
    )
    return [Row(story, conversation) for story, conversation in zip(stories, made, strict=True)]


def _request(story: Story, stage: Stage) -> Request:
    last = stage.person(story, len(story.groups) - 1)
    return Request(
        group=stage.groups[story.groups[-1]],
        state=State.CLOSED,
        operator=last,
        arrived_at=story.begun,
        waiting_since=story.begun,
        taken_at=story.said[1].at,
        waited_seconds=int((story.said[1].at - story.begun).total_seconds()),
        closed_at=story.ended,
        outcome=Outcome.SERVED,
        language=story.language,
    )


def _conversation(story: Story, stage: Stage, visitor: Visitor, request: Request, mark: str) -> Conversation:
    return Conversation(
        ref=story.ref,
        visitor=visitor,
        button=stage.buttons[story.groups[0]],
        group=request.group,
        earlier_groups=[stage.groups[story.groups[0]].pk] if len(story.groups) > 1 else [],
        request=request,
        start_id=mark,
        last_seq=len(story.said),
        last_at=story.ended,
        last_note=len(story.remarks),
        created_at=story.begun,
        closed_at=story.ended,
        name=story.name,
        email=story.email,
        page=story.page,
    )


def _participants(rows: Sequence[Row], stage: Stage) -> None:
    planned = [(row, by, _participant(row, by, stage)) for row in rows for by in _who(row.story)]
    made = Participant.objects.bulk_create(part for _row, _by, part in planned)
    for (row, by, _part), part in zip(planned, made, strict=True):
        row.parts[by] = part
    for row in rows:
        row.parts.setdefault(1, row.parts[0])  # the same person, of the other group


def _who(story: Story) -> Iterator[int]:
    yield from (-1, 0)
    if len(story.groups) > 1:
        yield 1


def _participant(row: Row, by: int, stage: Stage) -> Participant:
    user = None if by < 0 else stage.person(row.story, by)
    read = len(row.story.said)
    name = user.display_name if user else row.story.name
    return Participant(conversation=row.conversation, user=user, name=name, delivered_seq=read, read_seq=read)


def _files(rows: Sequence[Row]) -> None:
    planned = [(row, seq, _file(row, seq, said)) for row in rows for seq, said in _with_files(row.story)]
    for (row, seq, _planned), file in zip(planned, File.objects.bulk_create(f for _r, _s, f in planned), strict=True):
        row.files[seq] = file
        place = place_of(file.key)
        if not default_storage.exists(place):  # a run that was killed had come further with bytes than with rows
            default_storage.save(place, ContentFile(described(file.media_type, row.story.ref).data))


def _with_files(story: Story) -> Iterator[tuple[int, Said]]:
    return ((seq, said) for seq, said in enumerate(story.said, 1) if said.kind == "file")


def _file(row: Row, seq: int, said: Said) -> File:
    content = described(said.media_type, row.story.ref)
    return File(
        key=f"{row.story.ref}demo{seq:02d}",
        conversation=row.conversation,
        state=File.State.STORED,
        name=said.body,
        media_type=said.media_type,
        size=len(content.data),
        sha256=content.sha256,
        created_at=said.at,
    )


Line = tuple[object, ...]


def _entries(row: Row, stage: Stage) -> Iterator[Line]:
    for seq, said in enumerate(row.story.said, 1):
        part, file = row.part_of(said.by), row.files.get(seq)
        body = words(row, said, stage)
        yield row.conversation.pk, seq, said.kind, part and part.pk, body, file and file.pk, said.at


def words(row: Row, said: Said, stage: Stage) -> str:
    """What an entry says that the desk writes itself."""
    name = stage.person(row.story, max(said.by or 0, 0)).display_name
    if said.kind == "transfer":
        return f"{name} passed the conversation on to {stage.groups[row.story.groups[-1]].name}."
    return {"join": f"{name} joined the conversation.", "close": f"{name} ended the conversation."}.get(
        said.kind, said.body
    )


def _notes(row: Row, stage: Stage) -> Iterator[Line]:
    for number, remark in enumerate(row.story.remarks, 1):
        author = stage.person(row.story, remark.by)
        client_id = f"demo-{number}"
        yield row.conversation.pk, number, "note", author.pk, remark.body, remark.after, client_id, remark.at


def _told(row: Row, stage: Stage) -> Told:
    return Told(
        conversation=row.conversation,
        parts=row.parts,
        entries=[(n, said, words(row, said, stage), row.files.get(n)) for n, said in enumerate(row.story.said, 1)],
        remarks=list(enumerate(row.story.remarks, 1)),
        groups={"first": stage.groups[row.story.groups[0]], "last": stage.groups[row.story.groups[-1]]},
        by_mail=row.story.by_mail,
        sealed_at=row.story.ended + timedelta(milliseconds=1),
    )


def _leaf(conversation: Conversation, seal: Link) -> logbook.Happening:
    body: dict[str, Json] = {"conversation": conversation.ref, "count": seal.number, "head": seal.hash}
    return logbook.Happening("conversation.closed", body, at=seal.at)
