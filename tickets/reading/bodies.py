"""Which parts of a mail are its text, and which are files."""

from __future__ import annotations

import html as markup
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote

from tickets.reading.charsets import decode
from tickets.reading.filenames import file_name, made_unique
from tickets.reading.flowed import unflowed
from tickets.reading.html import text_of_html
from tickets.reading.markup import MAX_CHARS
from tickets.reading.structure import Part
from tickets.reading.tnef import Unpacked, is_tnef, unpacked

MAX_TEXT = 4_000_000  # bytes of a part that is read as text; more is no letter
_TEXTS = frozenset({"text/plain", "text/html", "text/enriched", "text/richtext"})
_CID = re.compile(r"""\bcid:([^"'\s<>)]{1,500})""", re.IGNORECASE)
_UNREADABLE = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f-\x84\x86-\x9f\ufffd]")
_ENCRYPTED_TYPES = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_PGP_MESSAGE = "-----BEGIN PGP MESSAGE-----"


@dataclass(frozen=True)
class FilePart:
    """A file of a mail: `index` counts from 0 in the order of the mail, `content_id` is without its < >."""

    index: int
    name: str
    media_type: str
    data: bytes = field(repr=False)
    content_id: str = ""
    is_inline: bool = False


@dataclass(frozen=True)
class Content:
    text: str
    html: str
    files: tuple[FilePart, ...]
    is_readable: bool
    is_encrypted: bool


@dataclass
class _Collected:
    """What was found so far. A segment is (plain, html): the same words twice, or one of the two empty."""

    segments: list[tuple[str, str]] = field(default_factory=list)
    files: list[tuple[str, str, bytes, str]] = field(default_factory=list)
    is_readable: bool = True
    is_encrypted: bool = False


def content_of(root: Part) -> Content:
    """Text, HTML and files of a mail. Files have unique names; an image is inline only if the HTML shows it."""
    found = _Collected()
    _walk(root, found)
    text, html = _joined(found.segments)
    is_encrypted = found.is_encrypted or text.lstrip().startswith(_PGP_MESSAGE)
    return Content(text, html, _files(found, html), found.is_readable, is_encrypted)


def _files(found: _Collected, html: str) -> tuple[FilePart, ...]:
    referred = _CID.findall(html) if any(cid for _name, _type, _data, cid in found.files) else []
    shown = {unquote(markup.unescape(each)) for each in referred}
    names = made_unique([name for name, _type, _data, _cid in found.files])
    return tuple(
        FilePart(index, name, media_type, data, cid, bool(cid) and cid in shown)
        for index, (name, (_given, media_type, data, cid)) in enumerate(zip(names, found.files, strict=True))
    )


def _walk(part: Part, found: _Collected) -> None:
    if part.media_type == "multipart/encrypted":
        found.is_encrypted = True
    if not part.parts:
        _leaf(part, found)
    elif part.media_type == "multipart/alternative":
        _alternatives(part, found)
    else:
        for each in part.parts:
            _walk(each, found)


def _alternatives(part: Part, found: _Collected) -> None:
    """One thing said in several ways: all its plain texts are one, all its HTML is the other."""
    inner = _Collected(files=found.files)
    for each in part.parts:
        _walk(each, inner)
    plain = "\n\n".join(text for text, _html in inner.segments if text.strip())
    html = "\n".join(html for _text, html in inner.segments if html)
    found.segments.append((plain, html))
    found.is_readable = found.is_readable and inner.is_readable
    found.is_encrypted = found.is_encrypted or inner.is_encrypted


def _leaf(part: Part, found: _Collected) -> None:
    if _is_body(part):
        if len(part.content) <= (MAX_CHARS if "html" in part.media_type else MAX_TEXT):
            _text(part, found)
            return
        found.is_readable = False
    if part.media_type in _ENCRYPTED_TYPES:
        found.is_encrypted |= part.type_parameters.get("smime-type", "enveloped-data").startswith(("env", "auth"))
    name, data = file_name(part, len(found.files) + 1), part.content
    inside = unpacked(data) if is_tnef(part.media_type, name, data) else None
    if inside is None:
        found.files.append((name, part.media_type, data, part.first("content-id").strip("<> ")))
    else:
        _take_unpacked(inside, found)


def _take_unpacked(inside: Unpacked, found: _Collected) -> None:
    found.files += [(each.name, each.media_type, each.data, "") for each in inside.files]
    if not any(plain.strip() or html for plain, html in found.segments):
        found.segments.append((inside.text, inside.html))


def _is_body(part: Part) -> bool:
    has_name = "filename" in part.disposition_parameters or "name" in part.type_parameters
    is_text = part.media_type in _TEXTS or part.media_type.startswith("multipart/")
    return is_text and not has_name and part.disposition != "attachment"


def _text(part: Part, found: _Collected) -> None:
    text = decode(part.content, part.type_parameters.get("charset", ""))
    if _is_garbage(text) or (part.body.strip() and not part.content):
        text = decode(part.body[:MAX_TEXT])  # a wrong transfer encoding was named, or it really is no text
        found.is_readable = found.is_readable and " " in text.strip() and not _is_garbage(text)
    if part.media_type == "text/plain" or part.media_type.startswith("multipart/"):
        found.segments.append((_lines(part, text), ""))
    else:
        found.segments.append(("", text))


def _is_garbage(text: str) -> bool:
    sample = text[:20_000]
    return len(_UNREADABLE.findall(sample)) > max(3, len(sample) // 20)


def _lines(part: Part, text: str) -> str:
    even = text.replace("\r\n", "\n").replace("\r", "\n")
    if part.type_parameters.get("format", "").lower() != "flowed":
        return even
    return unflowed(even, delete_space=part.type_parameters.get("delsp", "").lower() == "yes")


def _joined(segments: Sequence[tuple[str, str]]) -> tuple[str, str]:
    """One text and one HTML of all segments, each whole; '' where no segment has that form."""
    text = html = ""
    if any(plain.strip() for plain, _html in segments):
        text = "\n\n".join(plain.strip("\n") if plain.strip() else text_of_html(html) for plain, html in segments)
    if any(html for _plain, html in segments):
        html = "\n".join(html or f"<pre>{markup.escape(plain)}</pre>" for plain, html in segments)
    return text, html
