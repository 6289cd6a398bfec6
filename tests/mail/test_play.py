"""The sink plays the internet as the script says."""

from __future__ import annotations

import smtplib
import threading
from contextlib import suppress

import pytest

from tests.mail.letters import letter
from tests.mail.people import O, V
from tests.services.sink import STEPS, Sink, Step

pytestmark = pytest.mark.once
MAIL = letter(V, "Hello", to=O.address)


def send(sink: Sink, recipient: str = O.address, seconds: float = 5) -> None:
    with smtplib.SMTP("127.0.0.1", sink.port, timeout=seconds) as line:
        line.sendmail("b-1@relay.test", [recipient], MAIL)


def test_it_takes_a_mail_with_its_envelope(sink: Sink) -> None:
    send(sink)
    (taken,) = sink.taken
    assert (taken.recipient, taken.sender, taken.raw) == (O.address, "b-1@relay.test", MAIL)
    assert sink.steps == [*STEPS]


def test_it_refuses_one_recipient_and_takes_another(sink: Sink) -> None:
    sink.refuse("rcpt", "550 5.1.1 no such mailbox", V.address)
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        send(sink, V.address)
    assert refused.value.recipients[V.address][0] == 550
    send(sink)
    assert [each.recipient for each in sink.taken] == [O.address]


def test_it_refuses_as_often_as_it_is_told(sink: Sink) -> None:
    sink.refuse("dot", "451 4.3.0 later", times=1)
    with pytest.raises(smtplib.SMTPDataError):
        send(sink)
    send(sink)
    assert len(sink.taken) == 1


@pytest.mark.parametrize("step", STEPS)
def test_it_drops_the_line_at_any_step(sink: Sink, step: Step) -> None:
    sink.drop(step, times=1)
    with suppress(smtplib.SMTPException, OSError):
        send(sink)
    assert len(sink.taken) == (step in ("dot", "done", "quit"))


def test_it_is_slow(sink: Sink) -> None:
    sink.delay("dot", 0.6)
    with pytest.raises((smtplib.SMTPException, OSError)):
        send(sink, seconds=0.2)
    assert len(sink.taken) == 1


def test_it_waits_at_a_step_until_it_may_go_on(sink: Sink) -> None:
    gate = sink.pause("rcpt")
    sender = threading.Thread(target=send, args=[sink])
    sender.start()
    gate.wait()
    assert sink.taken == []
    gate.go()
    sender.join()
    assert len(sink.taken) == 1


def test_nobody_is_there_while_it_is_down(sink: Sink) -> None:
    with sink.down(), pytest.raises(ConnectionRefusedError):
        send(sink)
    send(sink)
    assert len(sink.taken) == 1


def test_it_notes_who_signed_in(sink: Sink) -> None:
    with smtplib.SMTP("127.0.0.1", sink.port, timeout=5) as line:
        line.login("relay", "secret")
        line.sendmail("b-1@relay.test", [O.address], MAIL)
    assert sink.taken[0].login == "relay"
