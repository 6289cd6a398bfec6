"""The public name of a conversation: on a command line, in a table and in an address it is nothing but a name."""

from __future__ import annotations

import re
import secrets
from datetime import UTC, datetime

import pytest

from chatdesk.models.conversation import new_ref
from transcripts.actions.archive.inventing import invent

pytestmark = pytest.mark.once
NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]{21}")


def test_no_name_begins_like_an_option(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter(["-fXR_snlwUDKaNnSBLviqw", "--AR_snlwUDKaNnSBLviqw", "fXR_snlwUDKaNnSBLviqw-"])
    monkeypatch.setattr(secrets, "token_urlsafe", lambda length: next(drawn))
    assert new_ref() == "fXR_snlwUDKaNnSBLviqw-"


def test_names_are_names() -> None:
    assert all(NAME.fullmatch(new_ref()) for _ in range(300))


def test_so_are_those_of_the_demo_archive() -> None:
    until = datetime(2026, 1, 1, tzinfo=UTC)
    refs = [invent(number, until, 3, 9).ref for number in range(300)]
    assert all(NAME.fullmatch(ref) for ref in refs)
    assert len(set(refs)) == 300
