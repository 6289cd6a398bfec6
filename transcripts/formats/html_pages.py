"""HTML: a page per conversation with its files beside it, and a list of all."""

from __future__ import annotations

import base64
from collections.abc import Iterator

from transcripts.formats.base import BaseWriter, encoded, file_place, reason
from transcripts.formats.fetching import Fault, Fetched
from transcripts.formats.names import safe_name
from transcripts.formats.options import Options, Reader
from transcripts.formats.page import document, file_link, no_file, story_page
from transcripts.formats.rooms import title_of
from transcripts.formats.story import Event, Story
from transcripts.formats.text import markup, readable
from transcripts.formats.volume import Volume, chunks_of

# Small pictures of kinds that run nothing are shown in the page (an SVG may hold a script, so it is a link).
PICTURES = {"image/png", "image/jpeg", "image/gif", "image/webp"}
SMALL = 200_000
MOST = 4_000_000  # bytes of pictures in one page: a page is read whole by who opens it


class HtmlWriter(BaseWriter):
    """index.html, conversations/REF.html, files/."""

    def __init__(self, volume: Volume, options: Options) -> None:
        super().__init__(volume, options)
        self._list = volume.spool()
        self._room = MOST

    def _story(self, story: Story, read: Reader) -> None:
        self._room = MOST
        files = {id(event): self._beside(story, event, read) for event in story.events if event.document}
        page = story_page(story, lambda event: files.get(id(event), ""), self.options.words, self.options.language)
        written = self.volume.write(f"conversations/{safe_name(story.ref)}.html", encoded(page))
        opened, title = readable(story.opened), markup(title_of(story))
        link = f'<a href="{written.path}"><bdi>{title}</bdi></a>'
        self._list.write(f"<tr><td>{opened}</td><td>{link}</td><td>{len(story.events)}</td></tr>\n".encode())

    def _beside(self, story: Story, event: Event, read: Reader) -> str:
        name = event.document.name if event.document else ""
        with self.fetched(story, event, read) as found:
            if isinstance(found, Fault):
                return no_file(name, reason(found))
            self.counts["files"] += 1
            picture = self._picture(event, found)
            path = self.volume.write(self.volume.place(file_place(story.ref, event)), chunks_of(found.bytes)).path
            return file_link(name, f"../{path}", f"({found.size} bytes, SHA-256 {found.sha256})") + picture

    def _picture(self, event: Event, found: Fetched) -> str:
        kind, name = (event.document.media_type, event.document.name) if event.document else ("", "")
        if kind not in PICTURES or found.size > min(SMALL, self._room):
            return ""
        self._room -= found.size
        data = base64.b64encode(found.bytes.read()).decode()
        found.bytes.seek(0)
        return f'<img src="data:{kind};base64,{data}" alt="{markup(name)}">\n'

    def _finish(self) -> None:
        self.volume.write("index.html", encoded(document(self.options.title, self._index(), self.options.language)))

    def _index(self) -> Iterator[str]:
        words = self.options.words
        heads = "".join(
            f'<th scope="col">{markup(words.get(head, head))}</th>' for head in ("Opened", "Conversation", "Messages")
        )
        yield f"<main>\n<h1>{markup(self.options.title)}</h1>\n<table>\n<thead><tr>{heads}</tr></thead>\n<tbody>\n"
        self._list.seek(0)
        yield from (line.decode() for line in self._list)
        self._list.close()
        yield "</tbody>\n</table>\n</main>\n"
