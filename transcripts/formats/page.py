"""A story as one page of HTML: no script, nothing fetched, texts in their own direction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from urllib.parse import quote

from transcripts.formats.page_style import POLICY, STYLE
from transcripts.formats.people import author_of
from transcripts.formats.plain import facts
from transcripts.formats.rooms import title_of
from transcripts.formats.story import (
    DELETED,
    EDITED_NEW,
    EDITED_ORIGINAL,
    FILE_DELETED,
    UNCHANGED,
    Event,
    Person,
    Presence,
    Story,
)
from transcripts.formats.text import iso, markup, readable

# What is beside an event's text: HTML, made by the caller (a link to a file, why there is none).
Beside = Callable[[Event], str]
# The words of the page, English to the reader's language; what is not in it stays English.
Words = Mapping[str, str]

UPDATED = {
    EDITED_ORIGINAL: "before it was edited",
    EDITED_NEW: "edited",
    UNCHANGED: "unchanged",
    DELETED: "deleted",
    FILE_DELETED: "file deleted",
}


def document(title: str, body: Iterable[str], language: str = "en") -> Iterator[str]:
    """A whole page around a body."""
    yield f'<!DOCTYPE html>\n<html lang="{markup(language or "en")}">\n<head>\n<meta charset="utf-8">\n'
    yield f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    yield f"<title>{markup(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
    yield from body
    yield "</body>\n</html>\n"


def story_page(story: Story, beside: Beside, words: Words | None = None, language: str = "en") -> Iterator[str]:
    """The page of one conversation. Piece by piece: a page of 10,000 messages need not be one text in memory."""
    return document(title_of(story), story_body(story, beside, words or {}), language)


def story_body(story: Story, beside: Beside, words: Words) -> Iterator[str]:
    """Head, people and messages."""
    yield f'<main data-conversation="{markup(story.ref)}">\n<h1 dir="auto">{markup(title_of(story))}</h1>\n<dl>\n'
    for label, value in facts(story):
        yield f'<dt>{markup(words.get(label, label))}</dt><dd dir="auto">{markup(value)}</dd>\n'
    yield "</dl>\n"
    yield from _people(story, words)
    yield f"<h2>{_word('Messages', words)}</h2>\n<ol>\n"
    yield from (event_item(story, event, beside, words) for event in story.events)
    yield "</ol>\n</main>\n"


def _word(word: str, words: Words) -> str:
    return markup(words.get(word, word))


def _people(story: Story, words: Words) -> Iterator[str]:
    heads = "".join(f'<th scope="col">{_word(head, words)}</th>' for head in ("Name", "Role", "From", "Until"))
    yield f"<h2>{_word('Participants', words)}</h2>\n<table>\n<thead><tr>{heads}</tr></thead>\n<tbody>\n"
    present = {stay.person.key for stay in story.presences}
    if story.visitor and story.visitor.key not in present:
        yield _row(story.visitor, Presence(story.visitor, story.opened, story.closed), words)
    yield from (_row(stay.person, stay, words) for stay in story.presences)
    yield "</tbody>\n</table>\n"


def _row(person: Person, stay: Presence, words: Words) -> str:
    until = f"<td>{readable(stay.until)}</td>" if stay.until else "<td></td>"
    email = f" &lt;<bdi>{markup(person.email)}</bdi>&gt;" if person.email else ""
    who = f'<th scope="row"><bdi>{markup(person.name)}</bdi>{email}</th><td>{_word(person.kind, words)}</td>'
    return f"<tr>{who}<td>{readable(stay.since)}</td>{until}</tr>\n"


def event_item(story: Story, event: Event, beside: Beside, words: Words) -> str:
    """One item of the list; `data-number` and `data-update` name the event."""
    author = author_of(story, event)
    classes = f"{markup(author.kind)} internal" if event.internal else markup(author.kind)
    name = f"e{event.number}{f'-{event.update}' if event.update else ''}"
    data = f'data-number="{event.number}" data-update="{markup(event.update)}" data-kind="{markup(event.kind)}"'
    return (
        f'<li id="{markup(name)}" class="{classes}" {data}>\n<p class="who">{_who(author, event, words)}</p>\n'
        f'<p class="text" dir="auto">{markup(event.text)}</p>\n{beside(event)}</li>\n'
    )


def _who(author: Person, event: Event, words: Words) -> str:
    told = [UPDATED.get(event.update, event.update), "internal" if event.internal else ""]
    marks = "".join(f' <span class="mark">{_word(mark, words)}</span>' for mark in told if mark)
    time = f'<time datetime="{iso(event.at)}">{readable(event.at)}</time>'
    return (
        f'<bdi class="name">{markup(author.name)}</bdi> · {_word(author.kind, words)} · {time} · {event.number}{marks}'
    )


def file_link(name: str, path: str, about: str) -> str:
    """A link to a file beside the page."""
    return f'<p class="file"><a href="{quote(path)}"><bdi>{markup(name)}</bdi></a> {markup(about)}</p>\n'


def no_file(name: str, why: str) -> str:
    """What stands in place of a link."""
    return f'<p class="file"><bdi>{markup(name)}</bdi>: {markup(why)}</p>\n'
