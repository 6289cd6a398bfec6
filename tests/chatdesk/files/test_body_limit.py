"""No path takes a longer body than it has use for, whatever the client says of its length."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from itertools import repeat

import pytest
import pytest_asyncio
from django.conf import settings
from django.urls import reverse

from chatdesk.bodylimit import FORM_AROUND, MEGABYTE, PHOTO, READ_AWAY, BodyLimit, Message, Receive, Scope, Send
from chatdesk.dbthreads import close_connections
from tests.chatdesk.files.asgi import Answer, ask, pages
from tests.chatdesk.files.conftest import configure

DOORS = ["/chat/files/", "/chat/sales/files/", "/desk/conversations/AbC-1_x/files/"]
FORMS = ["/chat/", "/chat/sales/", "/return/conversations/AbC-1_x/"]  # of browsers without script: words and files
FILES = DOORS + FORMS
OTHERS = ["/accounts/login/", "/return/", "/admin/", "/files/x/", "/chat/a/b/files/", "/nowhere/chat/files/"]
PIECE = b"x" * 50_000


class Counting:
    """Reads its whole body, and says how long it was."""

    taken = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        more = True
        while more:
            message = await receive()
            self.taken += len(message.get("body", b""))
            more = message.get("more_body", False)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": str(self.taken).encode()})


def pieces(count: int) -> Iterator[bytes]:
    return repeat(PIECE, count)


async def post(path: str, size: int, declared: int | None = None) -> tuple[Answer, int]:
    """Post `size` bytes in pieces, with a Content-Length of `declared`, or none."""
    application = Counting()
    whole, rest = divmod(size, len(PIECE))
    body = [PIECE] * whole + [b"x" * rest] * bool(rest)
    headers = {} if declared is None else {"content-length": str(declared)}
    answer = await ask(
        BodyLimit(application), path, method="POST", headers=headers, body=[piece for piece in body if piece]
    )
    return answer, application.taken


def refused(answer: Answer) -> bool:
    told = json.loads(answer.body)
    assert told["detail"]
    assert answer.headers["connection"] == "close"
    return (answer.status, told["code"], told["retry"]) == (413, "file.too_large", False)


@pytest.fixture
def at_most_one_megabyte(transactional_db: None) -> None:
    configure(file_limit_mb=1)


@pytest_asyncio.fixture
async def one_megabyte(at_most_one_megabyte: None) -> AsyncIterator[int]:
    yield MEGABYTE + FORM_AROUND
    await close_connections()


@pytest.mark.parametrize("path", FILES)
async def test_the_limit_passes_and_one_byte_more_does_not(one_megabyte: int, path: str) -> None:
    for declared in (None, one_megabyte):
        answer, taken = await post(path, one_megabyte, declared)
        assert (answer.status, taken) == (200, one_megabyte)
    answer, taken = await post(path, one_megabyte + 1)
    assert refused(answer)
    assert taken < one_megabyte


async def test_a_declared_length_is_refused_before_a_byte_is_read(one_megabyte: int) -> None:
    answer, taken = await post(FILES[0], 100, READ_AWAY + 1)
    assert refused(answer)
    assert (answer.asked, taken) == (0, 0)


async def test_a_little_too_much_is_read_to_its_end_so_that_the_reason_arrives(one_megabyte: int) -> None:
    for declared in (None, 10_000_000):
        answer, taken = await post(FILES[0], 10_000_000, declared)
        assert refused(answer)
        assert taken <= one_megabyte
        assert answer.asked > 10_000_000 // len(PIECE)


async def test_a_client_that_stops_sending_is_not_waited_for(
    one_megabyte: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chatdesk.bodylimit.READ_AWAY_SECONDS", 0.1)

    async def silent() -> Message:
        await asyncio.Event().wait()
        return {}

    answers: list[Message] = []

    async def send(message: Message) -> None:
        answers.append(message)

    headers = [(b"content-length", b"10000000")]
    await BodyLimit(Counting())({"type": "http", "path": FILES[0], "headers": headers}, silent, send)
    assert answers[0]["status"] == 413


async def test_a_length_that_lies_is_found_out(one_megabyte: int) -> None:
    for declared in (0, 10, one_megabyte):
        answer, _taken = await post(FILES[0], one_megabyte + 1, declared)
        assert refused(answer)


async def test_a_body_without_end_is_cut(one_megabyte: int) -> None:
    application = Counting()
    answer = await ask(BodyLimit(application), FILES[0], method="POST", body=pieces(10**9))
    assert refused(answer)
    assert application.taken <= one_megabyte


@pytest.mark.parametrize("path", OTHERS)
async def test_other_paths_take_a_form_and_no_more(path: str) -> None:
    small = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    assert (await post(path, small))[0].status == 200
    assert refused((await post(path, small + 1))[0])


async def test_a_photo_is_a_little_larger() -> None:
    assert reverse("accounts:photo_upload") == PHOTO
    assert (await post(PHOTO, 5_000_000))[0].status == 200
    assert refused((await post(PHOTO, 5_000_000 + FORM_AROUND + 1))[0])


async def test_sockets_pass_untouched() -> None:
    seen: list[str] = []

    async def application(scope: Scope, _receive: Receive, _send: Send) -> None:
        seen.append(scope["type"])

    async def nothing(*_: object) -> Message:
        return {}

    await BodyLimit(application)({"type": "websocket", "path": "/"}, nothing, nothing)  # type: ignore[arg-type]
    assert seen == ["websocket"]


async def test_the_product_itself_is_behind_it(one_megabyte: int) -> None:
    answer = await ask(BodyLimit(pages()), FILES[0], method="POST", body=pieces(10**9))
    assert refused(answer)
