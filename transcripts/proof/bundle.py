"""The layout of what leaves the desk and can be checked without it: an export's folder or ZIP, or one visitor's copy.

    README.txt  manifest.json  manifest.sig  SHA256SUMS  head.json  [head.tsr]  keys.json
    records/*.jsonl    one record per line, a conversation's records one after another and in one file
    log/proofs.jsonl   one line per conversation, in the order of the records
    files/...          what was sent, found by the hash that its record names
    redactions.csv     what was covered: place, length and reason, if something was
    anything else      other formats of the same

SHA256SUMS lists every file but itself, manifest.json and manifest.sig; the manifest holds its hash and is signed.
A volume of a large export is a bundle of its own.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Protocol

from transcripts.proof.canonical import Json, canonical, text
from transcripts.proof.heads import SignedHead
from transcripts.proof.keys import PublicKey, as_json
from transcripts.proof.readme import README

MANIFEST, SIGNATURE, SUMS, HEAD, STAMP, KEYS = (
    "manifest.json",
    "manifest.sig",
    "SHA256SUMS",
    "head.json",
    "head.tsr",
    "keys.json",
)
READ_ME, PROOFS, RECORDS, FILES = "README.txt", "log/proofs.jsonl", "records/", "files/"
LEAVES, HEADS = "log/leaves.jsonl", "log/heads.jsonl"  # of the whole log, when that is what is handed out
UNLISTED = (MANIFEST, SIGNATURE, SUMS)
VERSION = 1
COPY, LEAF = "chatdesk.copy", "chatdesk.leaf"


class Listed(Protocol):
    """A file of a volume, as it was written."""

    @property
    def path(self) -> str: ...
    @property
    def sha256(self) -> str: ...


class Volume(Protocol):
    """Where a bundle is written: transcripts.formats.volume.Volume is one."""

    @property
    def files(self) -> Sequence[Listed]: ...
    def write(self, path: str, chunks: Iterable[bytes]) -> Listed: ...


@dataclass(frozen=True)
class Seal:
    """What proves a bundle: the newest signed head, its time stamp if there is one, the keys, and a way to sign."""

    head: SignedHead
    keys: Sequence[PublicKey]
    sign: Callable[[str, bytes], str]  # purpose, message -> signature by the key that `key` names
    key: str
    stamp: bytes = b""


@dataclass(frozen=True)
class Proof:
    """How one conversation hangs in the log. `count`, `head`: of its records here; `leaf`: canonical JSON, or empty
    while it was not closed; `path`: from the leaf to the root of the bundle's head."""

    conversation: str
    count: int
    head: str
    leaf: str = ""
    index: int = 0
    path: Sequence[str] = field(default_factory=tuple)


def record_line(frame: str, record_hash: str, salts: str = "{}", content: str = "{}", redacted: str = "") -> bytes:
    """A line of records/*.jsonl. Everything is canonical JSON already; a withheld field is in neither `content` nor
    `salts`. `redacted`: {field: {"text": what is shown instead, "marks": [{"length", "place", "reason"}]}}."""
    extra = ""
    if redacted:  # what is shown instead is in no commitment: its own hash tells which record was changed
        extra = f'"redacted":{redacted},"redacted_sha256":"{sha256(redacted.encode()).hexdigest()}",'
    return f'{{"content":{content},"frame":{frame},"hash":"{record_hash}",{extra}"salts":{salts}}}\n'.encode()


def hidden_line(number: int, digest: str, record_hash: str) -> bytes:
    """A record that is not shown at all, by `chain.digest` of its frame in hex: the chain still goes through it."""
    return f'{{"digest":"{digest}","hash":"{record_hash}","number":{number}}}\n'.encode()


def proof_line(proof: Proof) -> bytes:
    """What `canonical` makes of it, written down at once: an export has as many as conversations."""
    path = ",".join(f'"{each}"' for each in proof.path)
    said = f'{{"conversation":{text(proof.conversation)},"count":{proof.count},"head":"{proof.head}"'
    return f'{said},"index":{proof.index},"leaf":{text(proof.leaf)},"path":[{path}]}}\n'.encode()


def _proof(proof: Proof) -> dict[str, Json]:
    return {
        "conversation": proof.conversation,
        "count": proof.count,
        "head": proof.head,
        "index": proof.index,
        "leaf": proof.leaf,
        "path": list(proof.path),
    }


def finish(volume: Volume, facts: Mapping[str, Json], seal: Seal) -> bytes:
    """Write what makes the volume a bundle, as its last files; the bytes of the manifest.

    `facts`: what the manifest says besides: kind, query, profile, counts, skipped, warnings, software, volume ...
    """
    volume.write(READ_ME, [README.encode()])
    volume.write(HEAD, [seal.head.to_bytes()])
    if seal.stamp:
        volume.write(STAMP, [seal.stamp])
    volume.write(KEYS, [canonical([as_json(key) for key in seal.keys])])
    listed = list(volume.files)
    sums = volume.write(SUMS, (f"{each.sha256}  {each.path}\n".encode() for each in listed))
    said: dict[str, Json] = {"files": len(listed), "key": seal.key, "sums": sums.sha256, "v": VERSION}
    manifest = canonical({**facts, **said})
    volume.write(MANIFEST, [manifest])
    volume.write(SIGNATURE, [seal.sign("manifest", manifest).encode()])
    return manifest


def copy(lines: Iterable[bytes], proof: Proof, facts: Mapping[str, Json], seal: Seal) -> bytes:
    """A visitor's own copy: one canonical JSON file with the records, their proof and a signature over all of it."""
    said: dict[str, Json] = {
        "about": dict(facts),
        "head": json.loads(seal.head.to_bytes()),
        "key": seal.key,
        "keys": [as_json(key) for key in seal.keys],
        "kind": COPY,
        "proof": _proof(proof),
        "records": [json.loads(line) for line in lines],
        "v": VERSION,
    }
    return canonical({**said, "signature": seal.sign("copy", canonical(said))}) + b"\n"


def leaf_file(leaf: str, index: int, path: Sequence[str], seal: Seal) -> bytes:
    """What proves one entry of the log: its canonical JSON, and the way to the head."""
    said: dict[str, Json] = {
        "head": json.loads(seal.head.to_bytes()),
        "index": index,
        "keys": [as_json(key) for key in seal.keys],
        "kind": LEAF,
        "leaf": leaf,
        "path": list(path),
        "v": VERSION,
    }
    return canonical(said) + b"\n"
