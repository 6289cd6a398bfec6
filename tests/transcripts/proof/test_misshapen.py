"""Whoever makes a file chooses its shape: whatever stands where a record, a proof or a key should be, the answer is
a calm one, and never that all is well."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.transcripts.proof.making import PRIVATE, make_bundle, make_copy, sealed
from transcripts.proof import bundle, keys
from transcripts.proof.canonical import canonical
from transcripts.verify.__main__ import BROKEN, WHOLE, main
from transcripts.verify.check import check_file
from transcripts.verify.report import Fault
from transcripts.verify.trust import Trust
from transcripts.views import verify

ODD: list[Any] = [None, True, 0, -1, 1.5, "", "text", "\u0000", [], [[]], ["a"], {}, {"a": 1}]
PLACES = [
    ("records",),
    ("records", 0),
    ("records", 0, "content"),
    ("records", 0, "content", "name"),
    ("records", 0, "frame"),
    ("records", 0, "frame", "conversation"),
    ("records", 0, "frame", "number"),
    ("records", 0, "frame", "said"),
    ("records", 0, "frame", "said", "name"),
    ("records", 0, "hash"),
    ("records", 0, "salts"),
    ("records", 0, "salts", "name"),
    ("records", 8, "digest"),
    ("records", 8, "number"),
    ("records", 8, "hash"),
    ("records", 9, "redacted"),
    ("records", 9, "redacted_sha256"),
    ("proof",),
    ("proof", "conversation"),
    ("proof", "count"),
    ("proof", "head"),
    ("proof", "index"),
    ("proof", "leaf"),
    ("proof", "path"),
    ("head",),
    ("head", "head"),
    ("head", "head", "root"),
    ("head", "head", "size"),
    ("head", "head", "key"),
    ("head", "head", "at"),
    ("head", "signature"),
    ("keys",),
    ("keys", 0),
    ("keys", 0, "public"),
    ("keys", 0, "key"),
    ("keys", 0, "endorsement"),
    ("key",),
    ("kind",),
    ("v",),
    ("about",),
    ("signature",),
]


def put(value: Any, place: tuple[Any, ...], other: Any) -> None:
    for step in place[:-1]:
        value = value[step]
    value[place[-1]] = other


def at(value: Any, place: tuple[Any, ...]) -> Any:
    for step in place:
        value = value[step]
    return value


def signed_again(value: dict[str, Any]) -> bytes:
    """As somebody with a key of their own would: everything fits but what was put in."""
    value.pop("signature", None)
    return canonical({**value, "signature": keys.sign(PRIVATE, "copy", canonical(value))}) + b"\n"


@pytest.mark.once
@pytest.mark.parametrize("place", PLACES, ids=lambda place: ".".join(map(str, place)))
def test_odd_values_in_a_copy_are_faults_whether_signed_again_or_not(place: tuple[Any, ...]) -> None:
    whole = json.loads(make_copy())
    for odd in ODD:
        value = json.loads(canonical(whole))
        if at(value, place) == odd and type(at(value, place)) is type(odd):
            continue
        put(value, place, odd)
        assert not check_file(canonical(value) + b"\n", Trust()).is_whole, odd
        report = check_file(signed_again(value), Trust())
        free = place[0] in ("about", "v", "signature") or place[-1] == "endorsement"  # as the key's owner likes
        assert not report.is_whole or not odd or free, odd  # what is empty is withheld, or not closed yet


@pytest.mark.once
@pytest.mark.parametrize("place", [place for place in PLACES if len(place) < 4 and isinstance(place[-1], str)])
def test_what_is_missing_in_a_copy_is_a_fault(place: tuple[Any, ...]) -> None:
    value = json.loads(make_copy())
    del at(value, place[:-1])[place[-1]]
    assert not check_file(canonical(value) + b"\n", Trust()).is_whole


def leaf_file(**changes: Any) -> bytes:
    leaf = canonical({"body": {}, "index": 0, "kind": "hold.created", "v": 1})
    seal = sealed(leaves=[leaf])
    value = {
        "head": json.loads(seal.head.to_bytes()),
        "index": 0,
        "keys": [keys.as_json(each) for each in seal.keys],
        "kind": bundle.LEAF,
        "leaf": leaf.decode(),
        "path": [],
        "v": 1,
    }
    return canonical({**value, **changes}) + b"\n"


@pytest.mark.once
def test_an_entry_by_itself_is_whole() -> None:
    report = check_file(leaf_file(), Trust())
    assert report.is_whole
    assert report.leaves == 1


@pytest.mark.once
@pytest.mark.parametrize("name", ["head", "index", "keys", "leaf", "path"])
def test_odd_values_in_the_proof_of_an_entry_are_faults(name: str) -> None:
    for odd in ODD:
        if not odd and name in ("index", "path"):  # of a log of one entry they are 0, and nothing
            continue
        assert not check_file(leaf_file(**{name: odd}), Trust()).is_whole, odd


@pytest.mark.once
@pytest.mark.parametrize("change", [{"more": 1}, {"index": 1}, {"path": ["00" * 32]}, {"leaf": "{}"}, {"path": ["zz"]}])
def test_another_proof_of_an_entry_proves_nothing(change: dict[str, Any]) -> None:
    assert not check_file(leaf_file(**change), Trust()).is_whole


HOSTILE = [
    b'[{"kind":"chatdesk.leaf"}]\n',
    b'"\\"kind\\":\\"chatdesk.leaf\\""',
    b'{"kind":"chatdesk.leaf"',
    b'{"about":[],"kind":"chatdesk.copy","records":[{"content":[],"digest":1}]}',
    b'["chatdesk.copy"]',
    b'{"about":{},"records":{"a":1}}',
    b'{"about":1e999}',
    b'{"about":"\\ud800","kind":"chatdesk.copy","records":["\\ud800"]}',
    b'{"about":' + b"9" * 5000 + b"}",
    b'{"kind":"chatdesk.leaf","head":' + b'{"a":' * 3000 + b"1" + b"}" * 3000 + b"}",
]


@pytest.mark.django_db
@pytest.mark.parametrize("data", [*HOSTILE, signed_again(json.loads(make_copy()) | {"head": {"head": 1}})])
def test_the_public_page_stays_calm(client: Client, data: bytes) -> None:
    verify.tries.clear()
    answer = client.post("/verify/", {"copy": SimpleUploadedFile("copy.json", data)})
    assert answer.status_code == 200
    assert "genuine and whole" not in answer.content.decode()


@pytest.mark.once
def test_a_signature_that_is_no_text_is_none() -> None:
    public = keys.introduced(keys.public_of(PRIVATE), "").public
    for odd in ODD:
        assert not keys.is_signed(public, "head", b"", odd)
        assert not keys.is_signed(odd, "head", b"", keys.sign(PRIVATE, "head", b""))


@pytest.mark.once
class TestZip:
    """Programs do not agree on which of two files of one name they take: so there must not be two."""

    def zipped(self, folder: Path, top: str = "") -> Path:
        make_bundle(folder / "bundle", count=2)
        path = folder / "bundle.zip"
        with ZipFile(path, "w") as file:
            for each in sorted((folder / "bundle").rglob("*")):
                if each.is_file():
                    file.write(each, top + each.relative_to(folder / "bundle").as_posix())
        return path

    @pytest.mark.filterwarnings("ignore:Duplicate name")
    @pytest.mark.parametrize("name", ["records/000001.jsonl", "manifest.json", "README.txt"])
    def test_a_second_file_of_a_name_is_found(
        self, tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        path = self.zipped(tmp_path)
        true = (tmp_path / "bundle" / name).read_bytes()
        with ZipFile(path, "a") as file:
            file.writestr(name, true)  # what this program reads is what was signed; another would read the first
        assert main([str(path)]) == BROKEN
        assert f"{name}: the file is there twice" in capsys.readouterr().out

    def test_a_file_beside_the_folder_that_looks_like_one_in_it_is_found(self, tmp_path: Path) -> None:
        path = self.zipped(tmp_path, "export/")
        assert main([str(path)]) == WHOLE
        with ZipFile(path, "a") as file:
            file.writestr("records/000001.jsonl", "{}\n")
        assert main([str(path)]) == BROKEN


@pytest.mark.once
def test_a_bundle_with_a_reference_that_can_not_be_written_is_broken(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Half a character as a conversation's name, under a key of somebody's own."""
    make_bundle(tmp_path / "one", count=1)
    folder = tmp_path / "one"
    proofs = folder / bundle.PROOFS
    proofs.write_bytes(proofs.read_bytes().replace(b"conversation0000", b"\\ud800"))
    sign_again(folder)
    assert main([str(folder)]) == BROKEN
    assert "BROKEN" in capsys.readouterr().out


def sign_again(folder: Path) -> None:
    """Sums, manifest and signature anew, over what lies there now."""
    (folder / bundle.SUMS).unlink()
    paths = sorted(each.relative_to(folder).as_posix() for each in folder.rglob("*") if each.is_file())
    listed = [path for path in paths if path not in bundle.UNLISTED]
    sums = "".join(f"{sha256_of((folder / path).read_bytes())}  {path}\n" for path in listed)
    (folder / bundle.SUMS).write_text(sums)
    manifest = json.loads((folder / bundle.MANIFEST).read_bytes()) | {"sums": sha256_of(sums.encode())}
    (folder / bundle.MANIFEST).write_bytes(canonical(manifest))
    (folder / bundle.SIGNATURE).write_text(keys.sign(PRIVATE, "manifest", canonical(manifest)))


def sha256_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@pytest.mark.once
def test_fault_reads_as_a_sentence() -> None:
    assert str(Fault("it went", "a.json", "ref", 3)) == "record 3 of conversation ref, a.json: it went"
