"""Whatever compliance does has words on the page "Who read what"."""

from __future__ import annotations

import re
from pathlib import Path

from accounts.audit_words import in_words

SOURCES = Path(__file__).parents[3] / "transcripts"
NOTED = re.compile(r'custody\.note\(\s*[\w.]+,\s*"([\w.-]+)"')


def test_each_action_that_is_noted_has_words() -> None:
    actions = {action for path in SOURCES.rglob("*.py") for action in NOTED.findall(path.read_text())}
    assert {"read", "file", "hold.place"} <= actions
    assert [action for action in sorted(actions) if in_words(f"transcripts.{action}") == f"transcripts.{action}"] == []
