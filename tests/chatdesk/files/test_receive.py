"""Taking a file in: examined, stored once, shown once, and nothing left behind by what fails."""

from __future__ import annotations

import hashlib
import io
import threading
from unittest.mock import patch

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection
from PIL import Image

from chatdesk.actions.entries import post_entry
from chatdesk.actions.files import receive, receiving
from chatdesk.models import Conversation, Entry, File, Kind, SiteSettings
from chatdesk.protocol import Code, Refused
from tests.chatdesk.files.conftest import Shelf, configure, part, send
from tests.chatdesk.files.samples import EXE, HTML, KINDS, PDF, SVG, bomb_png, picture
from tests.factories import Cast, make_conversation


def refusal(conversation: Conversation, content: bytes, name: str = "x.pdf", client_id: str = "one") -> Refused:
    with pytest.raises(Refused) as refused:
        send(conversation, content, name, client_id)
    return refused.value


def nothing_remains(shelf: Shelf) -> bool:
    return not shelf.files and not File.objects.exists() and not Entry.objects.exists()


def test_a_document_is_stored_as_it_came(chat: Conversation, shelf: Shelf) -> None:
    entry = send(chat, PDF, "../Offer 2026.PDF")
    assert (entry.seq, entry.kind, entry.body) == (1, Kind.FILE, "Offer 2026.PDF")
    file = File.objects.get()
    assert entry.file == file
    assert (file.state, file.name, file.media_type) == ("stored", "Offer 2026.PDF", "application/pdf")
    assert (file.size, file.sha256) == (len(PDF), hashlib.sha256(PDF).hexdigest())
    assert not file.is_image
    assert shelf.content() == [PDF]


def test_the_place_in_storage_tells_nothing(chat: Conversation, shelf: Shelf) -> None:
    send(chat, PDF, "secret-name.pdf")
    path = shelf.files[0].relative_to(shelf.root)
    assert str(path) == f"{File.objects.get().key[:2]}/{File.objects.get().key}"
    assert len(path.name) >= 32
    assert shelf.files[0].stat().st_mode & 0o777 == 0o600


def test_a_picture_is_stored_as_it_was_drawn(chat: Conversation, shelf: Shelf) -> None:
    sent = picture("jpeg") + HTML
    send(chat, sent, "face.png")
    file = File.objects.get()
    stored = shelf.content()[0]
    assert (file.name, file.media_type, file.width, file.height) == ("face.jpg", "image/jpeg", 8, 6)
    assert (file.size, file.sha256) == (len(stored), hashlib.sha256(stored).hexdigest())
    assert HTML not in stored
    assert Image.open(io.BytesIO(stored)).size == (8, 6)


@pytest.mark.parametrize("kind", ["txt", "docx", "xlsx", "pptx", "odt", "ods", "webp", "gif"])
def test_every_usual_kind_is_taken(chat: Conversation, shelf: Shelf, kind: str) -> None:
    assert send(chat, KINDS[kind], f"a.{kind}").body == f"a.{kind}"
    assert len(shelf.files) == 1


BAD = {
    "empty": (b"", "a.pdf", Code.FILE_EMPTY),
    "program behind a good name": (EXE, "photo.png", Code.FILE_TYPE),
    "page behind a good name": (HTML, "report.pdf", Code.FILE_TYPE),
    "svg": (SVG, "logo.svg", Code.FILE_TYPE),
    "svg behind a good name": (SVG, "logo.png", Code.FILE_TYPE),
    "picture bomb": (bomb_png(50_000, 50_000), "bomb.png", Code.FILE_UNREADABLE),
    "torn picture": (picture("jpeg", (64, 64))[:300], "a.jpg", Code.FILE_UNREADABLE),
    "not allowed": (KINDS["zip"], "a.zip", Code.FILE_TYPE),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_refused_leaves_nothing(chat: Conversation, shelf: Shelf, name: str) -> None:
    content, called, code = BAD[name]
    refused = refusal(chat, content, called)
    assert (refused.code, refused.retry) == (code, False)
    assert refused.detail
    assert nothing_remains(shelf)
    chat.refresh_from_db()
    assert chat.last_seq == 0


def test_the_admin_decides_which_kinds_are_taken(chat: Conversation, shelf: Shelf) -> None:
    configure(file_types=["zip", "png"])
    assert send(chat, KINDS["zip"], "a.zip").seq == 1
    assert "ZIP" in refusal(chat, PDF, client_id="two").detail


def test_the_admin_decides_how_large(chat: Conversation, shelf: Shelf) -> None:
    configure(file_limit_mb=1)
    full = PDF[:8] + b"%" * (1_000_000 - len(PDF)) + PDF[8:]
    assert len(full) == 1_000_000
    assert send(chat, full).seq == 1
    refused = refusal(chat, b"%" + full, client_id="two")
    assert refused.code is Code.FILE_TOO_LARGE
    assert "1 MB" in refused.detail
    assert File.objects.count() == len(shelf.files) == 1


def test_an_ended_conversation_takes_no_file(cast: Cast, shelf: Shelf) -> None:
    chat = make_conversation(cast.sales_button, cast.vera, closed=True)
    assert refusal(chat, PDF).code is Code.CLOSED
    assert nothing_remains(shelf)


def test_an_end_while_the_file_is_on_its_way_leaves_nothing(chat: Conversation, shelf: Shelf) -> None:
    Conversation.objects.filter(pk=chat.pk).update(closed_at=chat.created_at)  # `chat` itself was read before
    assert refusal(chat, PDF).code is Code.CLOSED
    assert nothing_remains(shelf)


def test_the_same_upload_again_is_the_same_entry(chat: Conversation, shelf: Shelf) -> None:
    first, second = send(chat), send(chat)
    assert (first.pk, first.seq) == (second.pk, second.seq)
    assert File.objects.count() == Entry.objects.count() == len(shelf.files) == 1


def test_the_same_upload_after_the_end_is_still_answered(chat: Conversation, shelf: Shelf) -> None:
    first = send(chat)
    Conversation.objects.filter(pk=chat.pk).update(closed_at=chat.created_at)
    chat.refresh_from_db()
    assert send(chat).pk == first.pk


def test_two_participants_may_use_the_same_client_id(cast: Cast, chat: Conversation, shelf: Shelf) -> None:
    mine = send(chat)
    theirs = receive(chat, part(chat, cast.alice), SimpleUploadedFile("a.pdf", PDF), "one")
    assert [mine.seq, theirs.seq] == [1, 2]


def test_a_client_id_of_a_message_is_not_taken_for_a_file(chat: Conversation, shelf: Shelf) -> None:
    post_entry(chat, part(chat), "Hello", "one")
    assert refusal(chat, PDF).code is Code.CONFLICT
    assert not shelf.files


@pytest.mark.parametrize("client_id", ["", "x" * 65, "a\0b", "a\nb", "\ud800"])
def test_client_ids_are_checked(chat: Conversation, shelf: Shelf, client_id: str) -> None:
    assert refusal(chat, PDF, client_id=client_id).code is Code.INVALID
    assert nothing_remains(shelf)


def test_a_twin_that_came_first_stays_alone(chat: Conversation, shelf: Shelf) -> None:
    with patch.object(receiving, "_sent_before", return_value=None):  # both looked before either had posted
        first, second = send(chat), send(chat)
    assert first.pk == second.pk
    assert File.objects.get() == first.file
    assert len(shelf.files) == 1


def test_a_storage_that_fails_leaves_nothing_and_asks_for_another_try(chat: Conversation, shelf: Shelf) -> None:
    with patch.object(default_storage, "save", side_effect=OSError(28, "No space left on device")):
        refused = refusal(chat, PDF)
    assert (refused.code, refused.retry) == (Code.BUSY, True)
    assert nothing_remains(shelf)
    assert send(chat).seq == 1


def test_an_entry_that_can_not_be_written_takes_its_bytes_along(chat: Conversation, shelf: Shelf) -> None:
    with patch.object(receiving, "post_entry", side_effect=DatabaseError("gone")), pytest.raises(DatabaseError):
        send(chat)
    assert nothing_remains(shelf)


def test_a_row_that_was_swept_meanwhile_becomes_no_entry(chat: Conversation, shelf: Shelf) -> None:
    def swept(*_: object) -> None:
        File.objects.all().delete()

    with patch.object(receiving, "keep_bytes", side_effect=swept), pytest.raises((Refused, DatabaseError)):
        send(chat)
    assert nothing_remains(shelf)


@pytest.mark.django_db(transaction=True)
def test_the_same_upload_five_times_at_once_is_one_entry(chat: Conversation, shelf: Shelf) -> None:
    SiteSettings.load()
    seqs: list[int] = []

    def upload() -> None:
        try:
            seqs.append(send(chat).seq)
        finally:
            connection.close()

    threads = [threading.Thread(target=upload) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert seqs == [1] * 5
    assert Entry.objects.count() == File.objects.count() == len(shelf.files) == 1


@pytest.mark.django_db(transaction=True)
def test_the_row_is_there_before_the_bytes(chat: Conversation, shelf: Shelf) -> None:
    seen: list[str] = []

    def look() -> None:
        seen.extend(File.objects.values_list("state", flat=True))
        connection.close()

    def save(name: str, _content: object) -> str:
        other = threading.Thread(target=look)
        other.start()
        other.join(10)
        return name

    with patch.object(default_storage, "save", side_effect=save):
        send(chat)
    assert seen == ["receiving"]


def test_ten_files_at_once_then_a_pause(chat: Conversation, shelf: Shelf) -> None:
    for n in range(10):
        send(chat, client_id=f"c{n}")
    refused = refusal(chat, PDF, client_id="c10")
    assert (refused.code, refused.retry) == (Code.RATE, True)
    assert send(chat, client_id="c0").seq == 1  # what is stored already is still answered


def test_attempts_that_are_refused_count_too(chat: Conversation, shelf: Shelf) -> None:
    codes = [refusal(chat, HTML, client_id=f"c{n}").code for n in range(11)]
    assert codes == [Code.FILE_TYPE] * 10 + [Code.RATE]


def test_a_visitor_has_a_day_s_measure_and_an_operator_has_not(
    cast: Cast, chat: Conversation, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chatdesk.actions.files.pace.VISITOR_FILES_A_DAY", 2)
    send(chat, client_id="c1")
    send(chat, client_id="c2")
    assert refusal(chat, PDF, client_id="c3").code is Code.RATE
    assert receive(chat, part(chat, cast.alice), SimpleUploadedFile("a.pdf", PDF), "a1").seq == 3
