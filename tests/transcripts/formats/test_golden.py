"""Formats without a schema that could be had stay byte for byte as they were looked over."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.transcripts.formats.golden import FOLDER, KEPT, masked, produced

pytestmark = pytest.mark.once


@pytest.mark.parametrize("name", KEPT)
def test_the_output_is_as_it_was(name: str, tmp_path: Path) -> None:
    found = produced(name, tmp_path)
    assert found == {file: (FOLDER / file).read_bytes() for file in found}


def test_no_golden_file_is_forgotten(tmp_path: Path) -> None:
    made = {file for name in KEPT for file in produced(name, tmp_path / name)}
    assert made == {path.name for path in FOLDER.iterdir()}


def test_only_hashes_and_page_sizes_are_masked() -> None:
    assert masked(b"a " + b"0f" * 16 + b" b") == b"a HASH32 b"
    assert masked(b'x.html" FileSize="123"') == b'x.html" FileSize="SIZE"'
    assert masked(b'x.png" FileSize="123"') == b'x.png" FileSize="123"'
