"""Checks the proof of one entry of the log."""

from __future__ import annotations

import json
from typing import Any

from transcripts.proof.canonical import canonical
from transcripts.proof.merkle import leaf_hash, verify_inclusion
from transcripts.verify.report import MISSHAPEN, Broken, Fault, Report
from transcripts.verify.trust import Trust, check_key, checked_head, read_keys

FIELDS = {"head", "index", "keys", "kind", "leaf", "path", "v"}


def check_leaf(raw: bytes, trust: Trust) -> Report:
    """What is wrong stands in the report."""
    report = Report(kind="entry")
    try:
        _check(raw, json.loads(raw), trust, report)
    except Broken as broken:
        report.faults.append(broken.fault)
    except MISSHAPEN:
        report.faults.append(Fault("something is missing in the proof, or in the wrong place"))
    return report


def _check(raw: bytes, value: dict[str, Any], trust: Trust, report: Report) -> None:
    if canonical(value) + b"\n" != raw or value.keys() != FIELDS:
        raise Broken(Fault("the file was changed"))
    keys = read_keys(canonical(value["keys"]), "keys")
    head = checked_head(canonical(value["head"]), keys, trust, report, "head").head
    check_key(head.key, keys, trust, report)
    steps, leaf = [bytes.fromhex(step) for step in value["path"]], value["leaf"].encode()
    if not verify_inclusion(leaf_hash(leaf), value["index"], head.size, steps, bytes.fromhex(head.root)):
        raise Broken(Fault(f"the log's head does not hold entry {value['index']}"))
    report.leaves = 1
    report.notes.append(f"the entry says: {value['leaf']}")
