"""The listener as a process of its own, and beside the embedded server: as whoever starts it meets it."""

from __future__ import annotations

import re
import smtplib
import socket
import sys
from pathlib import Path

import pytest

from chatdesk.serving import companions
from chatdesk.serving.doors import announcement
from tests.services.process import Process, free_port
from tests.services.product import Product, clean_environment
from tickets.mailroom import open_beside

pytestmark = pytest.mark.once


def test_it_is_among_the_doors_of_the_embedded_desk_and_answers(live_product: Product) -> None:
    said = live_product.output_soon("Mail in")
    found = re.search(r"Mail in\s+smtp://127\.0\.0\.1:(\d+)", said)
    assert found
    with smtplib.SMTP("127.0.0.1", int(found[1]), timeout=10) as line:
        code, _words = line.ehlo()
        assert code == 250
        line.mail("v@home.test")
        assert line.rcpt("nobody@nowhere.test")[0] == 550


def test_alone_it_says_where_it_listens_and_stops_when_told(live_product: Product, tmp_path: Path) -> None:
    port = free_port()
    env = {**clean_environment(), "CHATDESK_VAR": str(live_product.folder / "var"), "MAIL_PORT": str(port)}
    process = Process("listener", [sys.executable, "manage.py", "listen_mail"], tmp_path / "log", env=env)
    process.start()
    try:
        process.wait_ready(lambda: f"smtp://127.0.0.1:{port}" in process.output)
        with smtplib.SMTP("127.0.0.1", port, timeout=10) as line:
            assert line.noop()[0] == 250
    finally:
        process.stop()
    assert "Traceback" not in process.output


@pytest.mark.parametrize(
    ("doors", "shown"),
    [([], False), ([("Mail in", "smtp://127.0.0.1:2525")], True)],
)
def test_a_door_that_is_no_page_stands_below_the_others(doors: list[tuple[str, str]], shown: bool) -> None:
    text = announcement("http://127.0.0.1:8000", [], None, doors)
    assert ("  Mail in    smtp://127.0.0.1:2525" in text) is shown
    assert "http://127.0.0.1:8000/desk/" in text


@pytest.mark.django_db(transaction=True)
async def test_one_that_can_not_start_leaves_the_desk_to_serve(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def good(host: str) -> tuple[str, str]:
        return "Good", host

    with socket.create_server(("127.0.0.1", 0)) as taken:
        monkeypatch.setattr("django.conf.settings.MAIL_PORT", taken.getsockname()[1])
        monkeypatch.setattr(companions, "_starts", [open_beside, good])
        assert await companions.start_all("127.0.0.1") == [("Good", "127.0.0.1")]
    assert "could not start" in caplog.text


def test_one_that_is_named_twice_starts_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(companions, "_starts", [])
    companions.accompany(open_beside)
    companions.accompany(open_beside)
    assert companions._starts == [open_beside]
