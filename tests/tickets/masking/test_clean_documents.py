"""PDF and office documents: properties go, text is looked at in every way in which it can be written."""

from __future__ import annotations

import io
import signal

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from tests.mail import planted
from tests.mail.planted import SECRET
from tests.tickets.masking.test_mask_text import RULES
from tickets.masking import Rules, Unclean, Why, clean_file
from tickets.masking.files import reader
from tickets.masking.files.pdf import apart
from tickets.masking.files.pdf.fonts import font_of
from tickets.masking.files.reader import READER

TO_UNICODE = b"""1 begincodespacerange <0000> <FFFF> endcodespacerange
2 beginbfchar <0001> <0076> <0002> <002E> endbfchar
2 beginbfrange <0003> <0005> [<0072> <0065> <0061>] <0010> <0029> <0061> endbfrange
1 beginbfchar <0006> <0040> endbfchar"""


def reason(data: bytes, name: str = "a.pdf", rules: Rules = RULES) -> Why:
    with pytest.raises(Unclean) as unclean:
        clean_file(name, "", data, rules)
    assert SECRET not in unclean.value.detail
    return unclean.value.reason


def changed(change: str) -> bytes:
    """The usual document with one thing more."""
    with pikepdf.open(io.BytesIO(planted.pdf())) as document:
        CHANGES[change](document)
        return planted.saved(document)


def _signed(document: pikepdf.Pdf) -> None:
    document.Root.AcroForm = Dictionary(Fields=Array([Dictionary(FT=Name.Sig, V=Dictionary(Type=Name.Sig))]))


def _field(document: pikepdf.Pdf) -> None:
    document.Root.AcroForm = Dictionary(Fields=Array([Dictionary(FT=Name.Tx, T=String("mail"), V=String(SECRET))]))


def _title(document: pikepdf.Pdf) -> None:
    document.Root.Outlines = Dictionary(First=document.make_indirect(Dictionary(Title=String(f"Ask {SECRET}"))))


def _file(document: pikepdf.Pdf) -> None:
    stream = document.make_stream(f"<Invoice>{SECRET}</Invoice>".encode(), Type=Name.EmbeddedFile)
    document.Root.Names = Dictionary(
        EmbeddedFiles=Dictionary(Names=Array([String("a.xml"), Dictionary(EF=Dictionary(F=stream))]))
    )


def _program(document: pikepdf.Pdf) -> None:
    stream = document.make_stream(b"MZ\0\0", Type=Name.EmbeddedFile)
    document.Root.Names = Dictionary(
        EmbeddedFiles=Dictionary(Names=Array([String("a"), Dictionary(EF=Dictionary(F=stream))]))
    )


def _form(document: pikepdf.Pdf) -> None:
    page = document.pages[0].obj
    form = document.make_stream(f"BT ({SECRET}) Tj ET".encode(), Type=Name.XObject, Subtype=Name.Form)
    page.Resources.XObject = Dictionary(Fm0=form)
    page.Contents = document.make_stream(b"/Fm0 Do")


def _alternative(document: pikepdf.Pdf) -> None:
    content = f"/Span <</ActualText ({SECRET})>> BDC BT (x) Tj ET EMC"
    document.pages[0].obj.Contents = document.make_stream(content.encode())


def _mapped(document: pikepdf.Pdf) -> None:
    page = document.pages[0].obj
    told = document.make_stream(TO_UNICODE)
    page.Resources.Font.F2 = Dictionary(Type=Name.Font, Subtype=Name.Type0, ToUnicode=told)
    # v . r e a l @ h o m e . t e s t
    codes = "0001 0002 0003 0004 0005 001B 0006 0017 001E 001C 0014 0002 0023 0014 0022 0023".replace(" ", "")
    page.Contents = document.make_stream(f"BT /F2 9 Tf <{codes}> Tj ET".encode())


def _named(document: pikepdf.Pdf) -> None:
    page = document.pages[0].obj
    names = [Name(f"/{name}") for name in ("v", "period", "uni0072", "e", "a", "l", "at", "h", "o", "m", "t", "s")]
    page.Resources.Font.F2 = Dictionary(Subtype=Name.Type1, Encoding=Dictionary(Differences=Array([1, *names])))
    page.Contents = document.make_stream(
        b"BT /F2 9 Tf <010203040506070809 0a 05 02 0b 04 0c 0b> Tj ET".replace(b" ", b" ")
    )


def _unreadable(document: pikepdf.Pdf) -> None:
    page = document.pages[0].obj
    page.Resources.Font.F2 = Dictionary(Subtype=Name.Type0, Encoding=Name("/Identity-H"))
    page.Contents = document.make_stream(b"BT /F2 9 Tf <0001> Tj ET")


CHANGES = {
    "signed": _signed,
    "field": _field,
    "title": _title,
    "file": _file,
    "program": _program,
    "form": _form,
    "alternative": _alternative,
    "mapped": _mapped,
    "named": _named,
    "unreadable": _unreadable,
}


@pytest.mark.parametrize("change", ["field", "title", "file", "form", "alternative", "mapped", "named"])
def test_an_address_anywhere_in_a_document_is_found(change: str) -> None:
    assert reason(changed(change)) == Why.ADDRESS_IN_FILE


@pytest.mark.parametrize("change", ["signed", "program", "unreadable"])
def test_what_can_t_be_cleaned_or_read_waits(change: str) -> None:
    assert reason(changed(change)) == Why.UNCLEAN_FILE


def test_only_links_to_addresses_go() -> None:
    answer = clean_file("a.pdf", "", planted.pdf(link="https://shop.else.test/"), RULES)
    with pikepdf.open(io.BytesIO(answer.data)) as document:
        assert str(document.pages[0].Annots[0].A.URI) == "https://shop.else.test/"
        assert "/T" not in document.pages[0].Annots[1]
        assert str(document.pages[0].Annots[1].Contents) == "Fine"
    assert set(answer.removed) == {"properties", "authors of remarks"}


def test_public_addresses_may_stand_on_a_page() -> None:
    assert clean_file("a.pdf", "", planted.pdf(b"(info@company.test) Tj"), RULES).data


def test_a_photograph_in_a_document_is_cleaned_in_its_place() -> None:
    with pikepdf.open(io.BytesIO(planted.pdf())) as document:
        image = document.make_stream(
            planted.picture("JPEG"), Type=Name.XObject, Subtype=Name.Image, Filter=Name.DCTDecode
        )
        document.pages[0].obj.Resources.XObject = Dictionary(Im0=image)
        data = planted.saved(document)
    assert SECRET.encode() in data
    assert b"SERIAL-4711" not in clean_file("a.pdf", "", data, RULES).data


def test_a_document_that_takes_too_long_waits_and_the_next_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    assert clean_file("a.pdf", "", planted.pdf(), RULES).data
    process = READER._process
    assert process is not None
    process.send_signal(signal.SIGSTOP)  # else a quick machine has the answer ready before anybody waits
    with monkeypatch.context() as patch:
        patch.setattr(apart, "SECONDS", 0.2)
        assert reason(planted.pdf()) == Why.UNCLEAN_FILE
    assert clean_file("a.pdf", "", planted.pdf(), RULES).data


def test_a_process_that_died_is_replaced() -> None:
    assert clean_file("a.pdf", "", planted.pdf(), RULES).data
    process = READER._process
    assert process is not None
    process.kill()
    process.wait()
    assert clean_file("a.pdf", "", planted.pdf(), RULES).data
    assert READER._process is not process


def test_a_process_reads_so_many_documents_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "DOCUMENTS", 2)
    reading = reader.Reader()
    processes = set()
    for _ in range(4):
        reading.ask(
            b'{"work": ["clean"], "protected": [], "allowed": [], "hosts": [], "relay_domain": [""]}', planted.pdf(), 20
        )
        assert reading._process is not None
        processes.add(reading._process.pid)
    reading.end()
    assert len(processes) == 2


def test_a_process_that_says_nothing_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "_MODULE", "this")
    reading = reader.Reader()
    with pytest.raises(reader.Silent):
        reading.ask(b"{}", b"x" * 5_000_000, 20)
    assert reading._process is None


def test_letters_that_a_font_names_are_read() -> None:
    assert font_of(Dictionary(Encoding=Name("/WinAnsiEncoding"))).read(b"a\x80") == "a€"
    assert (
        font_of(Dictionary(Subtype=Name.Type0, Encoding=Name("/UniGB-UTF16-H"))).read("a@b".encode("utf-16-be"))
        == "a@b"
    )


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.docx", planted.docx("v.real@home.test")),
        ("a.docx", planted.docx("v.real&#64;home.test")),
        ("a.docx", planted.docx("v.real (at) home.test")),
        ("a.docx", planted.docx(more={"customXml/item1.xml": f'<x m="{SECRET}"/>'})),
        ("a.docx", planted.docx(more={"word/embeddings/a.xlsx": planted.xlsx(SECRET)})),
        ("a.xlsx", planted.xlsx("see www.home.test")),
        ("a.pptx", planted.pptx("v.r</a:t></a:r><a:r><a:t>eal@home.test")),
        ("a.odt", planted.odt("v.real<text:span>@home</text:span>.test")),
    ],
)
def test_an_address_in_an_office_document_is_found(name: str, data: bytes) -> None:
    assert reason(data, name) == Why.ADDRESS_IN_FILE


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"word/vbaProject.bin": b"x"}, Why.FILE_TYPE),
        ({"word/activeX/a.bin": b"x"}, Why.FILE_TYPE),
        ({"_xmlsignatures/sig1.xml": "<x/>"}, Why.UNCLEAN_FILE),
        ({"word/x.xml": '<!DOCTYPE x [<!ENTITY a "b">]><x/>'}, Why.UNCLEAN_FILE),
        ({"word/x.xml": b"<?xml version='1.0' encoding='utf-16'?><x/>"}, Why.UNCLEAN_FILE),
        ({"word/x.xml": b"\xff\xff"}, Why.UNCLEAN_FILE),
        ({"word/embeddings/a.exe": b"MZ"}, Why.FILE_TYPE),
        ({"word/embeddings/oleObject1.bin": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"}, Why.UNCLEAN_FILE),
    ],
)
def test_office_documents_that_can_t_be_cleaned_wait(more: dict[str, str | bytes], expected: Why) -> None:
    assert reason(planted.docx(more=more), "a.docx") == expected


def test_the_parts_of_a_table_keep_their_names() -> None:
    got = planted.members(clean_file("a.xlsx", "", planted.xlsx(), RULES).data)
    assert got["xl/tables/table1.xml"] == b'<table displayName="Prices" name="Prices"/>'
    assert b'displayName="Author"' in got["xl/persons/person.xml"]
    assert b"<author>Author</author>" in got["xl/comments1.xml"]
    assert b'userName="Author"' in got["xl/workbook.xml"]
    assert set(got["xl/printerSettings/printerSettings1.bin"]) == {0}


def test_open_documents_keep_their_type_first() -> None:
    answer = clean_file("a.odt", "", planted.odt(), RULES)
    assert answer.data[30:38] == b"mimetype"
    assert answer.data[8:10] == b"\0\0"
    got = planted.members(answer.data)
    assert b"<dc:creator>Author</dc:creator>" in got["content.xml"]
    assert SECRET.encode() not in got["meta.xml"]


def test_locked_and_signed_open_documents_wait() -> None:
    members = planted.members(planted.odt())
    for name, content, expected in (
        ("META-INF/manifest.xml", b"<manifest:encryption-data/>", Why.LOCKED),
        ("META-INF/documentsignatures.xml", b"<x/>", Why.UNCLEAN_FILE),
        ("Basic/Standard/a.xml", b"<x/>", Why.FILE_TYPE),
    ):
        assert reason(planted.packed({**members, name: content}), "a.odt") == expected
