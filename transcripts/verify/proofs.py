"""The lines of log/proofs.jsonl: that the log knows the end of each conversation."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from transcripts.proof.heads import Head
from transcripts.proof.merkle import leaf_hash, verify_inclusion
from transcripts.verify.report import MISSHAPEN, Broken, Fault, Report
from transcripts.verify.walk import Expected

CLOSED = "conversation.closed"


def expectations(lines: Iterable[bytes], head: Head, report: Report, path: str = "") -> Iterator[Expected]:
    """What each proof says of its conversation, checked against the head. That the lines themselves were not changed is
    for the caller to know. Raises Broken."""
    for raw in lines:
        try:
            yield _expected(json.loads(raw), head, report, path)
        except MISSHAPEN:
            raise Broken(Fault("a proof can't be read", path)) from None


def _expected(value: dict[str, Any], head: Head, report: Report, path: str) -> Expected:
    conversation, count, ending = str(value["conversation"]), int(value["count"]), str(value["head"])
    if not value["leaf"]:
        report.unproved += 1
        return Expected(conversation, count, ending)
    leaf, told = value["leaf"].encode(), json.loads(value["leaf"])
    body = told["body"]
    steps = [bytes.fromhex(step) for step in value["path"]]
    if not verify_inclusion(leaf_hash(leaf), int(value["index"]), head.size, steps, bytes.fromhex(head.root)):
        raise Broken(Fault("the log's head does not hold its closing", path, conversation, count))
    if told["kind"] != CLOSED or body["conversation"] != conversation or body["count"] > count:
        raise Broken(Fault("its closing in the log is of another conversation", path, conversation, count))
    return Expected(conversation, count, ending, int(body["count"]), str(body["head"]))
