"""EDRM XML 1.2: edrm.xml with natives/ and text/ beside it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from transcripts.formats.base import reason
from transcripts.formats.days import Day
from transcripts.formats.load import Child, LoadWriter, Produced, ending
from transcripts.formats.options import Options, WrittenFile
from transcripts.formats.people import email_of, people_of
from transcripts.formats.rooms import title_of
from transcripts.formats.story import Event, Person
from transcripts.formats.text import iso, markup
from transcripts.formats.volume import Volume, chunks_of

OWN_TAGS = ("ConversationId", "RoutingGroup", "Participants", "Tags", "Holds", "Redacted", "SHA256", "Warning")
Tag = tuple[str, str, str]  # name, value, type: Text, DateTime, Integer, Boolean


def person_text(person: Person) -> str:
    """As mail programs show an address."""
    return f"{person.name} <{email_of(person)}>"


def tag_lines(tags: list[Tag]) -> str:
    """<Tags>; a tag without a value is left out."""
    lines = (
        f'<Tag TagName="{name}" TagValue="{markup(value)}" TagDataType="{kind}"/>\n'
        for name, value, kind in tags
        if value
    )
    return f"<Tags>\n{''.join(lines)}</Tags>\n"


def file_lines(kind: str, file: WrittenFile) -> str:
    """<File> with where it lies; MD5 because the schema's tools know nothing newer (a tag has the SHA-256)."""
    folder, _, name = file.path.rpartition("/")
    place = f'FilePath="{markup(folder)}" FileName="{markup(name)}" FileSize="{file.size}"'
    return f'<File FileType="{kind}"><ExternalFile {place} Hash="{file.md5}" HashType="MD5"/></File>\n'


def document_lines(day: Day, doc_id: str, kinds: tuple[str, str], tags: list[Tag], files: str) -> str:
    """<Document> of a type and a media type, with every operator who took part as a custodian."""
    places = "".join(
        f"<Location><Custodian>{markup(who.name)}</Custodian>"
        f"<LocationURI>conversation:{markup(day.story.ref)}</LocationURI></Location>\n"
        for who in day.custodians
    )
    return (
        f'<Document DocID="{markup(doc_id)}" DocType="{kinds[0]}" MimeType="{markup(kinds[1])}">\n'
        f"{tag_lines(tags)}<Files>\n{files}</Files>\n<Locations>\n{places}</Locations>\n</Document>\n"
    )


def message_tags(produced: Produced) -> list[Tag]:
    """The standard tags of a message, and ours."""
    day, story = produced.day, produced.day.story
    others = [who for who in people_of(story) if who.key != day.sender.key]
    return [
        ("#From", person_text(day.sender), "Text"),
        ("#To", "; ".join(person_text(who) for who in others), "Text"),
        ("#Subject", day.room.name, "Text"),
        ("#Title", title_of(story), "Text"),
        ("#DateSent", iso(day.begin), "DateTime"),
        ("#DateReceived", iso(day.end), "DateTime"),
        ("#AttachmentNames", "; ".join(child.document.name for child in produced.children), "Text"),
        ("ConversationId", story.ref, "Text"),
        ("RoutingGroup", story.group, "Text"),
        ("Participants", "; ".join(person_text(who) for who in people_of(story)), "Text"),
        ("Tags", "; ".join(story.tags), "Text"),
        ("Holds", "; ".join(story.holds), "Text"),
        ("Redacted", "true" if story.is_redacted else "false", "Boolean"),
        ("SHA256", produced.native.sha256, "Text"),
    ]


def file_tags(child: Child) -> list[Tag]:
    """The standard tags of a file, and ours."""
    document = child.document
    return [
        ("#FileName", document.name, "Text"),
        ("#FileExtension", ending(document.name).lstrip("."), "Text"),
        ("#FileSize", str(document.size), "Integer"),
        ("#DateCreated", iso(child.event.at), "DateTime"),
        ("#DateModified", iso(child.event.updated or child.event.at), "DateTime"),
        ("SHA256", document.sha256, "Text"),
        ("Warning", reason(child.fault) if child.fault else "", "Text"),
    ]


class EdrmWriter(LoadWriter):
    """Documents go straight to a file aside, relationships and folders each to another."""

    def __init__(self, volume: Volume, options: Options) -> None:
        super().__init__(volume, options)
        self._documents, self._relations, self._folders = volume.spool(), volume.spool(), volume.spool()

    def _name(self, day: Day, event: Event | None) -> str:
        parts = [day.key, str(event.number), event.update] if event else [day.key]
        return "-".join(filter(None, parts))

    def _path(self, folder: str, name: str, ending: str) -> str:
        return self.volume.place(f"{folder}/{name}{ending}")

    def _row(self, produced: Produced) -> None:
        files = file_lines("Native", produced.native) + file_lines("Text", produced.text)
        tags, day = message_tags(produced), produced.day
        self._documents.write(document_lines(day, produced.id, ("Message", "text/html"), tags, files).encode())
        for child in produced.children:
            self._child_row(produced, child)
        ids = [produced.id, *(child.id for child in produced.children)]
        inside = "".join(f'<Document DocId="{markup(doc_id)}"/>' for doc_id in ids)
        self._folders.write(f'<Folder FolderName="{markup(day.key)}">{inside}</Folder>\n'.encode())

    def _child_row(self, produced: Produced, child: Child) -> None:
        files = file_lines("Native", child.native) if child.native else ""
        kind = child.document.media_type or "application/octet-stream"
        told = document_lines(produced.day, child.id, ("File", kind), file_tags(child), files)
        self._documents.write(told.encode())
        ids = f'ParentDocId="{markup(produced.id)}" ChildDocId="{markup(child.id)}"'
        self._relations.write(f'<Relationship Type="Attachment" {ids}/>\n'.encode())

    def _finish(self) -> None:
        self.volume.write("edrm.xml", self._xml())

    def _xml(self) -> Iterator[bytes]:
        fields = "".join(f'<Field Name="{name}" DataType="Text"/>\n' for name in OWN_TAGS)
        yield (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            f'<Root MajorVersion="1" MinorVersion="2" Description="{markup(self.options.title)}" Locale="US" '
            f'DataInterchangeType="Update">\n<Fields>\n{fields}</Fields>\n<Batch>\n<Documents>\n'
        ).encode()
        yield from _spooled(self._documents)
        yield b"</Documents>\n<Relationships>\n"
        yield from _spooled(self._relations)
        yield b"</Relationships>\n<Folders>\n"
        yield from _spooled(self._folders)
        yield b"</Folders>\n</Batch>\n</Root>\n"


def _spooled(spool: IO[bytes]) -> Iterator[bytes]:
    with spool:
        spool.seek(0)
        yield from chunks_of(spool)
