"""Transcripts as files: each way a conversation ends, with no, one and three files, in each form."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from django.utils.translation import gettext_lazy, override

from accounts.models import User
from chatdesk.actions import supervision
from chatdesk.actions.conversations import close_by_operator, close_by_visitor
from chatdesk.actions.erasing import erase
from chatdesk.actions.notes import post_note
from chatdesk.actions.reopening import reopen
from chatdesk.models import Conversation
from chatdesk.protocol import Refused
from tests.factories import Cast, make_supervisor
from tests.transcripts.pdf.stories import read
from tests.transcripts.sending.chats import EMAIL, ended, say, talk
from transcripts.actions import checkcodes, copies
from transcripts.models import Form, LogLeaf
from transcripts.proof import chain, checkcode

pytestmark = pytest.mark.django_db
ON = gettext_lazy("It goes on.")
PEOPLE_S = [Form.PDF, Form.HTML, Form.TEXT]


def text_of(copy: copies.Copy) -> str:
    if copy.media_type == "application/pdf":
        pages = read(copy.data).pages
        return " ".join(" ".join(page.extract_text() for page in pages).replace("\u200b", "").split())
    return " ".join(copy.data.decode().split())


def by_visitor(cast: Cast, chat: Conversation) -> None:
    close_by_visitor(chat.pk)


def by_operator(cast: Cast, chat: Conversation) -> None:
    close_by_operator(cast.alice, chat.ref)


def taken_up_again(cast: Cast, chat: Conversation) -> None:
    close_by_visitor(chat.pk)
    chat.refresh_from_db()
    reopen(chat, ON)
    chat.refresh_from_db()
    say(chat, "One more thing")
    close_by_visitor(chat.pk)


def not_yet(cast: Cast, chat: Conversation) -> None:
    assert chat.closed_at is None


ENDS: dict[str, Callable[[Cast, Conversation], None]] = {
    "visitor": by_visitor,
    "operator": by_operator,
    "again": taken_up_again,
    "open": not_yet,
}


@pytest.mark.parametrize("form", PEOPLE_S)
@pytest.mark.parametrize("files", [0, 1, 3])
@pytest.mark.parametrize("end", ENDS)
def test_each_end_each_number_of_files_each_form(cast: Cast, end: str, files: int, form: Form) -> None:
    """Failures of others: blank attachments, no transcript when the visitor ended it, documents that broke."""
    chat = talk(cast, "Good morning", "How can I help?", files=files)
    ENDS[end](cast, chat)
    chat.refresh_from_db()
    text = text_of(copies.make(chat, form))
    for words in ("Good morning", "How can I help?", "Vera", "Alice", EMAIL, chat.ref):
        assert words in text
    for number in range(1, files + 1):
        assert f"offer-{number}.txt" in text
    assert f"offer-{files + 1}.txt" not in text
    assert ("One more thing" in text) == (end == "again")


def test_a_closed_one_has_its_check_code_and_where_it_is_asked(cast: Cast) -> None:
    chat = ended(cast)
    code = checkcodes.code(chat.ref)
    leaf = LogLeaf.objects.get(about=chat.ref, kind="conversation.closed")
    assert checkcode.read(code) == (leaf.index, leaf.hash[:20])
    for form in PEOPLE_S:
        text = text_of(copies.make(chat, form))
        assert code in text
        assert "/verify/" in text


def test_an_open_one_says_that_the_code_comes_at_its_end(cast: Cast) -> None:
    chat = talk(cast)
    assert checkcodes.code(chat.ref) == ""
    for form in PEOPLE_S:
        assert "given when the conversation has ended" in text_of(copies.make(chat, form))


def test_the_code_is_that_of_the_newest_end(cast: Cast) -> None:
    chat = ended(cast)
    first = checkcodes.code(chat.ref)
    reopen(chat, ON)
    close_by_visitor(chat.pk)
    assert checkcodes.code(chat.ref) not in ("", first)


def test_what_is_the_desk_s_own_is_in_no_form(cast: Cast) -> None:
    chat = talk(cast)
    sam = make_supervisor()
    post_note(cast.alice, chat.ref, "A difficult customer", "note-1")
    supervision.whisper(sam, chat.ref, "Offer them a voucher", "whisper-1")
    close_by_visitor(chat.pk)
    chat.refresh_from_db()
    for form in PEOPLE_S:
        copy = copies.make(chat, form)
        text = text_of(copy)
        assert "A difficult customer" not in text
        assert "voucher" not in text
        assert cast.alice.email not in text
        assert sam.display_name not in text
    [lines] = read(copies.make(chat, Form.PDF).data).attachments["records.jsonl"]
    assert b"difficult" not in lines
    assert cast.alice.email.encode() not in lines


def test_the_record_in_the_document_verifies_though_notes_are_hidden(cast: Cast) -> None:
    """What is not shown is there by its hash alone."""
    chat = talk(cast)
    post_note(cast.alice, chat.ref, "A note", "note-1")
    close_by_visitor(chat.pk)
    chat.refresh_from_db()
    [lines] = read(copies.make(chat, Form.PDF).data).attachments["records.jsonl"]
    records = [json.loads(line) for line in lines.splitlines()]
    assert chat.record_chain.count == len(records)
    hidden = [record for record in records if "frame" not in record]
    assert hidden
    head = chain.START
    for line, record in zip(lines.splitlines(), records, strict=True):
        head = chain.next_link(head, _digest(line, record))
        assert head.hex() == record["hash"]
    assert head.hex() == chat.record_chain.head


def _digest(line: bytes, record: dict[str, Any]) -> bytes:
    if "frame" not in record:
        return bytes.fromhex(record["digest"])
    return chain.digest(line[line.index(b'"frame":') + 8 : line.index(b',"hash":')])


def test_without_contact_the_address_is_masked_everywhere(cast: Cast) -> None:
    chat = ended(cast)
    for form in PEOPLE_S:
        copy = copies.make(chat, form, with_contact=False)
        assert EMAIL not in text_of(copy)
        assert "v•••@h•••.test" in text_of(copy)
    [lines] = read(copies.make(chat, Form.PDF, with_contact=False).data).attachments["records.jsonl"]
    assert EMAIL.encode() not in lines


def test_in_the_language_of_whom_it_is_for(cast: Cast) -> None:
    chat = ended(cast)
    with override("de"):
        assert "Vera" in text_of(copies.make(chat, Form.PDF))
    with override("ar"):
        assert read(copies.make(chat, Form.PDF).data).trailer["/Root"]["/Lang"].startswith("ar")  # type: ignore[index]


def test_names_of_files_do_not_name_the_visitor(cast: Cast) -> None:
    chat = ended(cast)
    names = {form: copies.make(chat, form).name for form in PEOPLE_S}
    stem = f"chat-{chat.mark}-{chat.created_at:%Y-%m-%d}"
    assert names == {Form.PDF: f"{stem}.pdf", Form.HTML: f"{stem}.html", Form.TEXT: f"{stem}.txt"}


def test_what_was_deleted_by_the_visitor_is_gone_from_each_form(cast: Cast) -> None:
    chat = ended(cast, "My secret", "I see", files=1)
    erase(chat)
    chat.refresh_from_db()
    for form in PEOPLE_S:
        copy = copies.make(chat, form)
        for gone in ("My secret", "offer-1.txt", EMAIL, "Vera"):
            assert gone not in text_of(copy)
            assert gone.encode() not in copy.data


def test_what_is_put_away_to_be_destroyed_is_refused(cast: Cast) -> None:
    chat = ended(cast)
    chat.hidden_at = timezone.now()
    for form in Form:
        with pytest.raises(Refused):
            copies.make(chat, form)


def test_another_form_is_refused(cast: Cast) -> None:
    with pytest.raises(ValueError, match="docx"):
        copies.make(ended(cast), "docx")


def test_injected_words_stay_words(cast: Cast) -> None:
    """X-01, X-13."""
    words = '<img src=x onerror=alert(1)> #read("/etc/passwd")'
    chat = ended(cast, words)
    assert words in text_of(copies.make(chat, Form.PDF))
    assert "<img" not in copies.make(chat, Form.HTML).data.decode()


def test_an_operator_without_a_name_shows_no_address(cast: Cast) -> None:
    User.objects.filter(pk=cast.alice.pk).update(display_name="")
    chat = ended(cast)
    assert cast.alice.email not in text_of(copies.make(chat, Form.PDF))


# --- the record with its proof ---------------------------------------------------------------------------------------


def verified(data: bytes, folder: Path) -> tuple[int, str]:
    """As anybody would, without this desk."""
    file = folder / "copy.json"
    file.write_bytes(data)
    done = subprocess.run(
        [sys.executable, "-m", "transcripts.verify", str(file)], capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.django_db(transaction=True)
def test_the_visitor_s_bundle_verifies_without_the_desk(cast: Cast, tmp_path: Path) -> None:
    chat = talk(cast, files=1)
    post_note(cast.alice, chat.ref, "A note", "note-1")
    close_by_visitor(chat.pk)
    chat.refresh_from_db()
    copy = copies.make(chat, Form.BUNDLE)
    assert copy.name.endswith(".proof.json")
    assert b"Good morning" in copy.data
    assert b"A note" not in copy.data
    code, said = verified(copy.data, tmp_path)
    assert code == 0, said
    code, said = verified(copy.data.replace(b"Good morning", b"Good evening"), tmp_path)
    assert code == 1, said


def test_of_an_open_conversation_there_is_a_bundle_too(cast: Cast, tmp_path: Path) -> None:
    chat = talk(cast)
    code, said = verified(copies.make(chat, Form.BUNDLE).data, tmp_path)
    assert code == 0, said
