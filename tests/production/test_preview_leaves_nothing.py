"""What a visitor types and never sends is seen by the operator, and is found nowhere afterwards."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
import redis

from tests.production.line import Line, operator_line, sign_in, visitor_line
from tests.services.product import Product
from tests.services.production import Production

pytestmark = [pytest.mark.once, pytest.mark.timeout(240)]

MARKER = "quince-and-quartz-7461"
PREVIEW_ON = "from chatdesk.models import Button; Button.objects.update(typing_preview='preview')"


def typed_and_taken_back(visitor: Line, operator: Line) -> None:
    """A preview crosses over, is edited, and goes; then the conversation ends."""
    started = visitor.command("conversation.start", client_id="start-of-preview", body="Good morning")
    assert started["type"] == "ok", started
    operator.event("conversation.assigned", conversation=started["conversation"])
    visitor.command("typing", text=f"my card is {MARKER}")
    operator.event("typing.preview", text=f"my card is {MARKER}")
    visitor.command("typing", text="")
    operator.event("typing.preview", text="")
    operator.command("conversation.close", conversation=started["conversation"])


def holding(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and MARKER.encode() in path.read_bytes()]


def test_embedded_nothing_in_any_file_or_line_of_output() -> None:
    with Product() as product:
        enable = [*product.process.command[:2], "shell", "-c", PREVIEW_ON]
        subprocess.run(enable, check=True, env=product.process.env, capture_output=True, timeout=60)
        alice = sign_in(product.url, "alice@desk.example", product.password)
        with operator_line(product.url, alice) as operator, visitor_line(product.url) as visitor:
            typed_and_taken_back(visitor, operator)
        assert holding(product.folder) == []
        assert product.stop() == 0
        assert holding(product.folder) == []
        assert MARKER not in product.output


def test_production_nothing_in_the_database_redis_or_a_log(layout: Production, alice: str) -> None:
    layout.manage("shell", "-c", PREVIEW_ON)
    with operator_line(layout.urls[1], alice) as operator, visitor_line(layout.urls[0]) as visitor:
        visitor.command("typing", text="")
        with redis.Redis.from_url(layout.redis.url()) as client:
            typed_and_taken_back(visitor, operator)
            client.save()
            kept = {key: client.dump(key) or b"" for key in client.keys("*")}
    assert [key for key, value in kept.items() if MARKER.encode() in key + value] == []
    dump = subprocess.run(
        [str(layout.postgres.binaries / "pg_dump"), layout.postgres.url()], check=True, capture_output=True, timeout=60
    ).stdout
    assert b"Good morning" in dump
    assert MARKER.encode() not in dump
    assert holding(layout.folder) == []
    assert holding(layout.redis.folder) == []
    assert holding(layout.postgres.folder) == []
