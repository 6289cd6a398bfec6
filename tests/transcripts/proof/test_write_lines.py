"""Lines that are written down at once are what the canonical encoder makes of the same facts."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcripts.proof.bundle import Proof, proof_line
from transcripts.proof.canonical import canonical, text

pytestmark = pytest.mark.once

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
HASHES = st.binary(min_size=32, max_size=32).map(bytes.hex)
PROOFS = st.builds(
    Proof, TEXTS, st.integers(0, 2**53 - 1), HASHES, TEXTS, st.integers(0, 2**53 - 1), st.lists(HASHES, max_size=4)
)


@given(PROOFS)
def test_a_proof(proof: Proof) -> None:
    line = proof_line(proof)
    assert line.endswith(b"}\n")
    assert line == canonical(json.loads(line)) + b"\n"
    assert json.loads(line) == {
        "conversation": proof.conversation,
        "count": proof.count,
        "head": proof.head,
        "index": proof.index,
        "leaf": proof.leaf,
        "path": proof.path,
    }


@given(TEXTS)
def test_a_text(value: str) -> None:
    assert text(value).encode() == canonical(value)
    assert json.loads(text(value)) == value
