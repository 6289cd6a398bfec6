"""A mail written anew without what must not be kept of it: who sent it, when and by which way stays as it came."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from email.encoders import encode_base64
from email.header import Header
from email.message import Message as Mime
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import SMTP

from chatdesk.sensitive.digits import has_number
from tickets.reading.fingerprint import head_of
from tickets.reading.html import text_of_html
from tickets.reading.mailboxes import Mailbox, mailboxes
from tickets.reading.message import FilePart, Message
from tickets.reading.words import decoded_words, unfolded

Hide = Callable[[str], str]
# What people write. In the others long numbers are names of mails and servers, and signatures.
_WORDS = frozenset({"subject", "thread-topic", "comments", "keywords"})
_PEOPLE = frozenset({"from", "sender", "reply-to", "to", "cc"})
_OF_BODY = frozenset({"content-type", "content-transfer-encoding", "content-disposition", "mime-version", "content-id"})
_TAG = re.compile(r"<[^<>]{0,2000}>")


def without(message: Message, hide: Hide) -> Message:
    """The mail as it was read, each of its texts as `hide` leaves it; the same one where nothing is hidden."""
    html, text = _page(message.html, hide), hide(message.text)
    if message.html and not html and not text:
        text = hide(text_of_html(message.html))
    shown = replace(
        message,
        subject=hide(message.subject),
        text=text,
        html=html,
        files=tuple(replace(each, name=hide(each.name)) for each in message.files),
        senders=_named(message.senders, hide),
        reply_to=_named(message.reply_to, hide),
        to=_named(message.to, hide),
        cc=_named(message.cc, hide),
    )
    return message if shown == message else shown


def _page(html: str, hide: Hide) -> str:
    """Empty if something stands across its tags: the plain text, which says the same, is shown instead."""
    shown = hide(html) if html else ""
    if not has_number(shown):
        return shown
    between = _TAG.sub("", shown)
    return shown if hide(between) == between else ""


def written_anew(shown: Message, raw: bytes, hide: Hide, *, keeps_body: bool) -> bytes:
    """The bytes of `raw` as they would be if its sender had written `shown`.

    Files are as they came. `keeps_body`: for what can't be read, of which only the header is written anew.
    """
    lines = list(_head(shown, hide, keeps_body=keeps_body))
    if keeps_body:
        return b"\r\n".join([*lines, b"", raw[len(head_of(raw)) :]])
    return b"\r\n".join([*lines, _body(shown).as_bytes(policy=SMTP)])


def _head(shown: Message, hide: Hide, *, keeps_body: bool) -> Iterator[bytes]:
    for name, value in shown.headers:
        if keeps_body or name not in _OF_BODY:
            yield name.title().encode() + b": " + _value(name, value, hide)


def _value(name: str, value: bytes, hide: Hide) -> bytes:
    said = decoded_words(unfolded(value)) if name in _WORDS | _PEOPLE else ""
    masked = hide(said) if said else said
    if masked == said:
        return value.strip()
    return (
        _encoded(masked) if name in _WORDS else b", ".join(_person(each, hide) for each in mailboxes(unfolded(value)))
    )


def _person(person: Mailbox, hide: Hide) -> bytes:
    return _encoded(hide(person.name)) + f" <{person.address}>".encode("utf-8", "replace")


def _encoded(words: str) -> bytes:
    return Header(words, "utf-8").encode(linesep="\r\n").encode()


def _body(shown: Message) -> Mime:
    texts: list[Mime] = [_text(words, kind) for words, kind in ((shown.text, "plain"), (shown.html, "html")) if words]
    words = texts[0] if len(texts) == 1 else MIMEMultipart("alternative", _subparts=texts)
    if not shown.files:
        return words if texts else _text("", "plain")
    return MIMEMultipart("mixed", _subparts=[*([words] if texts else []), *map(_file, shown.files)])


def _text(words: str, kind: str) -> Mime:
    return MIMEText(words.encode("utf-8", "replace").decode(), kind, "utf-8")


def _file(file: FilePart) -> Mime:
    part = MIMEBase(*(file.media_type.split("/", 1) if "/" in file.media_type else ("application", "octet-stream")))
    part.set_payload(file.data)
    encode_base64(part)
    part.add_header(
        "Content-Disposition", "inline" if file.is_inline else "attachment", filename=("utf-8", "", file.name)
    )
    if file.content_id:
        part["Content-ID"] = f"<{file.content_id}>"
    return part


def _named(people: tuple[Mailbox, ...], hide: Hide) -> tuple[Mailbox, ...]:
    return tuple(replace(each, name=hide(each.name)) for each in people)
