"""The desk's side: hands a document over to a process of its own, and believes only its short answer."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tickets.masking.results import Unclean, Why
from tickets.masking.rules import Rules

SECONDS = 40
_ROOT = Path(__file__).resolve().parents[4]
_CHILD = "tickets.masking.files.pdf.child"
_PASSED_ON = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT")


def clean_pdf(data: bytes, rules: Rules) -> tuple[bytes, tuple[str, ...]]:
    """The document without properties, authors and links to addresses, and what it lost.

    Raises Unclean: LOCKED (password), ADDRESS_IN_FILE (in its text), UNCLEAN_FILE (signed, damaged, too much).
    """
    head = json.dumps(_told(rules)).encode() + b"\n"
    try:
        done = subprocess.run(  # noqa: S603 - our own module, and nothing of the document in the words
            [sys.executable, "-m", _CHILD],
            input=head + data,
            capture_output=True,
            cwd=_ROOT,
            env={name: os.environ[name] for name in _PASSED_ON if name in os.environ} | {"PYTHONPATH": str(_ROOT)},
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Unclean(Why.UNCLEAN_FILE, "it took too long to read") from None
    return _answer(done.stdout)


def _told(rules: Rules) -> dict[str, list[str]]:
    return {
        "protected": sorted(rules.protected),
        "allowed": sorted(rules.allowed),
        "hosts": sorted(rules.hosts),
        "relay_domain": [rules.relay_domain],
    }


def _answer(output: bytes) -> tuple[bytes, tuple[str, ...]]:
    head, _, data = output.partition(b"\n")
    try:
        answer = json.loads(head)
    except ValueError:
        raise Unclean(Why.UNCLEAN_FILE, "it could not be read") from None
    if "reason" in answer:
        raise Unclean(Why(answer["reason"]), str(answer["detail"]))
    return data, tuple(str(each) for each in answer["removed"])
