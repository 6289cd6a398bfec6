"""Concordance DAT, read with the delimiters of its README by a reader that knows nothing else."""

from __future__ import annotations

import csv
import hashlib
import io
from pathlib import Path

import pytest

from tests.transcripts.formats.cast import ALICE, BOB, VERA, Store, at, full_story, said, story, write
from tests.transcripts.formats.xlist import TEXTS, each_text
from transcripts.formats import Person, Presence, Story, Written
from transcripts.formats.dat import line
from transcripts.formats.story import VISITOR

pytestmark = pytest.mark.once

FIELDS = [
    *("BEGDOC", "ENDDOC", "BEGATTACH", "ENDATTACH", "PARENTID", "ATTCHIDS", "CUSTODIAN", "DUPCUSTODIAN", "DOCTYPE"),
    *("CONVERSATIONID", "ROUTINGGROUP", "PARTICIPANTS", "FROM", "TO", "SUBJECT", "DATESENT", "TIMESENT"),
    *("DATEBEGIN", "DATEEND", "TIMEZONE", "FILENAME", "FILEEXT", "FILESIZE", "MIMETYPE", "MD5HASH", "SHA256HASH"),
    *("NATIVEPATH", "TEXTPATH", "PAGECOUNT", "REDACTED", "HOLDS", "TAGS"),
]


def read(text: str) -> list[list[str]]:
    lines = csv.reader(io.StringIO(text, newline=""), delimiter="\x14", quotechar="\u00fe", strict=True)
    return [[cell.replace("\u00ae", "\n") for cell in cells] for cells in lines]


def documents(folder: Path, encoding: str = "utf-8-sig") -> list[dict[str, str]]:
    heads, *rows = read((folder / "loadfile.dat").read_bytes().decode(encoding))
    assert heads == FIELDS
    return [dict(zip(heads, row, strict=True)) for row in rows]


def export(folder: Path, *stories: Story, store: Store | None = None, **changes: object) -> Written:
    return write("dat", list(stories), store or Store(), folder, **changes)


def native(folder: Path, path: str) -> bytes:
    return (folder / path.replace("\\", "/")).read_bytes()


def test_bytes_are_those_that_review_tools_expect(tmp_path: Path) -> None:
    export(tmp_path, story())
    raw = (tmp_path / "loadfile.dat").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf\xc3\xbeBEGDOC\xc3\xbe\x14\xc3\xbeENDDOC\xc3\xbe\x14")
    assert raw.endswith(b"\xc3\xbe\r\n")
    assert raw.count(b"\n") == raw.count(b"\r\n") == 2


def test_a_conversation_and_its_files_are_a_family(tmp_path: Path) -> None:
    store = Store()
    export(tmp_path, full_story(store), store=store)
    chat, photo, bill, aside = documents(tmp_path)
    assert [each["BEGDOC"] for each in (chat, photo, bill, aside)] == [f"CHAT0000000{n}" for n in (1, 2, 3, 4)]
    assert {each["BEGATTACH"] + each["ENDATTACH"] for each in (chat, photo, bill)} == {"CHAT00000001CHAT00000003"}
    assert (chat["ATTCHIDS"], chat["PARENTID"], chat["DOCTYPE"]) == ("CHAT00000002; CHAT00000003", "", "Chat")
    assert (bill["PARENTID"], bill["DOCTYPE"], bill["FILENAME"]) == ("CHAT00000001", "Attachment", "bill.pdf")
    assert (aside["BEGATTACH"], aside["SUBJECT"]) == ("", "A question (internal)")
    assert all(each["BEGDOC"] == each["ENDDOC"] for each in (chat, photo, bill, aside))


def test_facts_of_a_conversation(tmp_path: Path) -> None:
    events = (said(1, VERA, "Hi"), said(2, ALICE, "Hello"), said(3, BOB, "I help", at=at(599)))
    export(tmp_path, story(events, is_redacted=True))
    (row,) = documents(tmp_path)
    expected = {
        "CUSTODIAN": "Alice", "DUPCUSTODIAN": "Bob", "CONVERSATIONID": "Ab3-_xYz9", "ROUTINGGROUP": "Sales",
        "FROM": "Vera <vera@mail.example>", "TO": "Alice <alice@desk.example>; Bob <bob@desk.example>",
        "SUBJECT": "A question", "DATESENT": "2026-03-01", "TIMESENT": "09:30:16", "TIMEZONE": "UTC",
        "REDACTED": "Y", "HOLDS": "Matter 12", "TAGS": "refund; urgent", "PAGECOUNT": "1", "FILEEXT": "html",
    }  # fmt: skip
    assert {name: row[name] for name in expected} == expected


def test_paths_lead_to_the_natives_and_texts(tmp_path: Path) -> None:
    store = Store()
    export(tmp_path, full_story(store), store=store)
    for row in documents(tmp_path):
        content = native(tmp_path, row["NATIVEPATH"])
        assert (row["SHA256HASH"], row["FILESIZE"]) == (hashlib.sha256(content).hexdigest(), str(len(content)))
        assert row["MD5HASH"] == hashlib.md5(content).hexdigest()
        assert native(tmp_path, row["TEXTPATH"])
    assert [native(tmp_path, row["NATIVEPATH"]) for row in documents(tmp_path)[1:3]] == list(store.files.values())


@each_text
def test_x14_values_come_back(text: str) -> None:
    cells = [text, "between", text]
    (read_back,) = read(line(list(cells)))
    shown = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u00ae", "(R)")
    pictures = {code: 0x2400 + code for code in range(32) if code not in (9, 10)}
    shown = shown.translate(pictures | dict.fromkeys([0xFFFE, 0xFFFF, *range(0xD800, 0xE000)], 0xFFFD))
    assert read_back == [shown, "between", shown]


def test_x14_every_row_has_every_field_whatever_is_in_it(tmp_path: Path) -> None:
    walt = Person("visitor-1", VISITOR, "".join(TEXTS), "")
    store = Store()
    document = store.put("\u00feorn\x14\u00ae\r\n.pdf", b"x", "\u00fe/\x14")
    told = story(
        (said(1, walt, "", kind="file", document=document),), visitor=walt, subject="\u00fe\x14\u00fe", tags=TEXTS
    )
    export(tmp_path, told, store=store)
    chat, file = documents(tmp_path)
    assert chat["SUBJECT"] == "\u00fe\u2414\u00fe"
    assert file["FILENAME"] == "\u00feorn\u2414(R)\n.pdf"


def test_cp1252_on_demand(tmp_path: Path) -> None:
    export(tmp_path, story((said(1, VERA, "Hi"),), subject="Zoë \u2013 \u4e00"), encoding="cp1252")
    raw = (tmp_path / "loadfile.dat").read_bytes()
    assert raw.startswith(b"\xfeBEGDOC\xfe\x14\xfe")
    assert documents(tmp_path, "cp1252")[0]["SUBJECT"] == "Zoë \u2013 ?"
    assert "CP1252" in (tmp_path / "README.txt").read_text()
    assert "Zoë \u2013 \u4e00" in native(tmp_path, documents(tmp_path, "cp1252")[0]["TEXTPATH"]).decode()


def test_numbers_go_on_from_volume_to_volume(tmp_path: Path) -> None:
    store = Store()
    told = full_story(store)
    first = export(tmp_path / "1", told, store=store, bates_prefix="ACME-", bates_start=998, bates_width=5)
    export(tmp_path / "2", told, store=store, bates_prefix="ACME-", bates_start=first.next_bates, bates_width=5)
    numbers = [row["BEGDOC"] for folder in ("1", "2") for row in documents(tmp_path / folder)]
    assert first.next_bates == 1002
    assert numbers == [f"ACME-{number:05d}" for number in range(998, 1006)]
    assert documents(tmp_path / "1")[2]["NATIVEPATH"] == "natives\\000001\\ACME-01000.pdf"


def test_a_day_is_a_document(tmp_path: Path) -> None:
    presences = (Presence(VERA, at(0), at(200_000)), Presence(BOB, at(90_000), at(91_000)))
    events = tuple(said(n, VERA, f"text {n}", at=at(n * 40_000)) for n in range(5))
    export(tmp_path, story(events, presences=presences, closed=at(200_000)))
    rows = documents(tmp_path)
    assert [(row["DATEBEGIN"], row["DATEEND"]) for row in rows] == [
        ("2026-03-01", "2026-03-02"),
        ("2026-03-02", "2026-03-03"),
    ]
    assert ["Bob" in row["PARTICIPANTS"] for row in rows] == [False, True]


def test_a_missing_file_is_a_row_without_a_native(tmp_path: Path) -> None:
    store = Store()
    told = full_story(store)
    store.files["k0"] = b"another"
    export(tmp_path, told, store=store)
    photo = documents(tmp_path)[1]
    assert (photo["NATIVEPATH"], photo["FILENAME"]) == ("", "photo.png")
    assert b"is not the one that was recorded" in native(tmp_path, photo["TEXTPATH"])


def test_the_readme_tells_the_delimiters(tmp_path: Path) -> None:
    export(tmp_path, story())
    readme = (tmp_path / "README.txt").read_text(encoding="utf-8")
    for told in ("hexadecimal 14", "U+00FE", "U+00AE", "UTF-8 with a byte order mark", "UTC"):
        assert told in readme
