"""One line of records/*.jsonl, read with a parser: what the usual pattern does not know."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from transcripts.proof.canonical import canonical
from transcripts.proof.commitment import commitment, decoded
from transcripts.verify.report import MISSHAPEN

FIELDS = {"content", "frame", "hash", "redacted", "redacted_sha256", "salts"}
NAMELESS = '""'  # how a field without a name is called


@dataclass(frozen=True)
class Line:
    """`conversation` is empty for a hidden record. `wrong`: the first field that is not what its commitment says.
    `withheld`, `redacted`: how many fields. `file`: the hash of the document that it names."""

    number: int
    digest: bytes
    hash: str
    conversation: str = ""
    wrong: str = ""
    withheld: int = 0
    redacted: int = 0
    file: str = ""


def read_line(raw: bytes) -> Line:
    """Raises ValueError, with a sentence, for what is no record."""
    try:
        value = json.loads(raw)
        if not isinstance(value, dict) or canonical(value) + b"\n" != raw:
            raise ValueError
        return _hidden(value) if "digest" in value else _shown(value)
    except MISSHAPEN:
        raise ValueError("it can't be read as a record") from None


def _hidden(value: dict[str, Any]) -> Line:
    digest = bytes.fromhex(value["digest"])
    if value.keys() != {"digest", "hash", "number"} or len(digest) != 32 or digest.hex() != value["digest"]:
        raise ValueError
    return Line(int(value["number"]), digest, str(value["hash"]))


def _shown(value: dict[str, Any]) -> Line:
    frame, content, salts = value["frame"], value["content"], value["salts"]
    redacted = value.get("redacted", {})
    if value.keys() - FIELDS or not frame["conversation"]:
        raise ValueError
    if redacted and hashlib.sha256(canonical(redacted)).hexdigest() != value["redacted_sha256"]:
        raise ValueError
    return Line(
        number=int(frame["number"]),
        digest=hashlib.sha256(canonical(frame)).digest(),
        hash=str(value["hash"]),
        conversation=str(frame["conversation"]),
        wrong=_wrong(frame["said"], content, salts) or _wrongly_covered(frame["said"], content, redacted),
        withheld=len(frame["said"]) - len(content) - len(redacted),
        redacted=len(redacted),
        file=_file(content),
    )


def _wrong(said: dict[str, str], content: dict[str, Any], salts: dict[str, str]) -> str:
    """The first field that is not what was committed to; empty if all are."""
    for name in sorted(content.keys() | salts.keys()):
        if not (name in said and name in content and name in salts):
            return name or NAMELESS
        if commitment(decoded(salts[name]), content[name]) != said[name]:
            return name or NAMELESS
    return ""


def _wrongly_covered(said: dict[str, str], content: dict[str, Any], redacted: dict[str, Any]) -> str:
    """The first field that is told to be covered and was never said, or that is shown as well."""
    wrong = sorted(name for name in redacted if name not in said or name in content)
    return (wrong[0] or NAMELESS) if wrong else ""


def _file(content: dict[str, Any]) -> str:
    document = content.get("document")
    return str(document.get("sha256", "")) if isinstance(document, dict) else ""
