"""The two doors to send through: whose token, whose cookie, whose session, and what the form may bring."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from chatdesk.models import Conversation, Entry, File
from chatdesk.permissions import VISITOR_COOKIE
from tests.accounts.people import signed_in
from tests.chatdesk.files.conftest import Shelf, configure
from tests.chatdesk.files.samples import HTML, PDF
from tests.factories import Cast, Guest, make_admin, make_conversation, make_supervisor

HOST = "http://testserver"


def form(content: bytes = PDF, name: str = "a.pdf", client_id: str = "one") -> dict[str, Any]:
    return {"file": SimpleUploadedFile(name, content), "client_id": client_id}


def by_token(guest: Guest, url: str = "/chat/sales/files/", data: Any = None, **headers: str) -> HttpResponse:
    bearer = {"Authorization": f"Bearer {guest.token}", **headers}
    return Client(enforce_csrf_checks=True).post(url, data or form(), headers=bearer)  # type: ignore[return-value]


def by_cookie(guest: Guest, **headers: str) -> HttpResponse:
    browser = Client(enforce_csrf_checks=True)
    browser.cookies[VISITOR_COOKIE] = guest.token
    return browser.post("/chat/sales/files/", form(), headers=headers)  # type: ignore[return-value]


def at_desk(user: User, ref: str) -> HttpResponse:
    return signed_in(user).post(f"/desk/conversations/{ref}/files/", form())  # type: ignore[return-value]


def refused(answer: HttpResponse, status: int, code: str) -> bool:
    told = answer.json()  # type: ignore[attr-defined]
    assert not File.objects.exists()
    assert not Entry.objects.exists()
    assert answer.headers["Cache-Control"] == "private, no-store"
    return (answer.status_code, told["code"]) == (status, code) and bool(told["detail"])


# --- the visitor's ---


def test_a_visitor_sends_a_file_by_token(cast: Cast, chat: Conversation, shelf: Shelf) -> None:
    answer = by_token(cast.vera)
    assert (answer.status_code, answer.json()) == (201, {"seq": 1})  # type: ignore[attr-defined]
    assert Entry.objects.get().participant == chat.participants.get(user=None)
    assert by_token(cast.vera).json() == {"seq": 1}  # type: ignore[attr-defined]
    assert len(shelf.files) == 1


def test_the_default_button_has_the_short_address(cast: Cast, shelf: Shelf) -> None:
    make_conversation(cast.default_button, cast.vera, group=cast.sales)
    assert by_token(cast.vera, "/chat/files/").status_code == 201
    assert by_token(cast.vera, "/chat/default/files/", form(client_id="two")).status_code == 201


def test_the_newest_conversation_of_the_button_gets_it(cast: Cast, shelf: Shelf) -> None:
    make_conversation(cast.sales_button, cast.vera, closed=True)
    newest = make_conversation(cast.sales_button, cast.vera)
    make_conversation(cast.support_button, cast.vera)
    assert by_token(cast.vera).status_code == 201
    assert Entry.objects.get().conversation == newest


def test_a_token_of_nobody_sends_nothing(cast: Cast, chat: Conversation, shelf: Shelf) -> None:
    for token in ("", "0", "null", "[]", cast.vera.token[:-1], cast.vera.token + "x", "x" * 10_000):
        assert refused(by_token(Guest(cast.vera.visitor, token)), 401, "auth.required")
    nobody = Client().post("/chat/sales/files/", form())
    assert refused(nobody, 401, "auth.required")  # type: ignore[arg-type]


def test_walt_sends_nothing_into_vera_s_conversation(cast: Cast, chat: Conversation, shelf: Shelf) -> None:
    assert refused(by_token(cast.walt), 404, "conversation.unknown")
    assert refused(by_token(cast.vera, "/chat/support/files/"), 404, "conversation.unknown")
    assert refused(by_token(cast.vera, "/chat/nowhere/files/"), 404, "conversation.unknown")


def test_a_cookie_counts_from_the_desk_s_own_page_alone(cast: Cast, chat: Conversation, shelf: Shelf) -> None:
    strange = (
        "https://evil.example",
        "null",
        "http://testserver.evil.example",
        "https://testserver",
        "http://testserver:99",
    )
    for origin in strange:
        assert refused(by_cookie(cast.vera, Origin=origin), 403, "auth.denied")
        assert refused(by_cookie(cast.vera, Referer=f"{origin}/chat/"), 403, "auth.denied")
    assert refused(by_cookie(cast.vera), 403, "auth.denied")
    assert refused(by_cookie(cast.vera, Origin="https://evil.example", Referer=f"{HOST}/"), 403, "auth.denied")
    assert by_cookie(cast.vera, Origin=HOST).status_code == 201
    assert by_cookie(cast.vera, Referer=f"{HOST}/chat/sales/").status_code == 201


@pytest.mark.parametrize(
    "origin", ["http://[", "http://[::1", "http://]testserver", "//[x", "http://testserver\u2100x"]
)
def test_what_is_no_address_is_no_page_of_ours(cast: Cast, chat: Conversation, origin: str) -> None:
    for header in ("Origin", "Referer"):
        assert refused(by_cookie(cast.vera, **{header: origin}), 403, "auth.denied")


def test_a_wrong_token_is_not_mended_by_a_cookie(cast: Cast, chat: Conversation, shelf: Shelf) -> None:
    assert refused(by_cookie(cast.vera, Origin="https://evil.example", Authorization="Bearer x"), 401, "auth.required")


# --- the desk's ---


def test_the_operator_sends_a_file(cast: Cast, chat: Conversation, shelf: Shelf) -> None:
    answer = at_desk(cast.alice, chat.ref)
    assert (answer.status_code, answer.json()) == (201, {"seq": 1})  # type: ignore[attr-defined]
    assert Entry.objects.get().participant == chat.participants.get(user=cast.alice)


def test_who_may_answer_everywhere_may_send_everywhere_and_who_may_only_look_may_not(
    chat: Conversation, shelf: Shelf
) -> None:
    assert refused(at_desk(make_supervisor(), chat.ref), 403, "auth.denied")
    assert at_desk(make_admin(), chat.ref).status_code == 201


def test_other_operators_find_nothing_or_may_only_read(cast: Cast, chat: Conversation, shelf: Shelf) -> None:
    elsewhere = make_conversation(cast.sales_button, cast.walt)
    assert refused(at_desk(cast.bob, chat.ref), 404, "conversation.unknown")
    assert refused(at_desk(cast.bob, "no-such-thing"), 404, "conversation.unknown")
    assert refused(at_desk(cast.alice, elsewhere.ref), 403, "auth.denied")


def test_outsiders_and_people_signed_out_are_told_so(cast: Cast, chat: Conversation, shelf: Shelf) -> None:
    assert refused(at_desk(cast.charlie, chat.ref), 401, "auth.required")
    nobody = Client().post(f"/desk/conversations/{chat.ref}/files/", form())
    assert refused(nobody, 401, "auth.required")  # type: ignore[arg-type]
    User.objects.filter(pk=cast.alice.pk).update(is_active=False)
    assert refused(at_desk(cast.alice, chat.ref), 401, "auth.required")


def test_the_desk_s_door_wants_django_s_token_in_the_header(cast: Cast, chat: Conversation, shelf: Shelf) -> None:
    browser = signed_in(cast.alice, checks=True)
    url = f"/desk/conversations/{chat.ref}/files/"
    assert browser.post(url, form()).status_code == 403
    assert not File.objects.exists()
    browser.get("/desk/")
    token = browser.cookies["csrf"].value
    assert browser.post(url, form(), headers={"X-CSRFToken": token}).status_code == 201


# --- the form ---


def test_refusals_come_with_their_status(cast: Cast, chat: Conversation, shelf: Shelf) -> None:
    assert refused(by_token(cast.vera, data=form(b"")), 422, "file.empty")
    assert refused(by_token(cast.vera, data=form(HTML, "a.png")), 415, "file.type")
    assert refused(by_token(cast.vera, data=form(PDF[:-8])), 422, "file.unreadable")
    Conversation.objects.update(closed_at=chat.created_at)
    assert refused(by_token(cast.vera), 409, "conversation.closed")


def test_too_much_is_refused_while_it_streams(cast: Cast, chat: Conversation, shelf: Shelf) -> None:
    configure(file_limit_mb=1)
    assert refused(by_token(cast.vera, data=form(b"x" * 1_000_001)), 413, "file.too_large")
    browser = signed_in(cast.alice, checks=True)
    browser.get("/desk/")
    headers = {"X-CSRFToken": browser.cookies["csrf"].value}
    answer = browser.post(f"/desk/conversations/{chat.ref}/files/", form(b"x" * 1_000_001), headers=headers)
    assert refused(answer, 413, "file.too_large")  # type: ignore[arg-type]


def test_the_form_brings_one_file_and_a_client_id(cast: Cast, chat: Conversation, shelf: Shelf) -> None:
    two = [SimpleUploadedFile("a.pdf", PDF), SimpleUploadedFile("b.pdf", PDF)]
    other = {"document": SimpleUploadedFile("a.pdf", PDF), "client_id": "x"}
    strange = [{"file": two, "client_id": "x"}, {"client_id": "x"}, other, {"file": "text", "client_id": "x"}]
    for data in [*strange, form(client_id="")]:
        assert refused(by_token(cast.vera, data=data), 400, "frame.invalid")


def raw(guest: Guest, body: bytes, kind: str = "multipart/form-data; boundary=b") -> HttpResponse:
    headers = {"Authorization": f"Bearer {guest.token}"}
    return Client().post("/chat/sales/files/", body, content_type=kind, headers=headers)  # type: ignore[return-value]


def test_forms_that_can_not_be_read_are_refused(cast: Cast, chat: Conversation, shelf: Shelf) -> None:
    fields = b"".join(b'--b\r\nContent-Disposition: form-data; name="f%d"\r\n\r\n1\r\n' % n for n in range(10_000))
    head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n'
    for body, kind in [
        (b"", "multipart/form-data; boundary=b"),
        (b"{}", "application/json"),
        (PDF, "application/pdf"),
        (b"hello", "multipart/form-data"),
        (b"hello", "multipart/form-data; boundary=" + "x" * 300),
        (fields + b"--b--\r\n", "multipart/form-data; boundary=b"),
        (head * 200 + b"--b--\r\n", "multipart/form-data; boundary=b"),
        (head + b"Content-Transfer-Encoding: base64\r\n\r\n!!!\r\n--b--\r\n", "multipart/form-data; boundary=b"),
    ]:
        assert refused(raw(cast.vera, body, kind), 400, "frame.invalid"), (body[:40], kind)


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "..\\..\\x", "x" * 300 + ".pdf", "a%00.pdf", "\u202egpj.pdf", "CON"]
)
def test_names_arrive_harmless(cast: Cast, chat: Conversation, shelf: Shelf, name: str) -> None:
    assert by_token(cast.vera, data=form(name=name)).status_code == 201
    shown = File.objects.get().name
    assert shown.endswith(".pdf")
    assert len(shown) <= 100
    assert not set("/\\\u202e\0") & set(shown)
    assert [path.name for path in shelf.files] == [File.objects.get().key]


@pytest.mark.parametrize("method", ["get", "put", "delete", "patch"])
def test_other_methods_are_not_taken(cast: Cast, chat: Conversation, method: str) -> None:
    for url in ("/chat/files/", "/chat/sales/files/", f"/desk/conversations/{chat.ref}/files/"):
        assert getattr(signed_in(cast.alice), method)(url).status_code == 405
