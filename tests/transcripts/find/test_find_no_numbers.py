"""X-16: a card's number that was written in a chat is in no search, no record and no export, in whatever format."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from chatdesk import sitelimits
from chatdesk.actions.conversations import close_by_visitor, start
from chatdesk.actions.entries import post_entry
from chatdesk.actions.files import receive
from chatdesk.actions.notes import post_note
from chatdesk.models import Button, Conversation
from tests.chatdesk.files.samples import PDF
from tests.chatdesk.sensitive.numbers import VISA
from tests.chatdesk.sensitive.test_doors import SHOWN, SPOKEN, everything, holds_number
from tests.factories import Cast
from transcripts.actions.checking import check
from transcripts.actions.finding import find
from transcripts.models import Record
from transcripts.query import Query

FORMATS = ("jsonl", "csv", "html", "eml", "mbox", "edrm", "pdf")


@pytest.fixture
def talk(transactional_db: None, cast: Cast) -> Iterator[Conversation]:
    sitelimits.forget()
    Button.objects.update(name_field="optional", question_field="optional")
    form = {"name": "Vera", "question": SPOKEN, "page": f"https://shop.example/?c={VISA}"}
    started = start(Button.objects.get(slug="sales"), None, "x" * 32, f"Take {SPOKEN}, cvv 321", fields=form)
    chat, vera = started.conversation, started.participant
    receive(chat, vera, SimpleUploadedFile(f"card {VISA}.pdf", PDF), "file")
    post_entry(chat, vera, "4111 1111", "half")
    post_entry(chat, vera, "1111 1111", "rest")
    post_note(cast.alice, chat.ref, f"It was {SPOKEN}", "note")
    yield chat
    sitelimits.forget()


def test_no_row_and_no_record_holds_it(talk: Conversation) -> None:
    assert not holds_number(everything())
    assert Record.objects.filter(conversation=talk).exists()
    assert check(talk) is None


def test_no_search_finds_it(talk: Conversation) -> None:
    for words in (VISA, f'"{SPOKEN}"', VISA[6:], "321"):
        assert find(Query.parse(words)).count() == 0, words
    assert find(Query.parse('"was hidden before it was stored"')).count() == 1


def test_no_export_holds_it(talk: Conversation, tmp_path: Path) -> None:
    close_by_visitor(talk.pk)
    wanted = [option for name in FORMATS for option in ("--format", name)]
    call_command("export", *wanted, "--out", str(tmp_path / "out"), verbosity=0)
    files = [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
    held = [path.name for path in files if holds_number(path.read_bytes().decode("utf-8", "replace"))]
    assert held == []
    assert any(SHOWN in path.read_text() for path in files if path.suffix == ".jsonl")
