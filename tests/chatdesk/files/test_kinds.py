"""A file's kind is what its content is, and nothing else; what could run or draw is no kind at all."""

from __future__ import annotations

import io

import pytest

from chatdesk.filetypes import MEDIA_TYPES, kind_of
from chatdesk.protocol import Code, Refused
from tests.chatdesk.files.samples import EXE, HTML, KINDS, MP3, MP4, PDF, SVG, picture, zipped

pytestmark = pytest.mark.once


def refusal(content: bytes) -> Code:
    with pytest.raises(Refused) as refused:
        kind_of(io.BytesIO(content))
    assert refused.value.detail
    return refused.value.code


def test_every_kind_that_an_admin_may_allow_is_told() -> None:
    assert {kind: kind_of(io.BytesIO(content)) for kind, content in KINDS.items()} == {
        kind: kind for kind in MEDIA_TYPES
    }


def test_the_stream_is_left_at_its_start() -> None:
    stream = io.BytesIO(PDF)
    kind_of(stream)
    assert stream.tell() == 0


def test_no_bytes_are_empty() -> None:
    assert refusal(b"") is Code.FILE_EMPTY


ACTIVE = {
    "html": HTML,
    "html after blanks": b"\n\n   <HTML><body>",
    "html behind a mark": b"\xef\xbb\xbf<html>",
    "html in utf-16": "<html><script>1</script>".encode("utf-16"),
    "html after a sentence": b"Dear all,\n<script>alert(1)</script>",
    "xhtml": b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"/>',
    "comment": b"<!-- hello --><b>x</b>",
    "svg": SVG,
    "svg without a head": b"<svg onload=alert(1)>",
    "xml with a style sheet": b'<?xml version="1.0"?><?xml-stylesheet href="x.xsl"?><a/>',
    "mhtml": b"MIME-Version: 1.0\nContent-Type: multipart/related\n\n<html>",
    "saved page": b"From: <Saved by Blink>\nSnapshot: x\nMIME-Version: 1.0\n",
    "shell": b"#!/bin/sh\nrm -rf /\n",
    "php": b"<?php system($_GET[0]);",
    "rtf": b"{\\rtf1 hello}",
    "postscript": b"%!PS-Adobe-3.0\n",
    "windows program": EXE,
    "linux program": b"\x7fELF\x02\x01\x01" + b"\0" * 100,
    "java class": b"\xca\xfe\xba\xbe\0\0\0\x34" + b"\0" * 100,
    "shortcut": b"L\0\0\0\x01\x14\x02\0\0\0\0\0\xc0\0\0\0\0\0\0F" + b"\0" * 60,
    "old office": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
    "bitmap": picture("bmp"),
    "tiff": picture("tiff"),
    "icon": picture("ico", (16, 16)),
    "rar": b"Rar!\x1a\x07\x00" + b"\0" * 100,
    "7z": b"7z\xbc\xaf\x27\x1c" + b"\0" * 100,
    "gzip": b"\x1f\x8b\x08\x00" + b"\0" * 100,
    "noise": bytes(range(256)) * 4,
    "text with a zero": b"hello\0world",
    "text with an escape": b"hello \x1b[2J",
    "a zero late in a long text": b"a" * 600_000 + b"\0",
}


@pytest.mark.parametrize("name", ACTIVE)
def test_what_runs_or_draws_or_is_unknown_is_refused(name: str) -> None:
    assert refusal(ACTIVE[name]) is Code.FILE_TYPE


TEXTS = {
    "ascii": b"hello",
    "utf-8": "Grüße, 你好, مرحبا 🙂".encode(),
    "utf-8 with its mark": b"\xef\xbb\xbfhello",
    "utf-16": "Grüße".encode("utf-16"),
    "windows-1252": "Grüße".encode("cp1252"),
    "less-than in a sentence": b"3 < 4 and a <b",
    "table": b"name;price\nchair;12\n",
    "begins like a bitmap": b"BMW owners write in",
    "begins like a program": b"MZ is a country code",
    "a character over the border of a chunk": b"a" * (256 * 1024 - 1) + "ü".encode(),
}


@pytest.mark.parametrize("name", TEXTS)
def test_plain_text_is_text(name: str) -> None:
    assert kind_of(io.BytesIO(TEXTS[name])) == "txt"


POLYGLOTS = {
    "pdf and zip": PDF + zipped({"a.txt": "x"}),
    "pdf and page": PDF.replace(b"1 0 obj", b"<html><script>alert(1)</script>\n1 0 obj"),
    "pdf behind a page": HTML + PDF,
    "pdf with a program behind": PDF + EXE,
    "zip behind a program": EXE + zipped({"a.txt": "x"}),
    "zip behind a picture": picture("bmp") + zipped({"a.txt": "x"}),
    "zip with a page behind": zipped({"a.txt": "x"}) + HTML,
    "film with a page behind": MP4 + HTML,
    "film without a film": MP4[:32],
    "film of another brand": MP4.replace(b"ftypisom", b"ftypqt  "),
    "sound of one frame": MP3[:417] + HTML,
    "sound that is a page": b"\xff\xfb\x90\x00" + HTML,
    "unfinished pdf": PDF[:-8],
}


@pytest.mark.parametrize("name", POLYGLOTS)
def test_what_is_two_things_at_once_is_refused(name: str) -> None:
    assert refusal(POLYGLOTS[name]) in {Code.FILE_TYPE, Code.FILE_UNREADABLE}
