"""Where a bundle lies: folders, ZIP files and volumes; lines however the disk hands them out."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.transcripts.proof.making import make_bundle
from transcripts.verify.__main__ import BROKEN, UNREADABLE, WHOLE, main
from transcripts.verify.report import Broken, Unreadable
from transcripts.verify.sources import Folder, Zip, bundles, lines_of, whole_lines

pytestmark = pytest.mark.once


@given(st.lists(st.binary(max_size=8) | st.sampled_from([b"\n", b"a\n", b"\nb", b"\r\n"])))
def test_lines_are_the_same_however_the_blocks_are_cut(blocks: list[bytes]) -> None:
    whole = b"".join(blocks)
    pieces = list(whole_lines(blocks))
    assert b"".join(pieces) == whole
    assert all(piece.endswith(b"\n") for piece in pieces[:-1])
    assert all(pieces)


@given(st.lists(st.text('ab{}"', max_size=5)), st.integers(1, 7))
def test_each_line_comes_once(texts: list[str], size: int) -> None:
    whole = "".join(f"{text}\n" for text in texts).encode()
    blocks = [whole[place : place + size] for place in range(0, len(whole), size)]
    assert list(lines_of(blocks)) == [f"{text}\n".encode() for text in texts]


def test_a_file_is_read_up_to_what_is_allowed(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"12345")
    assert Folder(tmp_path).read("a.txt", 5) == b"12345"
    with pytest.raises(Broken, match="too large"):
        Folder(tmp_path).read("a.txt", 4)
    with pytest.raises(Broken, match="missing"):
        Folder(tmp_path).read("b.txt")


@pytest.mark.parametrize("name", ["../secret.txt", "sub/../../secret.txt", "link.txt", "sub", "", "."])
def test_x14_nothing_outside_of_the_folder_is_read(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    (tmp_path / "in/sub").mkdir(parents=True)
    (tmp_path / "in/link.txt").symlink_to(tmp_path / "secret.txt")
    with pytest.raises(Broken, match="missing"):
        Folder(tmp_path / "in").read(name)


def test_a_link_in_the_place_of_a_file_is_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make_bundle(tmp_path / "one", count=1)
    record = tmp_path / "one/records/000001.jsonl"
    record.rename(tmp_path / "elsewhere.jsonl")
    record.symlink_to(tmp_path / "elsewhere.jsonl")
    assert main([str(tmp_path / "one")]) == BROKEN
    assert "records/000001.jsonl" in capsys.readouterr().out


def test_a_file_that_may_not_be_read_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_text("a")

    def refuse(self: Path, mode: str) -> None:
        raise PermissionError(13, "no", mode)

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(Broken, match="can't be read"):
        Folder(tmp_path).read("a.txt")


def zipped(folder: Path, path: Path, *, method: int = ZIP_STORED) -> Path:
    with ZipFile(path, "w", method) as file:
        for each in sorted(folder.rglob("*")):
            file.write(each, each.relative_to(folder).as_posix())
    return path


def test_folders_inside_a_zip_are_no_files(tmp_path: Path) -> None:
    make_bundle(tmp_path / "one", count=2)
    path = zipped(tmp_path / "one", tmp_path / "one.zip")
    assert not any(name.endswith("/") for name in Zip(path).names())
    assert Zip(path).doubled() == []
    assert main([str(path)]) == WHOLE


def cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


def flip(data: bytes) -> bytes:
    """In the text of a record, which is stored as it is: its CRC no longer fits."""
    return data.replace(b'"conversation0000"', b'"conversation0001"', 1)


def encrypted(data: bytes) -> bytes:
    """The bit that says so, in every entry of the list at the end."""
    place, out = 0, bytearray(data)
    while (place := data.find(b"PK\x01\x02", place)) >= 0:
        out[place + 8] |= 1
        place += 4
    return bytes(out)


@pytest.mark.parametrize(("change", "wanted"), [(cut, UNREADABLE), (flip, BROKEN), (encrypted, BROKEN)])
def test_a_damaged_zip_is_never_whole(
    tmp_path: Path, change: Callable[[bytes], bytes], wanted: int, capsys: pytest.CaptureFixture[str]
) -> None:
    make_bundle(tmp_path / "one", count=2)
    path = zipped(tmp_path / "one", tmp_path / "one.zip")
    path.write_bytes(change(path.read_bytes()))
    assert main([str(path)]) == wanted
    assert "WHOLE" not in capsys.readouterr().out


def test_a_zip_without_a_manifest_can_not_be_checked(tmp_path: Path) -> None:
    with ZipFile(tmp_path / "a.zip", "w") as file:
        file.writestr("readme.txt", "hello")
    assert main([str(tmp_path / "a.zip")]) == UNREADABLE


def test_of_several_volumes_each_is_named_and_one_broken_breaks_all(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in (3, 1, 2):
        make_bundle(tmp_path / f"VOL{number:03}", count=1, seed=number)
    zipped(tmp_path / "VOL002", tmp_path / "VOL004.zip")
    assert [name for name, _ in bundles(tmp_path)] == ["VOL001", "VOL002", "VOL003", "VOL004.zip"]
    (tmp_path / "VOL002/README.txt").write_text("another")
    assert main([str(tmp_path)]) == BROKEN
    said = capsys.readouterr().out
    assert (said.count("WHOLE"), said.count("BROKEN")) == (3, 1)
    assert said.index("VOL002:") < said.index("BROKEN: README.txt") < said.index("VOL003:")


def test_what_is_nowhere_is_unreadable(tmp_path: Path) -> None:
    for path in (tmp_path / "nowhere", tmp_path):
        with pytest.raises(Unreadable):
            bundles(path)


def test_a_pipe_is_no_file(tmp_path: Path) -> None:
    """Opening it would wait for ever."""
    os.mkfifo(tmp_path / "records")
    with pytest.raises(Broken, match="missing"):
        Folder(tmp_path).read("records")


@pytest.mark.parametrize(
    "name",
    ["README.txt", "head.json", "keys.json", "manifest.json", "manifest.sig", "SHA256SUMS", "log/proofs.jsonl"],
)
@pytest.mark.parametrize("how", ["gone", "empty", "longer", "binary"])
def test_each_file_of_a_bundle_counts(tmp_path: Path, name: str, how: str, capsys: pytest.CaptureFixture[str]) -> None:
    make_bundle(tmp_path, count=1)
    path = tmp_path / name
    if how == "gone":
        path.unlink()
    else:
        path.write_bytes({"empty": b"", "longer": path.read_bytes() + b" x", "binary": b"\xff\x00\xfe"}[how])
    wanted = UNREADABLE if (name, how) == ("manifest.json", "gone") else BROKEN
    assert main([str(tmp_path)]) == wanted
    assert "WHOLE" not in capsys.readouterr().out
