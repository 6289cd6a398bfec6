"""`manage.py receive_mail`: mails from files, and a line of JSON for what became of each."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.mail.office import SUPPORT, Office, V, a_mail, said, token
from tickets.models import IncomingMail

FIELDS = ["file", "conversation", "entry", "visible", "files", "machine", "bounce_of", "held", "error"]


@pytest.fixture
def office(db: None) -> Office:
    return Office()


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    path = tmp_path / "letter.eml"
    path.write_bytes(a_mail(text="My lamp.\n\nOn Monday, Bob wrote:\n> Which lamp?\n", files={"a.txt": b"paper"}))
    return path


def received(*words: str | Path) -> list[dict[str, Any]]:
    said = io.StringIO()
    call_command("receive_mail", *map(str, words), stdout=said)
    return [json.loads(line) for line in said.getvalue().splitlines()]


def test_a_line_tells_what_became_of_a_mail(office: Office, letter: Path) -> None:
    (line,) = received("--to", SUPPORT, "--from", V, letter)
    assert list(line) == FIELDS
    mail = IncomingMail.objects.get()
    assert mail.conversation is not None
    assert line == {
        "file": str(letter),
        "conversation": mail.conversation.ref,
        "entry": 1,
        "visible": "My lamp.",
        "files": ["a.txt"],
        "machine": "",
        "bounce_of": None,
        "held": [],
        "error": "",
    }
    assert (mail.via, mail.envelope_from) == ("file", V)


def test_several_files_are_several_lines_in_order(office: Office, tmp_path: Path) -> None:
    paths = [tmp_path / f"{n}.eml" for n in range(3)]
    for n, path in enumerate(paths):
        path.write_bytes(a_mail(text=f"Mail {n}", Message_ID=f"<{n}@home.test>"))
    lines = received("--to", SUPPORT, *paths)
    assert [(line["file"], line["visible"]) for line in lines] == [(str(p), f"Mail {n}") for n, p in enumerate(paths)]


def test_the_same_file_again_answers_the_same(office: Office, letter: Path) -> None:
    assert received("--to", SUPPORT, letter) == received("--to", SUPPORT, letter)
    assert IncomingMail.objects.count() == 1


def test_to_a_token_it_is_an_answer(office: Office, letter: Path) -> None:
    talk, vera = office.talk()
    (line,) = received("--to", token(vera), "--from", V, letter)
    assert line["conversation"] == talk.ref
    assert said(talk) == ["My lamp."]


def test_what_is_held_is_told_and_shows_nothing(office: Office, tmp_path: Path) -> None:
    _talk, vera = office.talk()
    path = tmp_path / "stranger.eml"
    path.write_bytes(a_mail(sender="x.stranger@else.test", to=token(vera)))
    (line,) = received("--to", token(vera), path)
    assert (line["held"], line["entry"], line["visible"]) == (["new_sender"], None, "")


def test_no_address_of_ours_is_an_error_and_keeps_nothing(office: Office, letter: Path) -> None:
    (line,) = received("--to", "nobody@relay.test", letter)
    assert line["error"] == "no such address here"
    assert not IncomingMail.objects.exists()


def test_a_file_that_is_not_there_keeps_nobody_waiting(office: Office, letter: Path, tmp_path: Path) -> None:
    lines = received("--to", SUPPORT, tmp_path / "none.eml", letter)
    assert [line["error"] for line in lines] == ["FileNotFoundError", ""]


def test_it_needs_an_address_and_files(office: Office) -> None:
    with pytest.raises(CommandError):
        received("--to", SUPPORT)
    with pytest.raises(CommandError):
        received("letter.eml")
