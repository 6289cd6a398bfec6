"""Concordance load file: loadfile.dat with natives/ and text/, numbered by the caller's Bates numbers."""

from __future__ import annotations

import codecs
from datetime import datetime

from transcripts.formats.base import reason
from transcripts.formats.days import Day
from transcripts.formats.edrm import person_text
from transcripts.formats.load import Child, LoadWriter, Produced, ending
from transcripts.formats.options import Options
from transcripts.formats.people import people_of
from transcripts.formats.story import Event
from transcripts.formats.text import printable
from transcripts.formats.volume import Volume

FIELD, QUOTE, LINE = "\x14", "\u00fe", "\u00ae"
COLUMNS = (
    *("BEGDOC", "ENDDOC", "BEGATTACH", "ENDATTACH", "PARENTID", "ATTCHIDS", "CUSTODIAN", "DUPCUSTODIAN", "DOCTYPE"),
    *("CONVERSATIONID", "ROUTINGGROUP", "PARTICIPANTS", "FROM", "TO", "SUBJECT", "DATESENT", "TIMESENT", "DATEBEGIN"),
    *("DATEEND", "TIMEZONE", "FILENAME", "FILEEXT", "FILESIZE", "MIMETYPE", "MD5HASH", "SHA256HASH", "NATIVEPATH"),
    *("TEXTPATH", "PAGECOUNT", "REDACTED", "HOLDS", "TAGS"),
)
README = """loadfile.dat is a Concordance load file.
Encoding: {encoding}. One row per document, rows end with CR LF, the first row names the fields.
Between fields: the character 20 (hexadecimal 14, DC4). Around each field: \u00fe (U+00FE).
A line end within a field: \u00ae (U+00AE). Several values in one field: semicolon and space.
A \u00fe within a field is doubled, a \u00ae of the text is written (R), a control character as its picture (U+2400).
With CP1252, a character that it lacks is written as a question mark; the files in text\\ are always UTF-8 and whole.
Dates are YYYY-MM-DD, times HH:MM:SS, all in UTC. Paths are relative to this folder.
One document is a conversation, or 24 hours of it; its files follow as its attachments. Pages are not counted: each
document is produced in its native form and has one number.
"""


def value(text: object) -> str:
    """What may stand between two \u00fe."""
    lines = str(text).replace("\r\n", "\n").replace("\r", "\n")
    return printable(lines.replace(LINE, "(R)")).replace("\n", LINE).replace(QUOTE, QUOTE * 2)


def line(cells: list[object]) -> str:
    """A row with its end."""
    return FIELD.join(f"{QUOTE}{value(cell)}{QUOTE}" for cell in cells) + "\r\n"


def many(values: list[str]) -> str:
    """Several values in one field."""
    return "; ".join(values)


class DatWriter(LoadWriter):
    """Numbers go on from `bates_start`; `Written.next_bates` is where the next volume starts."""

    def __init__(self, volume: Volume, options: Options) -> None:
        super().__init__(volume, options)
        self._next = options.bates_start
        self._dat = volume.spool()
        if options.encoding == "utf-8":
            self._dat.write(codecs.BOM_UTF8)
        self._put({column: column for column in COLUMNS})

    @property
    def next_bates(self) -> int:
        """The first number that is free."""
        return self._next

    def _put(self, cells: dict[str, str]) -> None:
        told = line([cells.get(column, "") for column in COLUMNS])
        self._dat.write(told.encode(self.options.encoding, errors="replace"))

    def _name(self, day: Day, event: Event | None) -> str:
        number, self._next = self._next, self._next + 1
        return f"{self.options.bates_prefix}{number:0{self.options.bates_width}d}"

    def _path(self, folder: str, name: str, ending: str) -> str:
        """A thousand documents to a folder."""
        digits = int(name.removeprefix(self.options.bates_prefix))
        return self.volume.place(f"{folder}/{digits // 1000:06d}/{name}{ending}")

    def _row(self, produced: Produced) -> None:
        children = [child.id for child in produced.children]
        family = {"BEGATTACH": produced.id, "ENDATTACH": children[-1]} if children else {}
        day, shared = produced.day, family | _shared(produced.day)
        native, text = produced.native, produced.text
        self._put(
            shared
            | _sent(day.begin)
            | {"BEGDOC": produced.id, "ENDDOC": produced.id, "ATTCHIDS": many(children), "DOCTYPE": "Chat"}
            | {"FILENAME": native.path.rpartition("/")[2], "FILEEXT": "html", "FILESIZE": str(native.size)}
            | {"MIMETYPE": "text/html", "MD5HASH": native.md5, "SHA256HASH": native.sha256}
            | {"NATIVEPATH": windows(native.path), "TEXTPATH": windows(text.path), "PAGECOUNT": "1"}
        )
        for child in produced.children:
            self._child_row(produced, child, shared)

    def _child_row(self, produced: Produced, child: Child, shared: dict[str, str]) -> None:
        document, name = child.document, child.document.name
        md5 = child.native.md5 if child.native else document.md5
        cells = shared | _sent(child.event.at)
        cells |= {"BEGDOC": child.id, "ENDDOC": child.id, "PARENTID": produced.id, "DOCTYPE": "Attachment"}
        cells |= {"FILENAME": name, "FILEEXT": ending(name).lstrip("."), "FILESIZE": str(document.size)}
        cells |= {"MIMETYPE": document.media_type, "MD5HASH": md5, "SHA256HASH": document.sha256, "PAGECOUNT": "1"}
        path = self._path("text", child.id, ".txt")
        text = self.volume.write(path, [f"{printable(name)}\n{_about(child)}\n".encode()])
        self._put(
            cells | {"NATIVEPATH": windows(child.native.path) if child.native else "", "TEXTPATH": windows(text.path)}
        )

    def _finish(self) -> None:
        self.volume.take("loadfile.dat", self._dat)
        name = "UTF-8 with a byte order mark" if self.options.encoding == "utf-8" else self.options.encoding.upper()
        self.volume.write("README.txt", [README.format(encoding=name).encode()])


def _about(child: Child) -> str:
    return f"This file is not in the export: {reason(child.fault)}." if child.fault else "See the native file."


def windows(path: str) -> str:
    """As the tools that read load files write paths."""
    return path.replace("/", "\\")


def _shared(day: Day) -> dict[str, str]:
    """What a document and its files have in common."""
    story, people = day.story, people_of(day.story)
    first, *others = day.custodians
    return {
        "CUSTODIAN": first.name,
        "DUPCUSTODIAN": many([who.name for who in others]),
        "CONVERSATIONID": day.room.key,
        "ROUTINGGROUP": story.group,
        "PARTICIPANTS": many([person_text(who) for who in people]),
        "FROM": person_text(day.sender),
        "TO": many([person_text(who) for who in people if who.key != day.sender.key]),
        "SUBJECT": day.room.name,
        "DATEBEGIN": _date(day.begin),
        "DATEEND": _date(day.end),
        "TIMEZONE": "UTC",
        "REDACTED": "Y" if story.is_redacted else "N",
        "HOLDS": many(list(story.holds)),
        "TAGS": many(list(story.tags)),
    }


def _date(at: datetime) -> str:
    return f"{at:%Y-%m-%d}"


def _sent(at: datetime) -> dict[str, str]:
    return {"DATESENT": _date(at), "TIMESENT": f"{at:%H:%M:%S}"}
