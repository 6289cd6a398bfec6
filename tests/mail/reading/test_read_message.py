"""Reading the parts and header fields of a mail."""

from __future__ import annotations

import pytest

from tickets.reading.message import read

pytestmark = pytest.mark.once


def test_a_plain_mail_is_read() -> None:
    message = read(b"From: Vera <v.real@home.test>\r\nSubject: Hello\r\n\r\nGood morning\r\n")
    assert [(each.name, each.address) for each in message.senders] == [("Vera", "v.real@home.test")]
    assert (message.subject, message.text, message.is_readable) == ("Hello", "Good morning", True)
