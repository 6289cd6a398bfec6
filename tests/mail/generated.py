"""Mails by chance: any mixture of bodies, encodings, header fields and files, with the writer's own secrets in them."""

from __future__ import annotations

import base64
import quopri
from collections.abc import Callable
from email import message_from_bytes
from functools import cache

from hypothesis import strategies as st

from tests.mail.oracle.plants import files, texts
from tests.mail.people import Person

WORDS = ("Hello", "Thank you", "please find the offer", "order A@12", "see you at three", "größer", "3 < 4", "– Vera",
         "价格", "https://shop.example/?a=1&b=2", "@mention", "€ 1,200.00", "one\ttwo", "> quote", "-- ")  # fmt: skip
CHARSETS = ("utf-8", "utf-8", "utf-16", "iso-8859-1", "windows-1252", "iso-2022-jp", "koi8-r")
TRANSFERS: dict[str, Callable[[bytes], bytes]] = {
    "base64": base64.encodebytes,
    "quoted-printable": quopri.encodestring,
    "8bit": bytes,
}
# Not of a person's own writing, or what the reader's program shows as it stands: their carriers are proven elsewhere.
TEXT_SPELLINGS = sorted(set(texts.SPELLED) - {"percent twice", "UTF-7", "a mail address alone", "the domain alone",
                                              "a host below it", "JSON", "a quote over two lines"})  # fmt: skip
QUOTES = (
    "On Sun, 22 Nov 2026 at 16:30, {mailbox} wrote:\n> When do you open?\n",
    "-----Original Message-----\nFrom: {mailbox}\nSent: Sunday\nTo: somebody\nSubject: x\n\nWhen do you open?\n",
    "Am 22.11.2026 um 16:30 schrieb {mailbox}:\n> Wann?\n> {address}\n",
)
FIELDS = ("Reply-To", "Sender", "X-Originating-IP", "X-Mailer", "Disposition-Notification-To", "Organization",
          "X-Google-Original-From", "Return-Receipt-To", "Thread-Index", "Received", "Cc")  # fmt: skip


def _spelled(person: Person, name: str) -> str:
    local, host = person.address.split("@")
    return texts.SPELLED[name].format(local=local, host=host, address=person.address)


def _marked_up(person: Person, name: str) -> str:
    local, host = person.address.split("@")
    return texts.MARKED_UP[name].format(local=local, host=host, address=person.address)


def secrets_in_text(person: Person) -> st.SearchStrategy[str]:
    spelled = st.sampled_from(TEXT_SPELLINGS).map(lambda name: _spelled(person, name))
    quoted = st.sampled_from(QUOTES).map(lambda quote: quote.format(mailbox=person.mailbox, address=person.address))
    return st.one_of(spelled, st.sampled_from((person.address, person.other or person.address, person.phone)), quoted)


def texts_of(person: Person) -> st.SearchStrategy[str]:
    piece = st.one_of(st.sampled_from(WORDS), st.sampled_from(WORDS), secrets_in_text(person))
    return st.lists(piece, min_size=1, max_size=6).map("\n".join)


def markup_of(person: Person) -> st.SearchStrategy[str]:
    marked = st.sampled_from(sorted(texts.MARKED_UP)).map(lambda name: _marked_up(person, name))
    piece = st.one_of(st.sampled_from(WORDS), marked, secrets_in_text(person))
    body = st.lists(piece, min_size=1, max_size=5).map("</p><p>".join)
    return body.map(lambda inner: f"<html><body><p>{inner}</p></body></html>")


@cache
def file_parts(person: Person) -> dict[str, bytes]:
    """The part of each planted mail that is its file, header and all. To be called once before a strategy draws."""
    return {name: _file_part(plant(person.address)) for name, plant in files.PLANTS.items()}


def _file_part(planted: bytes) -> bytes:
    parts = [*message_from_bytes(planted).walk()][1:]
    return next(part for part in parts if part.get_content_disposition() == "attachment").as_bytes()


@st.composite
def text_parts(draw: st.DrawFn, person: Person) -> bytes:
    kind = draw(st.sampled_from(("plain", "plain", "html")))
    text = draw(texts_of(person) if kind == "plain" else markup_of(person))
    charset, transfer = draw(st.sampled_from(CHARSETS)), draw(st.sampled_from(sorted(TRANSFERS)))
    if charset == "utf-16" and transfer == "8bit":
        transfer = "base64"  # bytes of zero have no way through SMTP
    data = TRANSFERS[transfer](text.replace("\n", "\r\n").encode(charset, "replace"))
    head = f"Content-Type: text/{kind}; charset={charset}\nContent-Transfer-Encoding: {transfer}\n\n"
    return head.encode() + data


@st.composite
def mails(draw: st.DrawFn, person: Person, number: int = 0) -> bytes:
    """A mail of `person`, with CRLF; its files and fields say who they are."""
    subject = draw(
        st.sampled_from(("A question", f"From {person.address}", f"Call {person.phone}", "=?utf-8?q?K=C3=A4se?="))
    )
    fields = draw(st.lists(st.sampled_from(FIELDS), max_size=4, unique=True))
    parts = [draw(text_parts(person)) for _ in range(draw(st.integers(1, 2)))]
    parts += [file_parts(person)[name] for name in draw(st.lists(st.sampled_from(sorted(files.PLANTS)), max_size=2))]
    head = [f"From: {person.mailbox}", "To: somebody", f"Subject: {subject}", "MIME-Version: 1.0"]
    head += [f"{name}: from {person.host} [{person.ip}] <{person.address}>" for name in fields]
    head.append(f"Message-ID: <{draw(st.uuids())}@{person.host}>")
    kind = draw(st.sampled_from(("mixed", "mixed", "alternative", "related")))
    lines = "\n".join([*head, f'Content-Type: multipart/{kind}; boundary="=_frontier"', "", ""]).encode()
    body = b"".join(b"--=_frontier\n" + part + b"\n" for part in parts) + b"--=_frontier--\n"
    return (lines + body).replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
