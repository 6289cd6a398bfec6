"""Our own CSV, raw and safe for spreadsheets (X-05)."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.transcripts.formats.cast import ALICE, SAM, VERA, Store, at, full_story, said, story, write
from tests.transcripts.formats.readers import rows, shown, table, unharmed
from tests.transcripts.formats.xlist import each_text
from transcripts.formats.cells import harmless, quoted_row, restore, row

pytestmark = pytest.mark.once

FORMULA = tuple("=+-@%\uff1d\uff0b\uff0d\uff20\u2212\t\r\n")
SKIPPED = '" \u00a0\u200b\u200e\u2060\ufeff\u202a\u2066'


def is_formula(cell: str) -> bool:
    """What some spreadsheet may run: it may skip quotes, spaces and invisible signs first."""
    return cell.startswith(FORMULA) or cell.lstrip(SKIPPED + " \t\r\n").startswith(FORMULA)


@each_text
def test_a_raw_cell_comes_back(text: str) -> None:
    assert next(csv.reader(io.StringIO(row(["a", text, "b"]), newline=""), strict=True)) == [
        "a",
        shown(text, "csv"),
        "b",
    ]


def test_only_what_needs_quotes_has_them() -> None:
    cells = ["plain", 7, None, "a,b", 'say "hi"', " lead", "two\nlines", "cr\r"]
    assert row(cells) == 'plain,7,,"a,b","say ""hi"""," lead","two\nlines","cr\r"\r\n'


@each_text
def test_x05_no_cell_is_a_formula_whatever_the_separator(text: str) -> None:
    told = quoted_row(["first", text, "last"])
    for separator in ",;\t|":
        for cells in csv.reader(io.StringIO(told, newline=""), delimiter=separator):
            assert [cell for cell in cells if is_formula(cell)] == []


@each_text
def test_x05_a_reader_that_knows_no_quotes_finds_no_formula(text: str) -> None:
    for line in quoted_row(["first", text, "last"]).removesuffix("\r\n").replace("\r", "\n").split("\n"):
        for separator in ",;\t|":
            assert [cell for cell in line.split(separator) if is_formula(cell.strip('"'))] == []


ALPHABET = st.text(alphabet="=+-@%';,|\t\r\n\" a1\u200b\ufeff\u2066\uff1d\u00a0")


@given(ALPHABET)
def test_safe_cells_are_undone_exactly(text: str) -> None:
    assert restore(harmless(text)) == text
    assert unharmed(harmless(text)) == text


@given(ALPHABET)
def test_safe_cells_are_never_formulas(text: str) -> None:
    assert not is_formula(harmless(text))


def test_ordinary_texts_stay_as_they_are() -> None:
    for text in ("Good morning", "a - b", "1+1=2", "50 % off", "it's", "me@mail.example", "Grüße, bis bald"):
        assert harmless(text) == text


def test_tables_say_who_when_and_what(tmp_path: Path) -> None:
    store = Store()
    write("csv", [full_story(store)], store, tmp_path)
    found = {(line["number"], line["update"]): line for line in rows(tmp_path / "events.csv")}
    assert found["3", ""]["author_name"] == VERA.name
    assert found["3", ""]["at"] == "2026-03-01T09:30:18.123456Z"
    assert found["6", ""]["internal"] == "yes"
    assert found["9", "Deleted"]["updated_at"] == "2026-03-01T09:30:45.123456Z"
    assert found["7", "EditedOriginalMsg"]["edited_by"] == "8"
    assert found["4", ""]["file_path"] == "files/Ab3-_xYz9/4-photo.png"
    assert (tmp_path / found["5", ""]["file_path"]).read_bytes() == store.files["k1"]
    assert found["4", "FileDeleted"]["file_warning"] == "the file is not part of this export (deleted)"


def test_conversations_and_participants_have_tables(tmp_path: Path) -> None:
    store = Store()
    write("csv", [full_story(store), story((), ref="zero", visitor=None, closed=None)], store, tmp_path)
    first, second = rows(tmp_path / "conversations.csv")
    assert (first["conversation"], first["tags"], first["events"]) == ("Ab3-_xYz9", "refund; urgent", "13")
    assert (second["visitor_name"], second["closed"], second["events"]) == ("", "", "0")
    stays = rows(tmp_path / "participants.csv")
    assert [(stay["person_name"], stay["silent"]) for stay in stays][:3] == [
        (VERA.name, "no"),
        (ALICE.name, "no"),
        (SAM.name, "yes"),
    ]


def test_rows_end_as_rfc_4180_says(tmp_path: Path) -> None:
    store = Store()
    write("csv", [full_story(store)], store, tmp_path)
    raw = (tmp_path / "events.csv").read_bytes()
    assert raw.count(b"\r\n") == raw.count(b"\n") == 14
    assert not raw.startswith(b"\xef\xbb\xbf")
    assert len({len(line) for line in table(tmp_path / "events.csv")}) == 1


def test_the_safe_profile_opens_as_utf8_and_explains_itself(tmp_path: Path) -> None:
    store = Store()
    write("csv-safe", [story((said(1, VERA, "=1+1", at=at(1)),))], store, tmp_path)
    assert (tmp_path / "events.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert rows(tmp_path / "events.csv", encoding="utf-8-sig")[0]["text"] == "'=1+1"
    assert "apostrophe" in (tmp_path / "README.txt").read_text()
