"""Handing files out: to the conversation's own people, before and after its end, in headers that tame them."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError
from django.http import HttpResponse
from django.test import Client

from accounts.models import AuditEntry, Scope, User, UserType
from chatdesk.models import Conversation, Entry, File
from chatdesk.permissions import VISITOR_COOKIE
from tests.chatdesk.files.asgi import ask, pages
from tests.chatdesk.files.conftest import Shelf, send
from tests.chatdesk.files.samples import KINDS, PDF, picture
from tests.factories import Cast, Guest, make_admin, make_compliance, make_operator, make_supervisor

NOBODY = Client()


def url_of(entry: Entry) -> str:
    assert entry.file is not None
    return f"/files/{entry.file.key}/"


class Reader(Client):
    """A browser that reads every answer to its end, as real ones do."""

    def request(self, **asked: Any) -> Any:
        answer: Any = super().request(**asked)
        if answer.streaming:
            answer.read = b"".join(answer)
        return answer


def as_user(user: User) -> Client:
    browser = Reader()
    browser.force_login(user, backend="accounts.backends.UserTypeBackend")
    return browser


def as_guest(guest: Guest) -> Client:
    return Reader(headers={"Authorization": f"Bearer {guest.token}"})


def by_cookie(guest: Guest) -> Client:
    browser = Reader()
    browser.cookies[VISITOR_COOKIE] = guest.token
    return browser


def content_of(browser: Client, url: str) -> Any:
    answer: Any = browser.get(url)
    assert answer.status_code == 200, answer.content
    return answer.read


def test_the_visitor_and_the_operator_fetch_it(cast: Cast, chat: Conversation, shelf: Shelf) -> None:
    url = url_of(send(chat))
    for browser in (as_guest(cast.vera), by_cookie(cast.vera), as_user(cast.alice), as_user(make_supervisor())):
        assert content_of(browser, url) == PDF


def test_it_stays_so_after_the_end(cast: Cast, chat: Conversation, shelf: Shelf) -> None:
    url = url_of(send(chat))
    Conversation.objects.update(closed_at=chat.created_at)
    for browser in (as_guest(cast.vera), as_user(cast.alice)):
        assert content_of(browser, url) == PDF
    for browser in (as_guest(cast.walt), as_user(cast.bob), NOBODY):
        assert browser.get(url).status_code == 404


def test_nobody_else_learns_that_it_exists(cast: Cast, chat: Conversation, shelf: Shelf) -> None:
    url = url_of(send(chat))
    never = NOBODY.get("/files/never-was/")
    strangers = [NOBODY, as_guest(cast.walt), by_cookie(cast.walt), as_user(cast.bob), as_user(cast.charlie)]
    strangers += [as_guest(Guest(cast.vera.visitor, cast.vera.token[:-1])), as_guest(Guest(cast.vera.visitor, ""))]
    for stranger in strangers:
        for answer in (stranger.get(url), stranger.head(url), stranger.get(url, headers={"Range": "bytes=0-3"})):
            assert answer.status_code == 404
            assert answer.content in (never.content, b"")
            assert dict(answer.headers) == dict(never.headers)
        assert stranger.get(url).content == never.content


def test_who_may_not_see_chats_sees_no_file(chat: Conversation, shelf: Shelf) -> None:
    url = url_of(send(chat))
    User.objects.update(user_type=None)
    assert as_user(make_admin()).get(url).status_code == as_user(make_compliance()).get(url).status_code
    for user in User.objects.filter(user_type=None):
        assert as_user(user).get(url).status_code == 404


def test_a_person_switched_off_fetches_nothing(cast: Cast, chat: Conversation, shelf: Shelf) -> None:
    url, alice = url_of(send(chat)), as_user(cast.alice)
    assert alice.get(url).status_code == 200
    User.objects.filter(pk=cast.alice.pk).update(is_active=False)
    assert alice.get(url).status_code == 404


def test_a_document_is_only_ever_saved(cast: Cast, chat: Conversation, shelf: Shelf) -> None:
    answer = as_guest(cast.vera).get(url_of(send(chat, PDF, 'Grüße "x"; a=b.pdf')))
    assert answer["Content-Disposition"] == "attachment; filename*=utf-8''Gr%C3%BC%C3%9Fe%20_x_%3B%20a%3Db.pdf"
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Length"] == str(len(PDF))
    assert_harmless(answer)  # type: ignore[arg-type]


def test_a_picture_may_be_shown(cast: Cast, chat: Conversation, shelf: Shelf) -> None:
    answer = as_guest(cast.vera).get(url_of(send(chat, picture("webp"), "face.webp")))
    assert answer["Content-Disposition"] == 'inline; filename="face.webp"'
    assert answer["Content-Type"] == "image/webp"
    assert_harmless(answer)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ["pdf", "txt", "docx", "odt"])
def test_no_document_is_ever_shown(cast: Cast, chat: Conversation, shelf: Shelf, kind: str) -> None:
    answer = as_guest(cast.vera).get(url_of(send(chat, KINDS[kind], f"a.{kind}")))
    assert answer["Content-Disposition"].startswith("attachment")


def assert_harmless(answer: HttpResponse) -> None:
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'; sandbox"
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"


def test_head_says_the_same_without_the_bytes(cast: Cast, chat: Conversation, shelf: Shelf) -> None:
    url = url_of(send(chat))
    got, head = as_guest(cast.vera).get(url), as_guest(cast.vera).head(url)
    assert head.content == b""
    del got.headers["Vary"], head.headers["Vary"]  # packing is thought of for a body alone
    assert dict(head.headers) == dict(got.headers)


def test_a_range_is_answered_whole_and_nothing_is_packed(cast: Cast, chat: Conversation, shelf: Shelf) -> None:
    url = url_of(send(chat, b"words " * 5000, "a.txt"))
    answer = as_guest(cast.vera).get(url, headers={"Range": "bytes=0-3", "Accept-Encoding": "gzip"})
    assert (answer.status_code, answer["Content-Length"]) == (200, "30000")
    assert "Content-Encoding" not in answer
    assert answer["Accept-Ranges"] == "none"


def test_an_unfinished_file_is_not_there_yet(cast: Cast, chat: Conversation, shelf: Shelf) -> None:
    url = url_of(send(chat))
    File.objects.update(state=File.State.RECEIVING)
    assert as_guest(cast.vera).get(url).status_code == 404


def test_bytes_that_storage_lost_are_a_plain_404(
    cast: Cast, chat: Conversation, shelf: Shelf, caplog: pytest.LogCaptureFixture
) -> None:
    url = url_of(send(chat, name="private-name.pdf"))
    shelf.files[0].unlink()
    assert as_guest(cast.vera).get(url).status_code == 404
    assert "missing in storage" in caplog.text
    assert "private-name" not in caplog.text


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_files_are_only_read(cast: Cast, chat: Conversation, shelf: Shelf, method: str) -> None:
    assert getattr(as_guest(cast.vera), method)(url_of(send(chat))).status_code == 405


LETTER = b"a line of text\n" * 100_000


@pytest.fixture
def letter_url(transactional_db: None, chat: Conversation, shelf: Shelf) -> str:
    return url_of(send(chat, LETTER, "a.txt"))


async def test_the_server_sends_it_piece_by_piece(cast: Cast, letter_url: str) -> None:
    headers = {"authorization": f"Bearer {cast.vera.token}", "accept-encoding": "gzip"}
    answer = await ask(pages(), letter_url, headers=headers)
    assert answer.body == LETTER
    assert len(answer.pieces) > 10
    assert answer.headers["content-length"] == str(len(LETTER))


def downloads() -> list[tuple[int | None, str]]:
    rows = AuditEntry.objects.filter(action="file.download").order_by("pk")
    return [(row.actor_id, row.object_name) for row in rows]


def test_what_people_of_the_desk_save_is_recorded(cast: Cast, chat: Conversation, shelf: Shelf) -> None:
    url = url_of(send(chat, PDF, "my tax return.pdf"))
    content_of(as_guest(cast.vera), url)
    as_user(cast.alice).head(url)
    as_user(cast.bob).get(url)
    assert downloads() == []
    content_of(as_user(cast.alice), url)
    assert downloads() == [(cast.alice.pk, f"application/pdf · {chat.ref}")]


def test_a_picture_in_the_page_is_seen_not_saved(cast: Cast, chat: Conversation, shelf: Shelf) -> None:
    UserType.objects.update(store=Scope.NONE)
    content_of(as_user(cast.alice), url_of(send(chat, picture("webp"), "face.webp")))
    assert downloads() == []


def test_who_may_keep_nothing_saves_no_file(cast: Cast, chat: Conversation, shelf: Shelf) -> None:
    url = url_of(send(chat))
    ben = make_operator("ben", cast.sales)
    for browser in (as_user(ben), as_user(make_supervisor())):
        UserType.objects.filter(name="Supervisor").update(store=Scope.NONE)
        answer = browser.get(url)
        assert answer.status_code == 403
        assert PDF not in answer.content
        assert answer["Cache-Control"] == "private, no-store"
    assert downloads() == []
    assert content_of(as_guest(cast.vera), url) == PDF


def test_a_visitor_elsewhere_who_works_here_reads_as_a_colleague(cast: Cast, chat: Conversation, shelf: Shelf) -> None:
    browser = as_user(cast.alice)
    browser.cookies[VISITOR_COOKIE] = cast.walt.token
    assert content_of(browser, url_of(send(chat))) == PDF
    assert len(downloads()) == 1


def test_what_cannot_be_recorded_is_not_handed_out(
    cast: Cast, chat: Conversation, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, browser = url_of(send(chat)), as_user(cast.alice)
    browser.raise_request_exception = False

    def fail(**_facts: Any) -> None:
        raise DatabaseError("the log is full")

    monkeypatch.setattr(AuditEntry.objects, "create", fail)
    answer: Any = browser.get(url)
    assert answer.status_code == 500
    assert PDF not in answer.content
