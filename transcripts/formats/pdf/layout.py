"""A story as the template wants it: plain values alone, every text made fit to print."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from transcripts.formats.pdf.printable import Printable, is_right_to_left, one_line
from transcripts.formats.pdf.words import Look
from transcripts.formats.story import (
    DELETED,
    EDITED_NEW,
    EDITED_ORIGINAL,
    FILE_DELETED,
    Document,
    Event,
    Presence,
    Story,
)

# What stands for a withheld text in a redacted story.
REDACTED = re.compile(r"\[redacted(?:: [^\]\n]{1,200})?\]")


class Layout:
    """The data of one document; `printable` notes whether something could not be shown as it is."""

    def __init__(self, story: Story, look: Look, families: tuple[str, ...], printable: Printable) -> None:
        self.story, self.look, self.words = story, look, look.words
        self.families = families
        self.printable = printable
        self.offsets: dict[str, None] = {}

    def data(self) -> dict[str, Any]:
        story, look, words = self.story, self.look, self.words
        events = list(self._events())
        facts, people = list(self._facts()), [self._person(presence) for presence in story.presences]
        title = self._line(story.subject) or self._line(words.untitled.format(ref=story.ref))
        made = self._local(story.closed or story.opened)
        return {
            "title": title,
            "heading": title,
            "author": self._line(story.site) or "chatdesk",
            "made": {name: getattr(made, name) for name in ("year", "month", "day", "hour", "minute", "second")},
            "fonts": self.families,
            "lang": look.language[:2],
            "rtl": look.is_right_to_left,
            "header": self._line(f"{story.site} · {story.ref}"),
            "zone": self._line(words.zone.format(zone=look.zone_name, offsets=", ".join(self.offsets) or "+00:00")),
            "bates": self._bates(),
            "facts": facts,
            "people": people,
            "events": events,
            "notes": list(self._notes()),
            "words": {name: getattr(words, name) for name in ("page", "people", "said", "nothing")},
        }

    def _bates(self) -> dict[str, Any] | None:
        bates = self.look.bates
        return {"prefix": self._line(bates.prefix), "start": bates.start, "width": bates.width} if bates else None

    def _notes(self) -> Iterator[str]:
        if self.story.is_redacted:
            yield self.words.redacted
        if self.printable.named:
            yield self.words.unseen

    def _facts(self) -> Iterator[dict[str, Any]]:
        story, words = self.story, self.words
        visitor = story.visitor
        known = (
            (words.conversation, story.ref),
            (words.group, story.group),
            (words.button, story.button),
            (words.channel, story.channel),
            (words.subject, story.subject),
            (words.opened, self._moment(story.opened)),
            (words.closed, self._moment(story.closed) if story.closed else words.still_open),
            (words.visitor, visitor.name if visitor else ""),
            (words.email, visitor.email if visitor else ""),
            *story.facts.items(),
            (words.tags, ", ".join(story.tags)),
            (words.holds, ", ".join(story.holds)),
            (words.head, story.head),
            *self.look.facts,
        )
        for name, text in known:
            if text:
                yield {"name": self._line(name), "mono": text == story.head, **self._text(one_line(text))}

    def _person(self, presence: Presence) -> dict[str, Any]:
        words, person = self.words, presence.person
        until = self._moment(presence.until) if presence.until else words.till_end
        kind = words.kinds.get(person.kind, words.visitor)
        named = f"{person.name} ({kind})" if person.name else kind
        if person.email:
            named += f" <{person.email}>"
        line = f"{named}, {words.since.format(since=self._moment(presence.since), until=until)}"
        return self._text(one_line(f"{line}, {words.silent}" if presence.silent else line))

    def _events(self) -> Iterator[dict[str, Any]]:
        day = None
        for event in self.story.events:
            at = self._local(event.at)
            new_day = None if at.date() == day else f"{at:%Y-%m-%d}"
            day = at.date()
            yield {
                "day": new_day,
                "head": f"{event.number} · {at:%H:%M:%S} {self._offset(at)} · ",
                "who": self._text(one_line(self._who(event))),
                "mark": "".join(f" · {mark}" for mark in self._marks(event)),
                **self._said(event.text),
                "lines": [self._text(line) for line in self._document(event.document)] if event.document else [],
            }

    def _who(self, event: Event) -> str:
        author = event.author
        if author is None:
            return self.words.nobody
        return author.name or self.words.kinds.get(author.kind, self.words.visitor)

    def _marks(self, event: Event) -> Iterator[str]:
        words = self.words
        if event.internal:
            yield words.internal
        changed = {
            EDITED_ORIGINAL: words.edited,
            EDITED_NEW: words.edited_new,
            DELETED: words.deleted,
            FILE_DELETED: words.file_deleted,
        }
        if event.update in changed:
            yield changed[event.update]
            if event.updated:
                yield self._moment(event.updated)

    def _said(self, text: str) -> dict[str, Any]:
        """`plain` for what reads from left to right and has no boxes, which is set in one go; else `parts`."""
        rtl = is_right_to_left(text)
        if text and not rtl and not self.story.is_redacted:
            return {"rtl": False, "plain": self.printable(text), "parts": []}
        return {"rtl": rtl, "plain": None, "parts": self._parts(text)}

    def _parts(self, text: str) -> list[dict[str, Any]]:
        if not self.story.is_redacted:
            return [{"boxed": False, **self._text(text)}] if text else []
        found, parts, start = REDACTED.finditer(text), [], 0
        for mark in found:
            parts += [{"boxed": False, **self._text(text[start : mark.start()])}] if mark.start() > start else []
            parts.append({"boxed": True, **self._text(mark[0].strip("[]"))})
            start = mark.end()
        return [*parts, {"boxed": False, **self._text(text[start:])}] if text[start:] else parts

    def _document(self, document: Document) -> Iterator[str]:
        words = self.words
        name = one_line(document.name)
        yield words.file.format(name=name, type=one_line(document.media_type), size=document.size)
        if document.sha256:
            yield words.fingerprint.format(sha256=document.sha256)
        if document.missing:
            said = words.withheld if REDACTED.fullmatch(document.missing) else words.gone
            yield said.format(why=one_line(document.missing))

    def _text(self, text: str) -> dict[str, Any]:
        return {"text": self.printable(text), "rtl": is_right_to_left(text)}

    def _line(self, text: str) -> str:
        return self.printable(one_line(text))

    def _local(self, at: datetime) -> datetime:
        return at.astimezone(self.look.zone)

    def _moment(self, at: datetime) -> str:
        local = self._local(at)
        return f"{local:%Y-%m-%d %H:%M:%S} {self._offset(local)}"

    def _offset(self, local: datetime) -> str:
        text = local.strftime("%z")
        offset = f"{text[:3]}:{text[3:5]}"
        self.offsets[offset] = None
        return offset
