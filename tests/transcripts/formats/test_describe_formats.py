"""The page about formats names every format, and the files that it really writes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.house.source import ROOT
from tests.transcripts.formats.cast import Store, full_story, write
from tests.transcripts.formats.readers import READERS
from transcripts.formats import WRITERS
from transcripts.formats.story import UPDATES

pytestmark = pytest.mark.once

TEXT = (ROOT / "docs/formats.md").read_text()
ROWS = {line.split("`")[1]: line for line in TEXT.splitlines() if line.startswith("| `")}


def test_every_format_is_told() -> None:
    assert set(ROWS) == {*WRITERS, "jsonl"}


def test_every_kind_of_change_is_told() -> None:
    assert set(UPDATES) - {""} <= set(re.findall(r"`(\w+)`", TEXT))


@pytest.mark.parametrize("name", sorted(set(READERS) - {"csv-safe", "eml", "globalrelay"}))
def test_what_is_written_is_what_is_told(name: str, tmp_path: Path) -> None:
    store = Store()
    write(name, [full_story(store)], store, tmp_path)
    told = {each.rstrip("/") for each in re.findall(r"`([\w.-]+/?)`", ROWS[name].split("|")[2])}
    assert {path.name for path in tmp_path.iterdir()} - {"README.txt"} == told - {"README.txt"}
