"""What is in a copy: all of it, whatever was said and however much; or no copy at all (C-13)."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from chatdesk.actions.conversations import close_by_operator
from tests.factories import Cast, make_conversation
from tests.transcripts.locking.stage import again_at_once, ended, switch_on
from transcripts.actions import heads
from transcripts.actions.locking import bundling
from transcripts.actions.locking.keeping import keep_due
from transcripts.models import LockedCopy, LockedRules, Record
from transcripts.verify.__main__ import WHOLE, main

HOSTILE = [
    "=1+1",
    "'; DROP TABLE",
    "\u202eevil\u202c",
    "𝕏 😀 שלום",
    '{"body":"x"}',
    '","salts":{}}',
    "a\nb\tc",
    "%s %%",
    "x" * 4000,
]


def opened(ref: str, folder: Path) -> list[dict[str, Any]]:
    """The records of the newest copy, which verifies."""
    out = folder / "copy.zip"
    call_command("open_locked", ref, out=out, reason="a test", stdout=io.StringIO())
    assert main([str(out)]) == WHOLE
    return [json.loads(line) for line in zipfile.ZipFile(out).read("records/records.jsonl").splitlines()]


def said(records: list[dict[str, Any]]) -> list[str]:
    return [line["content"]["body"] for line in records if line["frame"]["kind"] == "message"]


def test_whatever_was_said(cast: Cast, tmp_path: Path) -> None:
    switch_on()
    chat = ended(cast, *HOSTILE)
    assert keep_due() == 1
    assert said(opened(chat.ref, tmp_path))[:-1] == HOSTILE


def test_page_after_page(cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundling, "ROWS", 2)
    switch_on()
    words = [f"word {number}" for number in range(9)]
    chat = ended(cast, *words, note="a note")
    assert keep_due() == 1
    records = opened(chat.ref, tmp_path)
    assert [line["frame"]["number"] for line in records] == list(range(1, chat.record_chain.count + 1))
    assert said(records)[:-1] == words
    assert "a note" in [line["content"].get("body") for line in records]


def test_nothing_was_said_at_all(cast: Cast, tmp_path: Path) -> None:
    switch_on()
    chat = make_conversation(cast.sales_button, cast.vera, cast.alice)
    close_by_operator(cast.alice, chat.ref)
    heads.sign()
    assert keep_due() == 1
    assert said(opened(chat.ref, tmp_path)) == []


def test_a_record_that_is_missing_makes_no_copy_with_a_hole(cast: Cast) -> None:
    switch_on()
    chat = ended(cast)
    missing = Record.objects.get(conversation=chat, number=2)
    Record.objects.filter(conversation=chat, number=2).delete()
    assert keep_due() == 0
    assert LockedCopy.objects.get().trouble == "LookupError"
    missing.save(force_insert=True)
    again_at_once()
    assert keep_due() == 1


def test_c03_switched_off_or_shortened_what_is_locked_stays_so(cast: Cast) -> None:
    switch_on(days=300)
    chat = ended(cast)
    assert keep_due() == 1
    before = LockedCopy.objects.get().until
    switch_on(days=1)
    LockedRules.objects.update(is_on=False)
    ended(cast, guest=cast.walt)
    assert keep_due() == 0
    copy = LockedCopy.objects.get()
    assert (copy.conversation, copy.until, copy.state) == (chat, before, LockedCopy.State.KEPT)


def test_what_waited_when_it_was_switched_off_is_made_all_the_same(cast: Cast) -> None:
    switch_on()
    ended(cast)
    LockedRules.objects.update(is_on=False)
    assert keep_due() == 1


def test_a_group_that_was_renamed_and_an_operator_who_left(cast: Cast, tmp_path: Path) -> None:
    switch_on()
    chat = ended(cast, "Hello")
    type(cast.sales).objects.filter(pk=cast.sales.pk).update(name="Another name")
    type(cast.alice).objects.filter(pk=cast.alice.pk).update(is_active=False, display_name="Gone")
    assert keep_due() == 1
    records = opened(chat.ref, tmp_path)
    assert said(records)[0] == "Hello"
    assert "Gone" not in json.dumps(records)


def test_a_broken_log_proves_nothing_and_says_so(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    switch_on()
    ended(cast)

    def broken() -> None:
        raise heads.LogBroken

    with monkeypatch.context() as moment:
        moment.setattr(heads, "standing_seal", broken)
        assert keep_due() == 0
    assert LockedCopy.objects.get().trouble == "log"
    again_at_once()
    assert keep_due() == 1
    assert LockedCopy.objects.count() == 1
