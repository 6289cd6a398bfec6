"""The desk's side: hands a document over to a process of its own, and believes only its short answer."""

from __future__ import annotations

import json

from tickets.masking.files.reader import READER, Silent
from tickets.masking.results import Unclean, Why
from tickets.masking.rules import Rules

SECONDS = 40


def clean_pdf(data: bytes, rules: Rules) -> tuple[bytes, tuple[str, ...]]:
    """The document without properties, authors and links to addresses, and what it lost.

    Raises Unclean: LOCKED (password), ADDRESS_IN_FILE (in its text), UNCLEAN_FILE (signed, damaged, too much).
    """
    try:
        head, cleaned = READER.ask(json.dumps(_told(rules)).encode(), data, SECONDS)
        answer = json.loads(head)
    except (Silent, ValueError):
        raise Unclean(Why.UNCLEAN_FILE, "it took too long or could not be read") from None
    if "reason" in answer:
        raise Unclean(Why(answer["reason"]), str(answer["detail"]))
    return cleaned, tuple(str(each) for each in answer["removed"])


def _told(rules: Rules) -> dict[str, list[str]]:
    return {
        "work": ["clean"],
        "protected": sorted(rules.protected),
        "allowed": sorted(rules.allowed),
        "hosts": sorted(rules.hosts),
        "relay_domain": [rules.relay_domain],
    }
