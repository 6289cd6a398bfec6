"""What reaches the log's file names nobody, whatever an error quotes."""

from __future__ import annotations

import io
import logging
import time
from collections.abc import Iterator

import pytest

from chatdesk.quietlog import Formatter, quiet

pytestmark = pytest.mark.once
OTHERS = ("GET /desk/conversations/x1/ 200", "Connected to redis://:**@127.0.0.1:6379/0", "celery@web-1 ready",
          "    @shared_task", "order A @ 12", "Not Found: /return/here/", "Listening on 127.0.0.1:8000")  # fmt: skip


@pytest.fixture
def file() -> Iterator[io.StringIO]:
    """What the desk's own handler writes."""
    (handler,) = [each for each in logging.getLogger().handlers if isinstance(each.formatter, Formatter)]
    assert isinstance(handler, logging.StreamHandler)
    file = io.StringIO()
    before = handler.setStream(file)
    yield file
    if before is not None:
        handler.setStream(before)


def test_an_error_of_the_database_is_logged_without_what_it_quotes(file: io.StringIO) -> None:
    try:
        raise ValueError("Key (email)=(v.real@home.test) already exists.")
    except ValueError:
        logging.getLogger("chatdesk").exception("mail %s could not be kept", 7)
    written = file.getvalue()
    assert "mail 7 could not be kept" in written
    assert "Key (email)=([address]) already exists." in written
    assert "Traceback" in written
    assert "v.real" not in written


def test_arguments_of_a_message_are_looked_at_too(file: io.StringIO) -> None:
    logging.getLogger("chatdesk").warning("refused: %s", {"V.Real+desk@home.test": (550, b"<v.real@home.test> no")})
    assert "home.test" not in file.getvalue()


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("to <v.real@home.test>: no", "to <[address]>: no"),
        ("mailto:v.real%40home.test?x", "mailto:[address]?x"),
        ("Not Found: /return/abcdefghijklmnopqrstuvwx/", "Not Found: /return/[secret]/"),
        (
            "Not Found: /accounts/password/set/MQ/c1-abcdefghijklmnopqrst/",
            "Not Found: /accounts/password/set/MQ/[secret]/",
        ),
        ("größer@exämple.test", "[address]"),
    ],
)
def test_addresses_and_secrets_are_taken_out(said: str, written: str) -> None:
    assert quiet(said) == written


@pytest.mark.parametrize("said", OTHERS)
def test_everything_else_stays(said: str) -> None:
    assert quiet(said) == said


def test_a_long_line_costs_little() -> None:
    begun = time.monotonic()
    quiet("a" * 200_000 + "@" * 1000)
    assert time.monotonic() - begun < 2
