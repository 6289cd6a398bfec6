"""A story as plain text: what review tools index, and what a mail shows where no HTML is."""

from __future__ import annotations

from collections.abc import Iterator

from transcripts.formats.people import author_of, people_of
from transcripts.formats.rooms import title_of
from transcripts.formats.story import Event, Story
from transcripts.formats.text import one_line, printable, readable


def facts(story: Story) -> Iterator[tuple[str, str]]:
    """What is said about a conversation before its messages, under English labels; nothing that is empty."""
    told = [
        ("Conversation", story.ref),
        ("Site", story.site),
        ("Group", story.group),
        ("Button", story.button),
        ("Channel", story.channel),
        ("Opened", readable(story.opened)),
        ("Closed", readable(story.closed) if story.closed else "not closed"),
        ("Tags", ", ".join(story.tags)),
        ("Holds", ", ".join(story.holds)),
        ("Redacted", "yes" if story.is_redacted else ""),
        *story.facts.items(),
    ]
    return ((label, value) for label, value in told if value)


def text_of(story: Story) -> Iterator[str]:
    """The lines, each with its end; texts indented, so that none can pose as the head of another message."""
    yield f"{one_line(title_of(story))}\n\n"
    yield from (f"{one_line(label)}: {one_line(value)}\n" for label, value in facts(story))
    yield from (f"Participant: {one_line(who.name)} ({who.kind})\n" for who in people_of(story))
    for event in story.events:
        yield "\n" + _head(story, event)
        yield from (f"    {line}\n" for line in printable(event.text).splitlines())
        yield _file(event)


def _head(story: Story, event: Event) -> str:
    marks = [mark for mark in (event.update, "internal" if event.internal else "") if mark]
    told = f" ({', '.join(marks)})" if marks else ""
    return f"[{event.number}] {readable(event.at)} {one_line(author_of(story, event).name)}{told}\n"


def _file(event: Event) -> str:
    if event.document is None:
        return ""
    document = event.document
    gone = f", not available: {one_line(document.missing)}" if document.missing else ""
    return (
        f"    File: {one_line(document.name)} ({document.size} bytes, SHA-256 {document.sha256 or 'unknown'}{gone})\n"
    )
