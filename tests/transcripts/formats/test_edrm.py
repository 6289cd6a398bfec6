"""EDRM XML 1.2, against the rules of the reference: structure, spellings, relationships, files with their hashes."""

from __future__ import annotations

import hashlib
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import pytest

from tests.transcripts.formats.cast import VERA, Store, at, full_story, said, story, write
from tests.transcripts.formats.xlist import each_name
from transcripts.formats import Story

pytestmark = pytest.mark.once

STANDARD = {
    *("#From", "#To", "#CC", "#BCC", "#Subject", "#DateSent", "#DateReceived", "#AttachmentNames", "#FileName"),
    *("#FileExtension", "#FileSize", "#DateCreated", "#DateModified", "#Title"),
}


def root_of(folder: Path, *stories: Story, store: Store | None = None) -> ET.Element:
    write("edrm", list(stories), store or Store(), folder)
    root = ET.parse(folder / "edrm.xml").getroot()
    check(root, folder)
    return root


def check(root: ET.Element, folder: Path) -> None:
    """The rules."""
    assert root.tag == "Root"
    assert root.attrib == {
        "MajorVersion": "1",
        "MinorVersion": "2",
        "Description": "Matter 12",
        "Locale": "US",
        "DataInterchangeType": "Update",
    }
    assert [child.tag for child in root] == ["Fields", "Batch"]
    batch = root[1]
    assert [child.tag for child in batch] == ["Documents", "Relationships", "Folders"]
    ids = [document.attrib["DocID"] for document in batch[0]]
    assert len(ids) == len(set(ids))
    check_links(batch, set(ids))
    own = {field.attrib["Name"] for field in root[0]}
    for document in batch[0]:
        check_document(document, folder, own)


def check_links(batch: ET.Element, ids: set[str]) -> None:
    for link in batch[1]:
        assert link.tag == "Relationship"
        assert set(link.attrib) == {"Type", "ParentDocId", "ChildDocId"}
        assert link.attrib["Type"] == "Attachment"
        assert {link.attrib["ParentDocId"], link.attrib["ChildDocId"]} <= ids
    assert {document.attrib["DocId"] for folder in batch[2] for document in folder} == ids


def check_document(document: ET.Element, folder: Path, own: set[str]) -> None:
    assert set(document.attrib) == {"DocID", "DocType", "MimeType"}
    assert document.attrib["DocType"] in ("Message", "File")
    assert [child.tag for child in document] == ["Tags", "Files", "Locations"]
    for tag in document[0]:
        assert set(tag.attrib) == {"TagName", "TagValue", "TagDataType"}
        assert tag.attrib["TagDataType"] in ("Text", "DateTime", "Integer", "Boolean")
        assert tag.attrib["TagName"] in STANDARD | own
    for file in document[1]:
        check_file(file, folder)
    assert all([child.tag for child in place] == ["Custodian", "LocationURI"] for place in document[2])
    assert len(document[2]) >= 1


def check_file(file: ET.Element, folder: Path) -> None:
    assert file.attrib["FileType"] in ("Native", "Text")
    (external,) = file
    path = folder / external.attrib["FilePath"] / external.attrib["FileName"]
    assert folder in path.resolve().parents
    content = path.read_bytes()
    assert external.attrib["HashType"] == "MD5"
    assert external.attrib["Hash"] == hashlib.md5(content).hexdigest()
    assert external.attrib["FileSize"] == str(len(content))


def tags(document: ET.Element) -> dict[str, str]:
    return {tag.attrib["TagName"]: tag.attrib["TagValue"] for tag in document[0]}


def test_a_conversation_is_a_message_and_its_files_follow(tmp_path: Path) -> None:
    store = Store()
    root = root_of(tmp_path, full_story(store), story((), ref="zero"), store=store)
    documents = {each.attrib["DocID"]: each for each in root[1][0]}
    assert list(documents) == [
        *("Ab3-_xYz9-1", "Ab3-_xYz9-1-4", "Ab3-_xYz9-1-5", "Ab3-_xYz9-internal-1", "zero-1"),
    ]
    assert [each.attrib["ChildDocId"] for each in root[1][1]] == ["Ab3-_xYz9-1-4", "Ab3-_xYz9-1-5"]
    told = tags(documents["Ab3-_xYz9-1"])
    assert (told["#Subject"], told["#AttachmentNames"]) == ("A question", "photo.png; bill.pdf")
    assert (told["#DateSent"], told["ConversationId"]) == ("2026-03-01T09:30:16.123456Z", "Ab3-_xYz9")
    assert tags(documents["Ab3-_xYz9-internal-1"])["#Subject"] == "A question (internal)"
    assert tags(documents["Ab3-_xYz9-1-5"]) == {
        "#FileName": "bill.pdf",
        "#FileExtension": "pdf",
        "#FileSize": "3009",
        "#DateCreated": "2026-03-01T09:30:20.123456Z",
        "#DateModified": "2026-03-01T09:30:20.123456Z",
        "SHA256": hashlib.sha256(store.files["k1"]).hexdigest(),
    }


def test_the_natives_are_the_files(tmp_path: Path) -> None:
    store = Store()
    root_of(tmp_path, full_story(store), store=store)
    assert (tmp_path / "natives/Ab3-_xYz9-1-4.png").read_bytes() == store.files["k0"]
    text = (tmp_path / "text/Ab3-_xYz9-1.txt").read_text()
    assert "[3] 2026-03-01 09:30:18 UTC Vera\n    My bill is wrong\n" in text
    assert "Refund first" not in text


@each_name
def test_x14_no_name_leads_out_of_the_folder(name: str, tmp_path: Path) -> None:
    store = Store()
    document = store.put(name, b"x", name)
    ref = f"../{name}" if "\x00" not in name else "x"
    root_of(tmp_path / "out", story((said(1, VERA, "", kind="file", document=document),), ref=ref), store=store)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_missing_file_is_a_document_without_a_native(tmp_path: Path) -> None:
    store = Store()
    told = full_story(store)
    del store.files["k1"]
    root = root_of(tmp_path, told, store=store)
    (bill,) = (each for each in root[1][0] if each.attrib["DocID"] == "Ab3-_xYz9-1-5")
    assert len(bill[1]) == 0
    assert tags(bill)["Warning"] == "the file was not found in the storage"


def test_a_long_conversation_is_a_document_per_day(tmp_path: Path) -> None:
    events = tuple(said(n, VERA, f"text {n}", at=at(n * 3600 * 10)) for n in range(1, 9))
    root = root_of(tmp_path, story(events, closed=at(400_000)))
    assert [each.attrib["DocID"][-2:] for each in root[1][0]] == ["-1", "-2", "-3", "-4"]


def test_one_event_told_twice_has_two_documents(tmp_path: Path) -> None:
    store = Store()
    first = said(1, VERA, "", kind="file", document=store.put("a.txt", b"old"))
    second = replace(first, update="EditedNewMsg", document=store.put("a.txt", b"new"))
    root = root_of(tmp_path, story((first, second)), store=store)
    assert [each.attrib["DocID"] for each in root[1][0]][1:] == ["Ab3-_xYz9-1-1", "Ab3-_xYz9-1-1-EditedNewMsg"]


def test_ids_differ_though_the_case_alone_does(tmp_path: Path) -> None:
    told = story((said(1, VERA, "Hi"),))
    root = root_of(tmp_path, replace(told, ref="abc"), replace(told, ref="ABC"))
    paths = [file[0].attrib["FileName"].casefold() for file in root.iter("File")]
    assert len(paths) == len(set(paths)) == 4


def test_an_export_of_nothing_is_whole(tmp_path: Path) -> None:
    assert [len(part) for part in root_of(tmp_path)[1]] == [0, 0, 0]
