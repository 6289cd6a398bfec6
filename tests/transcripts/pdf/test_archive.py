"""The structure that ISO 19005-3 (PDF/A-3b) and ISO 14289-1 (PDF/UA-1) ask for, looked at object by object.

No validator of theirs is at hand here; what is checked is each rule that a document of text can break.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring
from pypdf import PdfReader
from pypdf.generic import DictionaryObject, IndirectObject, StreamObject

from tests.transcripts.pdf.stories import document, read, story
from transcripts.formats.pdf import pdf_of
from transcripts.formats.story import Event

PDFA, PDFUA = "{http://www.aiim.org/pdfa/ns/id/}", "{http://www.aiim.org/pdfua/ns/id/}"
DUBLIN = "{http://purl.org/dc/elements/1.1/}"
EVERY_SCRIPT = (
    "Hello",
    "Ελληνικά",
    "Русский",
    "שלום",
    "مرحبا",
    "नमस्ते",
    "สวัสดี",
    "你好",
    "日本語",
    "한국어",
    "😀 👨‍👩‍👧 ❤️",
)
FORBIDDEN = {"/JavaScript", "/JS", "/OpenAction", "/AA", "/Launch", "/URI", "/GoToR", "/SubmitForm", "/ImportData"}
FONT_FILES = {"/FontFile", "/FontFile2", "/FontFile3"}


@pytest.fixture(scope="module")
def pdf() -> PdfReader:
    file = Event(99, "file", story().opened, None, "", document=document())
    return read(pdf_of(story(events=(*story(*EVERY_SCRIPT).events, file), is_redacted=True)))


def objects(pdf: PdfReader) -> Iterator[Any]:
    for number in pdf.xref.get(0, []):
        yield pdf.get_object(IndirectObject(number, 0, pdf))
    for number in pdf.xref_objStm:
        yield pdf.get_object(IndirectObject(number, 0, pdf))


def dictionaries(pdf: PdfReader) -> Iterator[Any]:
    yield from (each for each in objects(pdf) if isinstance(each, DictionaryObject))


def root(pdf: PdfReader) -> Any:
    return pdf.trailer["/Root"].get_object()


def xmp(pdf: PdfReader) -> Element:
    stream = root(pdf)["/Metadata"].get_object()
    assert "/Filter" not in stream  # 6.6.2.1: readable without a reader of PDF
    packet = fromstring(stream.get_data())
    assert isinstance(packet, Element)
    return packet


def said(packet: Element, name: str) -> str:
    """A property of XMP, as an element or an attribute."""
    for each in packet.iter():
        if each.tag == name:
            return "".join(each.itertext()).strip()
        if name in each.attrib:
            return each.attrib[name]
    return ""


def test_it_says_which_standards_it_keeps(pdf: PdfReader) -> None:
    packet = xmp(pdf)
    assert (said(packet, f"{PDFA}part"), said(packet, f"{PDFA}conformance")) == ("3", "B")
    assert said(packet, f"{PDFUA}part") == "1"
    assert said(packet, f"{DUBLIN}title") == "A question"
    assert pdf.metadata is not None
    assert pdf.metadata.title == "A question"


def test_it_is_neither_encrypted_nor_without_identity(pdf: PdfReader) -> None:
    assert "/Encrypt" not in pdf.trailer
    assert not pdf.is_encrypted
    identity: Any = pdf.trailer["/ID"]
    assert len(identity) == 2
    assert pdf.pdf_header == "%PDF-1.7"


def test_its_colours_mean_something(pdf: PdfReader) -> None:
    [intent] = [each.get_object() for each in root(pdf)["/OutputIntents"].get_object()]
    assert intent["/S"] == "/GTS_PDFA1"
    profile = intent["/DestOutputProfile"].get_object()
    assert profile["/N"] in (1, 3, 4)
    assert profile.get_data()[36:40] == b"acsp"  # the mark of an ICC profile


def test_every_font_is_embedded_and_can_be_read_as_text(pdf: PdfReader) -> None:
    fonts = [each for each in dictionaries(pdf) if each.get("/Type") == "/Font"]
    assert len(fonts) > 10
    for font in fonts:
        if font["/Subtype"] in ("/Type0", "/Type3"):
            assert "/ToUnicode" in font
        else:
            descriptor = font["/FontDescriptor"].get_object()
            assert FONT_FILES & set(descriptor), font
    assert not any(font["/Subtype"] in ("/Type1", "/MMType1") for font in fonts)


def test_nothing_in_it_acts_or_leads_outside(pdf: PdfReader) -> None:
    """X-13."""
    for each in dictionaries(pdf):
        assert not FORBIDDEN & set(each), each
        assert each.get("/S") not in FORBIDDEN
        assert not (isinstance(each, StreamObject) and "/F" in each)  # a stream's data kept in another file


def test_the_record_is_a_file_of_the_document(pdf: PdfReader) -> None:
    """6.8: related by name, with its media type and date."""
    [reference] = root(pdf)["/AF"].get_object()
    file = reference.get_object()
    assert file["/AFRelationship"] == "/Data"
    assert file["/F"] == file["/UF"] == "records.jsonl"
    assert file["/Desc"]
    stream = file["/EF"]["/F"].get_object()
    assert stream["/Subtype"] == "/application/x-ndjson"
    assert "/ModDate" in stream["/Params"]


def test_it_is_tagged_for_readers_that_speak(pdf: PdfReader) -> None:
    catalogue = root(pdf)
    assert catalogue["/MarkInfo"]["/Marked"]
    assert str(catalogue["/Lang"]).startswith("en")
    assert catalogue["/ViewerPreferences"]["/DisplayDocTitle"]
    kinds = {str(each["/S"]) for each in dictionaries(pdf) if "/S" in each and "/P" in each}
    assert {"/Document", "/H1", "/H2"} & kinds >= {"/H1", "/H2"}


def test_no_page_is_empty_or_without_its_structure(pdf: PdfReader) -> None:
    for page in pdf.pages:
        assert page.extract_text().strip()
        assert "/StructParents" in page
