"""What the desk keeps things in fails: it says so, nothing half is left, and what can go on goes on."""

from __future__ import annotations

import json
import resource
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import psutil
import psycopg
import pytest

from tests.faults.desk import Desk
from tests.faults.talk import Talk, fresh, talking
from tests.services.process import wait_until

pytestmark = [pytest.mark.faults, pytest.mark.timeout(120)]

TERMINATE = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = 'chatdesk' AND pid <> pg_backend_pid() AND NOT pid = ANY(%s)
"""
KEPT = "SELECT count(*) AS n FROM chatdesk_file"
TEXT = b"A list of what was ordered.\n" * 40


def upload(talk: Talk) -> tuple[int, dict[str, Any]]:
    """(status, answer) of a small text file sent by the visitor."""
    edge = "edge-of-a-part"
    parts = [
        f'--{edge}\r\nContent-Disposition: form-data; name="client_id"\r\n\r\n{fresh()}\r\n'.encode(),
        f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="order.txt"\r\n'.encode(),
        b"Content-Type: text/plain\r\n\r\n" + TEXT + b"\r\n",
        f"--{edge}--\r\n".encode(),
    ]
    headers = {"Authorization": f"Bearer {talk.token}", "Content-Type": f"multipart/form-data; boundary={edge}"}
    request = urllib.request.Request(f"{talk.desk.url}/chat/support/files/", b"".join(parts), headers)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, json.load(refused)


@contextmanager
def no_place(desk: Desk) -> Iterator[None]:
    """The storage is gone, even for root: a link to nowhere stands where its folder was."""
    place = desk.layout.folder / "var" / "files"
    aside = place.with_name("files-aside")
    place.mkdir(parents=True, exist_ok=True)
    place.rename(aside)
    place.symlink_to("/nowhere/at/all")
    try:
        yield
    finally:
        place.unlink()
        aside.rename(place)


@contextmanager
def full_disk(desk: Desk) -> Iterator[None]:
    """Files can be made and not a byte be written into them, as on a disk without space."""
    webs = [psutil.Process(web.pid) for web in desk.layout.web]
    before = [web.rlimit(resource.RLIMIT_FSIZE) for web in webs]
    for web, (_soft, hard) in zip(webs, before, strict=True):
        web.rlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        for web, limits in zip(webs, before, strict=True):
            web.rlimit(resource.RLIMIT_FSIZE, limits)


@pytest.mark.parametrize("fault", [no_place, full_disk])
def test_storage_that_takes_nothing(desk: Desk, fault: Callable[[Desk], Any]) -> None:
    """The upload is refused with a code and can be tried again; texts go on; neither rows nor bytes are left over."""
    with talking(desk) as talk, desk.connect(autocommit=True) as database:
        assert upload(talk)[0] == 201
        kept, files = database.execute(KEPT).fetchone(), stored_files(desk)
        with fault(desk):
            status, answer = upload(talk)
            assert (status, answer["code"], answer["retry"]) == (503, "server.busy", True)
            assert talk.post("a text meanwhile")["type"] == "ok"
        assert database.execute(KEPT).fetchone() == kept
        assert stored_files(desk) == files
        assert upload(talk)[0] == 201
        talk.operator.event("entry.posted", body="a text meanwhile")


def stored_files(desk: Desk) -> list[str]:
    folder = desk.layout.folder / "var" / "files"
    return sorted(str(path) for path in folder.rglob("*") if path.is_file())


@contextmanager
def no_connection_left(desk: Desk) -> Iterator[None]:
    """Somebody else takes every place the database has; the desk's own connections are ended first."""
    with ExitStack() as held:
        mine = [held.enter_context(desk.connect(autocommit=True))]
        pids = [mine[0].info.backend_pid]
        mine[0].execute(TERMINATE, [pids])
        with pytest.raises(psycopg.OperationalError, match="too many clients"):
            take_every_place(desk, held)
        yield


def take_every_place(desk: Desk, held: ExitStack) -> None:
    """Connect until the database refuses: raises psycopg.OperationalError then."""
    for _ in range(400):
        held.enter_context(desk.connect(autocommit=True))


def test_no_database_connection_left(desk: Desk) -> None:
    """Refused as busy, to be tried again; the sockets stay; and all is well once there is room."""
    with talking(desk) as talk:
        client_id = fresh()
        with no_connection_left(desk):
            for answer in (talk.post("no room", client_id), talk.reply("none here either")):
                assert (answer["type"], answer["code"], answer["retry"]) == ("error", "server.busy", True)
        wait_until(lambda: talk.post("no room", client_id)["type"] == "ok", 10, "there is room again")
        talk.operator.event("entry.posted", body="no room")
        assert talk.bodies() == ["Good morning", "no room"]
