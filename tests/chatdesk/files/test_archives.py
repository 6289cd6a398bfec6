"""Archives are unpacked under a budget before they are kept, and their tricks are known."""

from __future__ import annotations

import io
import stat
import struct
import zipfile

import pytest

from chatdesk.filetypes import archives, kind_of
from chatdesk.protocol import Code, Refused
from tests.chatdesk.files.samples import EXCEL, EXE, PDF, SVG, odf, ooxml, zipped

pytestmark = pytest.mark.once


def refusal(content: bytes) -> Code:
    with pytest.raises(Refused) as refused:
        kind_of(io.BytesIO(content))
    return refused.value.code


def with_entry(name: str, content: bytes = b"x", attributes: int = 0) -> bytes:
    out = io.BytesIO()
    entry = zipfile.ZipInfo(name)
    entry.external_attr = attributes
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(entry, content)
    return out.getvalue()


def nested(depth: int) -> bytes:
    content = zipped({"a.txt": "x"})
    for _level in range(depth - 1):
        content = zipped({"inner.zip": content})
    return content


BOMBS = {
    "zeros": zipped({"a.txt": b"\0" * 20_000_000}),
    "zeros in a document": ooxml(more={"word/media/image1.png": b"\0" * 20_000_000}),
    "zeros in an inner archive": zipped({"a.zip": zipped({"a.txt": b"\0" * 20_000_000})}),
    "many entries": zipped({f"{n}.txt": "" for n in range(archives.MAX_ENTRIES + 1)}),
    "three deep": nested(3),
    "over the budget": zipped({f"{n}.txt": b"\0" * 30_000_000 for n in range(4)}),
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_are_refused(name: str) -> None:
    assert refusal(BOMBS[name]) is Code.FILE_UNREADABLE


def test_a_long_list_of_entries_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zipfile, "ZipFile", None)
    assert refusal(BOMBS["many entries"]) is Code.FILE_UNREADABLE


def test_two_deep_is_taken() -> None:
    assert kind_of(io.BytesIO(nested(2))) == "zip"


@pytest.mark.parametrize("name", ["../up.txt", "/root.txt", "C:/x.txt", "a/../../b.txt", "..\\up.txt"])
def test_entries_that_leave_the_folder_are_refused(name: str) -> None:
    assert refusal(with_entry(name)) is Code.FILE_UNREADABLE


def test_links_are_refused() -> None:
    assert refusal(with_entry("link", b"/etc/passwd", (stat.S_IFLNK | 0o777) << 16)) is Code.FILE_UNREADABLE


def test_locked_archives_are_refused_in_words_that_say_so() -> None:
    content = bytearray(zipped({"a.txt": "x"}))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(Refused, match="password"):
        kind_of(io.BytesIO(bytes(content)))


def test_other_compressions_are_refused() -> None:
    assert refusal(zipped({"a.txt": b"x" * 100}, zipfile.ZIP_LZMA)) is Code.FILE_UNREADABLE


def test_two_entries_that_share_bytes_are_refused() -> None:
    content = zipped({"a.txt": b"x" * 50, "b.txt": b"x" * 50}, zipfile.ZIP_STORED)
    second = content.rindex(b"PK\x01\x02")
    assert refusal(content[: second + 42] + struct.pack("<L", 0) + content[second + 46 :]) is Code.FILE_UNREADABLE


def test_two_entries_of_one_name_are_refused() -> None:
    content = zipped({"a.txt": b"x", "b.txt": b"y"}).replace(b"b.txt", b"a.txt")
    assert refusal(content) is Code.FILE_UNREADABLE


def test_a_size_that_lies_is_refused() -> None:
    content = zipped({"a.txt": b"x" * 5000})
    directory = content.index(b"PK\x01\x02")
    lied = content[: directory + 24] + struct.pack("<L", 10) + content[directory + 28 :]
    assert refusal(lied) is Code.FILE_UNREADABLE


@pytest.mark.parametrize("cut", [4, 30, 60, 100])
def test_a_torn_archive_is_refused(cut: int) -> None:
    assert refusal(zipped({"a.txt": b"x" * 50})[:-cut]) is Code.FILE_UNREADABLE


def test_an_archive_without_entries_is_refused() -> None:
    assert refusal(zipped({})) is Code.FILE_TYPE


PROGRAMS = {
    "program": zipped({"a.txt": EXE}),
    "script by name": zipped({"a.vbs": "x"}),
    "script with a dot behind": zipped({"a.vbs. ": "x"}),
    "picture that runs": zipped({"a.svg": SVG}),
    "program two deep": zipped({"b.zip": zipped({"a.exe": "x"})}),
    "java package": zipped({"META-INF/MANIFEST.MF": "x", "A.class": "x"}),
    "macros in a text": ooxml(more={"word/vbaProject.bin": b"x"}),
    "macros by type": ooxml("application/vnd.ms-word.document.macroEnabled.main+xml"),
    "macros in an open document": odf(more={"Basic/Standard/script.xml": "x"}),
    "a document with a program in an archive": ooxml(more={"word/embeddings/a.bin": zipped({"a.exe": EXE})}),
    "a type without its part": zipped({"[Content_Types].xml": "<Types/>", "a.txt": "x"}),
    "another kind of open document": odf("application/vnd.oasis.opendocument.database"),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_programs_and_macros_are_refused(name: str) -> None:
    assert refusal(PROGRAMS[name]) is Code.FILE_TYPE


def test_a_document_may_carry_a_table_and_a_pdf() -> None:
    table = ooxml(EXCEL, "xl/workbook.xml")
    assert kind_of(io.BytesIO(ooxml(more={"word/embeddings/a.xlsx": table, "word/embeddings/b.bin": PDF}))) == "docx"
