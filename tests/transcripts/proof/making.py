"""Bundles made by hand, small and whole: conversations with texts, files, notes, withheld and redacted things."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from transcripts.formats.volume import FolderVolume
from transcripts.proof import bundle, keys, merkle
from transcripts.proof.bundle import Proof, Seal
from transcripts.proof.canonical import Json, canonical
from transcripts.proof.chain import START, digest, next_hash
from transcripts.proof.commitment import commitment, encoded
from transcripts.proof.heads import Head, signed

PRIVATE = bytes(range(32))
TEXTS = ["Good morning", "=HYPERLINK(1)", 'a "quoted" \\ word\nand a line', "Grüße, 日本語, שלום 😀", "x" * 200]


@dataclass
class Talk:
    """One conversation's records as lines, and the end of its chain."""

    ref: str
    lines: list[bytes] = field(default_factory=list)
    last: bytes = START
    files: dict[str, bytes] = field(default_factory=dict)

    def add(self, kind: str, said: dict[str, Json], *, withheld: Sequence[str] = (), how: str = "shown") -> None:
        number = len(self.lines) + 1
        salts = {name: hashlib.sha256(f"{self.ref}{number}{name}".encode()).digest()[:16] for name in said}
        facts: dict[str, Json] = {
            "at": f"2026-11-22T15:45:12.{number:06}Z",
            "conversation": self.ref,
            "kind": kind,
            "number": number,
            "said": {name: commitment(salts[name], value) for name, value in said.items()},
            "v": 1,
        }
        if kind == "message":
            facts |= {"author": {"kind": "operator", "participant": 12, "user": 3}, "seq": number}
        frame = canonical(facts)
        self.last = next_hash(self.last, frame)
        if how == "hidden":
            self.lines.append(bundle.hidden_line(number, digest(frame).hex(), self.last.hex()))
            return
        content = canonical({name: value for name, value in said.items() if name not in withheld}).decode()
        kept = canonical({name: encoded(salt) for name, salt in salts.items() if name not in withheld}).decode()
        shown = (
            canonical({name: {"reason": "P1", "text": "█"} for name in withheld}).decode() if how == "redacted" else ""
        )
        self.lines.append(bundle.record_line(frame.decode(), self.last.hex(), kept, content, shown))

    def leaf(self, index: int) -> bytes:
        body: dict[str, Json] = {"conversation": self.ref, "count": len(self.lines), "head": self.last.hex()}
        return canonical({"body": body, "index": index, "kind": "conversation.closed", "v": 1})


def talk(number: int, seed: random.Random, messages: int = 6) -> Talk:
    made = Talk(f"conversation{number:04}")
    made.add("opened", {"name": "Vera", "question": "Where is it?"})
    for place in range(messages):
        made.add("message", {"body": seed.choice(TEXTS)}, withheld=["body"] if place == 3 else ())
    sent = seed.randbytes(300)
    sha256 = hashlib.sha256(sent).hexdigest()
    made.files[sha256] = sent
    made.add("file", {"name": "a.pdf", "document": {"media_type": "application/pdf", "sha256": sha256, "size": 300}})
    made.add("note", {"body": "an internal note"}, how="hidden")
    made.add("message", {"body": "my number is 4111"}, withheld=["body"], how="redacted")
    made.add("close", {})
    return made


def sealed(private: bytes = PRIVATE, leaves: Sequence[bytes] = (b"a leaf",)) -> Seal:
    nodes = merkle.nodes_of([merkle.leaf_hash(leaf) for leaf in leaves])
    introduced = keys.introduced(keys.public_of(private), "2026-01-01T00:00:00.000000Z")
    root = merkle.root(len(leaves), nodes).hex()
    head = signed(Head(len(leaves), root, "2026-11-22T16:00:00.000000Z", introduced.key), private)
    return Seal(head, [introduced], lambda purpose, message: keys.sign(private, purpose, message), introduced.key)


def proofs(talks: Sequence[Talk], leaves: Sequence[bytes], still_open: int = -1) -> Iterator[Proof]:
    nodes = merkle.nodes_of([merkle.leaf_hash(leaf) for leaf in leaves])
    for index, each in enumerate(talks):
        path = [step.hex() for step in merkle.inclusion_proof(index, len(leaves), nodes)]
        if index == still_open:
            yield Proof(each.ref, len(each.lines), each.last.hex())
        else:
            yield Proof(each.ref, len(each.lines), each.last.hex(), leaves[index].decode(), index, path)


def make_bundle(
    folder: Path, count: int = 6, seed: int = 1, private: bytes = PRIVATE, facts: Mapping[str, Json] | None = None
) -> list[Talk]:
    """A bundle of `count` conversations in two files of records; the last of them is still open."""
    talks = [talk(number, random.Random(seed + number)) for number in range(count)]
    leaves = [each.leaf(index) for index, each in enumerate(talks)]
    volume = FolderVolume(folder)
    for part in (0, 1):
        lines = (line for each in talks[part * count // 2 : (part + 1) * count // 2] for line in each.lines)
        volume.write(f"records/{part + 1:06}.jsonl", lines)
    for sha256, sent in ((key, value) for each in talks for key, value in each.files.items()):
        volume.write(f"files/{sha256[:12]}.pdf", [sent])
    volume.write(bundle.PROOFS, map(bundle.proof_line, proofs(talks, leaves, count - 1)))
    bundle.finish(volume, {"kind": "export", "query": "torn", **(facts or {})}, sealed(private, leaves))
    return talks


def make_copy(number: int = 1) -> bytes:
    one = talk(number, random.Random(number))
    leaves = [one.leaf(0)]
    (proof,) = proofs([one], leaves)
    return bundle.copy(one.lines, proof, {"site": "desk.example"}, sealed(PRIVATE, leaves))
