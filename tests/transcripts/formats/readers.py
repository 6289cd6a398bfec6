"""Independent readers of every format: what a stranger gets back. None of them uses the code of the writers."""

from __future__ import annotations

import csv
import json
import mailbox
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from html.parser import HTMLParser
from pathlib import Path


@dataclass(frozen=True)
class Seen:
    """An event as it was read back."""

    ref: str
    number: int
    update: str
    text: str


def plain_ref(ref: str) -> str:
    return ref.removesuffix("-internal")


def post(ref: str, update: str, text: str) -> Seen:
    conversation, _, number = ref.rpartition(".")
    if update in ("Deleted", "FileDeleted"):
        assert text.startswith("delete ")
        text = text.removeprefix("delete ")
    return Seen(conversation, int(number), update, text)


def table(path: Path, **how: object) -> list[list[str]]:
    csv.field_size_limit(10_000_000)
    with path.open(encoding=str(how.pop("encoding", "utf-8")), newline="") as file:
        return list(csv.reader(file, strict=True, **how))  # type: ignore[arg-type]


def rows(path: Path, **how: object) -> list[dict[str, str]]:
    heads, *cells = table(path, **how)
    assert {len(each) for each in cells} <= {len(heads)}
    return [dict(zip(heads, each, strict=True)) for each in cells]


def read_csv(folder: Path) -> Iterator[Seen]:
    for row in rows(folder / "events.csv"):
        yield Seen(row["conversation"], int(row["number"]), row["update"], row["text"])


def unharmed(text: str) -> str:
    """As the README of the safe profile says, by hand: one apostrophe at the start, one after each separator."""
    kept, armed = [], False
    for char in text.removeprefix("'"):
        if armed and char == "'":
            armed = False
            continue
        skipped = char in '"\u2060\ufeff' or char.isspace() or "\u200b" <= char <= "\u200f"
        skipped = skipped or "\u202a" <= char <= "\u202e" or "\u2066" <= char <= "\u2069"
        armed = char in ";,|\t\r\n" or (armed and skipped)
        kept.append(char)
    return "".join(kept)


def read_safe(folder: Path) -> Iterator[Seen]:
    for row in rows(folder / "events.csv", encoding="utf-8-sig"):
        told = {name: unharmed(value) for name, value in row.items()}
        yield Seen(told["conversation"], int(told["number"]), told["update"], told["text"])


@dataclass
class Page(HTMLParser):
    """Events by their data attributes, text by its class; everything that could fetch or run is listed."""

    events: list[Seen] = field(default_factory=list)
    tags: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)
    attributes: set[str] = field(default_factory=set)
    spans: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._ref, self._at, self._class, self._text = "", ("", ""), "", ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        self.tags.add(tag)
        self.attributes |= told.keys()
        self.links += [told[name] for name in ("href", "src") if name in told]
        self._ref = told.get("data-conversation", self._ref)
        if "data-number" in told:
            self._at = told["data-number"], told["data-update"]
        if tag in ("p", "span"):
            self._class, self._text = told.get("class", ""), ""

    def handle_data(self, data: str) -> None:
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "p" and self._class == "text":
            self.events.append(Seen(self._ref, int(self._at[0]), self._at[1], self._text))
        if tag == "span":
            self.spans.append((self._class, self._text))
        if tag in ("p", "span"):
            self._class = ""


def page(text: str) -> Page:
    parser = Page()
    parser.feed(text)
    parser.close()
    return parser


def read_pages(folder: Path, under: str) -> Iterator[Seen]:
    for path in sorted(folder.glob(f"{under}/**/*.html")):
        if "<main data-conversation" in (text := path.read_bytes().decode()):
            yield from page(text).events


def read_html(folder: Path) -> Iterator[Seen]:
    return read_pages(folder, "conversations")


def read_natives(folder: Path) -> Iterator[Seen]:
    return read_pages(folder, "natives")


def parts(message: Message) -> dict[str, bytes]:
    """The parts by file name or type."""
    found = {}
    for part in message.walk():
        if not part.is_multipart():
            assert part.defects == []
            payload = part.get_payload(decode=True)
            assert isinstance(payload, bytes)
            found[part.get_filename() or part.get_content_type()] = payload
    return found


def letter(raw: bytes) -> Message:
    assert raw.count(b"\n") == raw.count(b"\r\n")
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    message = message_from_bytes(raw)
    assert message.defects == []
    return message


def in_chat(message: Message) -> Iterator[Seen]:
    told = json.loads(parts(message)["chat.json"])
    for event in told["events"]:
        yield Seen(told["ref"], event["number"], event["update"], event["text"])


def read_eml(folder: Path) -> Iterator[Seen]:
    for path in sorted(folder.glob("*.eml")):
        yield from in_chat(letter(path.read_bytes()))


def read_json(folder: Path) -> Iterator[Seen]:
    for path in sorted(folder.glob("conversations/*.json")):
        told = json.loads(path.read_bytes())
        for event in told["events"]:
            yield Seen(told["ref"], event["number"], event["update"], event["text"])


def read_mbox(folder: Path) -> Iterator[Seen]:
    with closing(mailbox.mbox(folder / "chats.mbox", create=False)) as box:
        for message in box:
            yield from in_chat(message)


def read_mattermost(folder: Path) -> Iterator[Seen]:
    for row in rows(folder / "posts.csv"):
        assert len(row) == 20
        if row["Post Type"] == "message":
            yield post(row["Post Id"], row["Post Update Type"], row["Post Message"])


def read_actiance(folder: Path) -> Iterator[Seen]:
    for message in ET.parse(folder / "actiance_export.xml").iter("Message"):
        told = {child.tag: child.text or "" for child in message}
        yield post(told["MessageId"], told.get("UpdatedType", ""), told["Content"])


def read_globalrelay(folder: Path) -> Iterator[Seen]:
    for path in sorted(folder.glob("*.eml")):
        html = parts(letter(path.read_bytes()))["text/html"].decode()
        told: dict[str, str] = {}
        for name, text in [*page(html).spans, ("post_id", "")]:
            if name == "post_id" and told:
                yield post(told["post_id"], told.get("update_type", ""), told["message"])
                told = {}
            told[name] = text


READERS: dict[str, Callable[[Path], Iterator[Seen]]] = {
    "csv": read_csv,
    "csv-safe": read_safe,
    "html": read_html,
    "json": read_json,
    "eml": read_eml,
    "mbox": read_mbox,
    "mattermost": read_mattermost,
    "actiance": read_actiance,
    "globalrelay": read_globalrelay,
    "edrm": read_natives,
    "dat": read_natives,
}
# Formats that hold a text as it was; the others show what XML and HTML forbid.
EXACT = {"csv", "csv-safe", "eml", "json", "mbox", "mattermost"}


def shown(text: str, name: str) -> str:
    """What a reader of a format must see of a text."""
    kept = "".join("\ufffd" if 0xD800 <= ord(char) < 0xE000 else char for char in text)
    return kept if name in EXACT else "".join(map(visible, kept))


def visible(char: str) -> str:
    if char in "\ufffe\uffff":
        return "\ufffd"
    return chr(0x2400 + ord(char)) if ord(char) < 0x20 and char not in "\t\n\r" else char
