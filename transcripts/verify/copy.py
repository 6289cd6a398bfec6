"""Checks a visitor's own copy: one file with one conversation."""

from __future__ import annotations

import json
from typing import Any

from transcripts.proof.bundle import COPY
from transcripts.proof.canonical import canonical
from transcripts.verify.proofs import expectations
from transcripts.verify.report import MISSHAPEN, Broken, Fault, Report, Unreadable
from transcripts.verify.trust import Trust, check_key, check_signature, checked_head, read_keys
from transcripts.verify.walk import Walk

RECORDS = '"records":['


def check_copy(raw: bytes, trust: Trust) -> Report:
    """Raises Unreadable if this is no such file; what is wrong with one stands in the report."""
    if not raw.startswith(b'{"about":') and COPY.encode() not in raw:
        raise Unreadable("this is not a copy of a conversation from here")
    report = Report(kind="copy")
    try:
        _check(raw, _parsed(raw), trust, report)
    except Broken as broken:
        report.faults.append(broken.fault)
    except MISSHAPEN:
        report.faults.append(Fault("something is missing in the copy, or in the wrong place"))
    return report


def _parsed(raw: bytes) -> dict[str, Any]:
    try:
        return dict(json.loads(raw))
    except UnicodeDecodeError as error:
        place = len(raw[: error.start].decode(errors="replace"))
    except json.JSONDecodeError as error:
        place = error.pos
    raise Broken(_unreadable(raw.decode(errors="replace"), place))


def _unreadable(text: str, place: int) -> Fault:
    """The first record that can't be read, or that holds this place."""
    here, number = text.find(RECORDS) + len(RECORDS), 1
    while here > len(RECORDS):
        try:
            _, end = json.JSONDecoder().raw_decode(text, here)
        except ValueError:
            break
        if end > place or not text.startswith(",", end):
            break
        here, number = end + 1, number + 1
    if not len(RECORDS) < here <= place:
        return Fault("it can't be read as a copy of a conversation")
    return Fault("it can't be read as a record", conversation="in this copy", number=number)


def _check(raw: bytes, value: dict[str, Any], trust: Trust, report: Report) -> None:
    lines = [canonical(record) + b"\n" for record in value["records"]]
    signature = value.pop("signature")
    keys = read_keys(canonical(value["keys"]), "keys")
    head = checked_head(canonical(value["head"]), keys, trust, report, "head")
    walk = Walk(expectations([canonical(value["proof"]) + b"\n"], head.head, report, "proof"), report, {})
    walk.through(lines, "")
    walk.finish()
    check_signature("copy", canonical(value), keys, key=value["key"], signature=signature)
    check_key(value["key"], keys, trust, report)
    if canonical({**value, "signature": signature}) + b"\n" != raw or value["kind"] != COPY:
        raise Broken(Fault("the file was changed"))
