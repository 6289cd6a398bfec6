"""What makes a mail this mail: whatever servers do to it on the way, and nothing that its writer would call another."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.mail.letters import letter
from tests.mail.people import O
from tickets.reading.fingerprint import LONGEST_ID, fingerprint, head_of

pytestmark = pytest.mark.once

RAW = letter(text="Hello\nthere", message_id="<a@home.test>")
SAME = {
    "another server's line on top": b"Received: by mx.else.test\r\nX-Spam: no\r\n" + RAW,
    "line ends of Unix": RAW.replace(b"\r\n", b"\n"),
    "blank lines at its end": RAW + b"\r\n\r\n",
    "another recipient": RAW.replace(b"To: support@relay.test", b"To: other@relay.test"),
    "a subject that was folded": RAW.replace(b"Subject: A question", b"Subject: A\r\n question"),
    "names of fields in capitals": RAW.replace(b"Subject:", b"SUBJECT:").replace(b"From:", b"FROM:"),
    "a second From further down": RAW.replace(b"\r\n\r\n", b"\r\nFrom: x@else.test\r\n\r\n", 1),
}
OTHER = {
    "a word of the body": RAW.replace(b"there", b"here"),
    "a space before a word": RAW.replace(b"there", b" there"),
    "the subject": RAW.replace(b"A question", b"A query"),
    "the date": RAW.replace(b"16:30:00", b"16:30:01"),
    "the sender": RAW.replace(b"Vera", b"Wera"),
    "a body of nothing": head_of(RAW),
}


@pytest.mark.parametrize("change", SAME)
def test_a_copy_that_took_another_way_is_the_same(change: str) -> None:
    assert fingerprint(SAME[change]) == fingerprint(RAW)


@pytest.mark.parametrize("change", OTHER)
def test_another_mail_under_the_same_id_is_another(change: str) -> None:
    assert fingerprint(OTHER[change]).message_id == "<a@home.test>"
    assert fingerprint(OTHER[change]).digest != fingerprint(RAW).digest


@given(st.binary(max_size=400))
@example(b"")
@example(b"\n\n")
@example(b":")
@example(b"message-id: \xff\x00\n\n")
@example(b"Message-ID: " + b"x" * 2000)
def test_any_bytes_have_a_fingerprint(raw: bytes) -> None:
    made = fingerprint(raw)
    assert len(made.digest) == 64
    assert len(made.message_id) <= LONGEST_ID
    assert "\x00" not in made.message_id
    assert fingerprint(raw.replace(b"\r\n", b"\n")) == made


@given(st.binary(max_size=300))
def test_the_head_is_the_beginning_of_the_mail(raw: bytes) -> None:
    head = head_of(raw)
    assert raw.startswith(head)
    assert head_of(head) == head


def test_a_mail_that_is_one_endless_header_is_read_as_far_as_any() -> None:
    endless = b"X: " + b"a" * 1_000_000
    assert len(head_of(endless)) == 256 * 1024
    assert fingerprint(endless + b"b").digest != fingerprint(endless).digest


def test_the_sender_is_told_as_it_was_written() -> None:
    assert fingerprint(letter(O)).sender == O.mailbox
