"""Alive, ready and the metrics: what each says when all is well, when a part is down, and to strangers."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest
from django.core.files.storage import FileSystemStorage
from django.db import DatabaseError
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families
from pytest_django.fixtures import Settings

from chatdesk import metrics, readiness
from routing.models import Request
from tests.factories import make_button, make_conversation, make_group, make_operator

TOKEN = "a-long-token-for-scraping"


def samples(text: str) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    families = text_string_to_metric_families(text)
    return {(s.name, tuple(sorted(s.labels.items()))): s.value for family in families for s in family.samples}


def broken() -> None:
    raise DatabaseError("password=secret host=db.internal")


# --- alive -----------------------------------------------------------------------------------------------------------


def test_alive_asks_nobody_else(client: Client) -> None:
    answer = client.get("/healthz")  # no database mark: a query would raise
    assert (answer.status_code, answer.content) == (200, b"alive\n")


def test_alive_is_only_for_reading(client: Client) -> None:
    assert client.post("/healthz").status_code == 405


# --- ready -----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_ready_names_each_part(client: Client, settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path / "files")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"database": "ok", "bus": "ok", "storage": "ok"})
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("part", ["database", "bus", "storage"])
def test_not_ready_when_a_part_is_down_and_says_which(
    part: str, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(readiness.CHECKS, part, broken)
    answer = client.get("/readyz")
    words = answer.json()
    assert answer.status_code == 503
    assert words.pop(part) == "down"
    assert set(words.values()) == {"ok"}
    assert b"secret" not in answer.content


@pytest.mark.django_db(transaction=True)
def test_a_bus_that_nobody_listens_on_is_down(client: Client, settings: Settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert client.get("/readyz").json()["bus"] == "down"


@pytest.mark.django_db(transaction=True)
def test_a_folder_that_cannot_be_written_is_down(
    client: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setattr(readiness, "default_storage", FileSystemStorage(location=str(tmp_path / "file" / "below")))
    assert client.get("/readyz").json()["storage"] == "down"


def test_a_part_that_hangs_is_told_in_time() -> None:
    release = threading.Event()

    def hang() -> None:
        release.wait(10)

    began = time.monotonic()
    try:
        words = readiness.readiness({"slow": hang, "quick": lambda: None}, seconds=0.2)
    finally:
        release.set()
    assert words == {"slow": "slow", "quick": "ok"}
    assert time.monotonic() - began < 2


# --- metrics ---------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_metrics_count_what_waits_and_what_is_held(client: Client) -> None:
    sales = make_group("sales")
    button, alice = make_button("sales", sales), make_operator("alice", sales)
    make_conversation(button)
    make_conversation(button)
    make_conversation(button, operator=alice)
    make_conversation(button, closed=True)
    told = samples(client.get("/metrics").content.decode())
    assert told["chatdesk_conversations", (("group", "sales"), ("state", "waiting"))] == 2
    assert told["chatdesk_conversations", (("group", "sales"), ("state", "active"))] == 1
    assert not any(("state", "closed") in labels for _name, labels in told)


@pytest.mark.django_db
def test_metrics_tell_what_this_process_counted(client: Client) -> None:
    before = samples(client.get("/metrics").content.decode())
    metrics.COMMITTED.inc(3)
    metrics.BATCH.observe(3)
    after = samples(client.get("/metrics").content.decode())
    assert after["chatdesk_entries_committed_total", ()] - before["chatdesk_entries_committed_total", ()] == 3
    assert after["chatdesk_batch_entries_sum", ()] - before["chatdesk_batch_entries_sum", ()] == 3


@pytest.mark.django_db
def test_metrics_forget_a_group_where_nothing_is_open_any_more(client: Client) -> None:
    conversation = make_conversation(make_button("sales", make_group("sales")))
    assert "sales" in client.get("/metrics").content.decode()
    type(conversation.request).objects.update(state="closed")
    assert "sales" not in client.get("/metrics").content.decode()


def test_metrics_still_tell_the_rest_without_a_database(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    class NoTable:
        def filter(self, **_: object) -> NoTable:
            return self

        def order_by(self) -> NoTable:
            return self

        def values_list(self, *_: object) -> NoTable:
            return self

        def annotate(self, **_: object) -> list[object]:
            raise DatabaseError

    monkeypatch.setattr(Request, "objects", NoTable())
    answer = client.get("/metrics")
    assert answer.status_code == 200
    assert b"chatdesk_sockets_open" in answer.content


@pytest.mark.django_db
@pytest.mark.parametrize(
    "origin",
    [
        {"REMOTE_ADDR": "203.0.113.9"},
        {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "127.0.0.1"},
        {"REMOTE_ADDR": "127.0.0.1", "HTTP_FORWARDED": "for=127.0.0.1"},
        {"REMOTE_ADDR": ""},
    ],
)
def test_metrics_are_not_for_strangers(origin: dict[str, str], client: Client) -> None:
    answer = client.get("/metrics", **origin)  # type: ignore[arg-type]
    assert answer.status_code == 403
    assert b"chatdesk_" not in answer.content


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("header", "status"),
    [
        (f"Bearer {TOKEN}", 200),
        ("Bearer wrong", 403),
        (TOKEN, 403),
        (f"Basic {TOKEN}", 403),
        ("Bearer ä", 403),
        ("", 403),
    ],
)
def test_metrics_are_for_whoever_knows_the_token(header: str, status: int, client: Client, settings: Settings) -> None:
    settings.METRICS_TOKEN = TOKEN
    answer = client.get("/metrics", REMOTE_ADDR="203.0.113.9", HTTP_AUTHORIZATION=header)
    assert answer.status_code == status


@pytest.mark.django_db
def test_no_token_set_lets_no_empty_token_in(client: Client, settings: Settings) -> None:
    settings.METRICS_TOKEN = ""
    assert client.get("/metrics", REMOTE_ADDR="203.0.113.9", HTTP_AUTHORIZATION="Bearer ").status_code == 403
