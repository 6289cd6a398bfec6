"""X-16 on the production layout: a card's number crosses from one process to another, and is found nowhere."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
import redis

from tests.production.line import operator_line, visitor_line
from tests.services.production import Production

pytestmark = [pytest.mark.once, pytest.mark.timeout(240)]

NUMBER, SPOKEN, SHOWN = "4012888888881881", "4012 8888 8888 1881", "4012 88•• •••• 1881"
PREVIEW_ON = "from chatdesk.models import Button; Button.objects.update(typing_preview='preview')"


def holding(folder: Path) -> list[Path]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return [path for path in found if any(each.encode() in path.read_bytes() for each in (NUMBER, SPOKEN))]


def test_nothing_in_the_database_redis_or_a_log(layout: Production, alice: str) -> None:
    layout.manage("shell", "-c", PREVIEW_ON)
    with operator_line(layout.urls[1], alice) as operator, visitor_line(layout.urls[0]) as visitor:
        started = visitor.command("conversation.start", client_id="start-of-cards", body=f"First {SPOKEN}")
        assert started["type"] == "ok", started
        ref = started["conversation"]
        operator.event("conversation.assigned", conversation=ref)
        visitor.command("typing", text=f"then {SPOKEN}")
        operator.event("typing.preview", text=f"then {SHOWN}")
        visitor.command("entry.post", client_id="cards-1", body=f"then {NUMBER}")
        operator.event("entry.posted", body="then 401288••••••1881")
        operator.command("note.post", conversation=ref, client_id="cards-2", body=f"noted {SPOKEN}")
        operator.command("entry.post", conversation=ref, client_id="cards-3", body=f"You wrote {SPOKEN}")
        visitor.event("entry.posted", body=f"You wrote {SHOWN}")
        with redis.Redis.from_url(layout.redis.url()) as client:
            client.save()
            kept = b"".join(key + (client.dump(key) or b"") for key in client.keys("*"))
        operator.command("conversation.close", conversation=ref)
    dump = subprocess.run(
        [str(layout.postgres.binaries / "pg_dump"), layout.postgres.url()], check=True, capture_output=True, timeout=60
    ).stdout
    assert SHOWN.encode() in dump
    for each in (NUMBER, SPOKEN):
        assert each.encode() not in kept
        assert each.encode() not in dump
    assert [holding(folder) for folder in (layout.folder, layout.redis.folder, layout.postgres.folder)] == [[], [], []]
