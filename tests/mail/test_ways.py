"""Which server a mail leaves by, and how the desk talks to it."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.core import mail as caught
from django.utils import timezone
from pytest_django.fixtures import Settings

from tests.factories import make_group
from tests.mail.people import RELAY
from tests.mail.sent import only, parsed, rows, states
from tests.mail.world import World
from tests.services.certificates import make_certificates
from tests.services.process import free_port
from tests.services.sink import Sink
from tickets.actions import outbox
from tickets.actions.outbox import queue_due
from tickets.actions.sending import send_due
from tickets.actions.sending.dialogue import End, Parcel, Session, connected
from tickets.actions.sending.ways import Way, configured
from tickets.models import MailPolicy, OutgoingMail, Security, SmtpAccount, WhoSees

State, Kind = OutgoingMail.State, OutgoingMail.Kind
CONTENT = b"From: a@relay.test\r\nSubject: x\r\n\r\n.dot\r\n..\r\nend\r\n"


@pytest.fixture
def other() -> Iterator[Sink]:
    """Somebody's own server."""
    with Sink() as sink:
        yield sink


def account(sink: Sink, **whose: Any) -> SmtpAccount:
    return SmtpAccount.objects.create(host="127.0.0.1", port=sink.port, security=Security.NONE, **whose)


# --- whose ------------------------------------------------------------------------------------------------------------


def test_a_group_s_own_server_comes_before_the_desk_s(world: World, other: Sink) -> None:
    account(other, group=world.group)
    world.answers("Hello")
    assert world.out() == []
    assert len(other.taken) == 1


def test_another_group_s_server_is_not_used(world: World, other: Sink) -> None:
    account(other, group=make_group("sales"))
    world.answers("Hello")
    only(world)
    assert other.taken == []


def test_a_person_s_own_server_is_used_where_operators_see_addresses_anyway(world: World, other: Sink) -> None:
    MailPolicy.objects.create(group=world.group, who_sees=WhoSees.OPERATOR)
    account(other, user=world.operator)
    world.answers("Hello")
    assert world.out() == []
    assert len(other.taken) == 1


@pytest.mark.parametrize("who", [WhoSees.NONE, WhoSees.SUPERVISOR])
def test_elsewhere_it_would_show_them_every_recipient(world: World, other: Sink, who: str) -> None:
    MailPolicy.objects.create(group=world.group, who_sees=who)
    account(other, user=world.operator)
    world.answers("Hello")
    only(world)
    assert other.taken == []


def test_a_server_that_is_switched_off_is_not_used(world: World, other: Sink) -> None:
    account(other, group=world.group, is_active=False)
    world.answers("Hello")
    only(world)


def test_one_server_that_is_down_does_not_stop_the_other(world: World, other: Sink) -> None:
    account(other, group=make_group("sales"))
    world.answers("Hello")
    outbox.queue(Kind.NOTICE, conversation=None, address="ada@desk.example")
    with world.sink.down():
        queue_due()
        assert send_due() == 0
    assert states() == [State.QUEUED] * 2
    assert all(row.due_at > timezone.now() for row in rows())
    first, second = sorted(rows(), key=lambda row: -row.tries)
    assert (first.tries, second.tries) == (1, 0)  # one try is enough to know that it is down


def test_a_group_whose_server_is_down_keeps_nobody_else_waiting(
    world: World, other: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many mails of it wait: those of others leave in the same run."""
    monkeypatch.setattr("tickets.actions.sending.sweep.AT_ONCE", 2)
    account(other, group=world.group)
    for number in range(5):
        outbox.queue(Kind.NOTICE, conversation=world.conversation, address=f"reader{number}@reader.test")
    outbox.queue(Kind.NOTICE, conversation=None, address="ada@desk.example")
    with other.down():
        assert send_due() == 1
    assert [mail.recipient for mail in world.sink.taken] == ["ada@desk.example"]
    assert sum(row.tries for row in rows()) == 1


def test_a_long_run_claims_each_mail_at_its_own_moment(world: World) -> None:
    """Else another process would take over what this one has just begun."""
    for number in range(2):
        outbox.queue(Kind.NOTICE, conversation=None, address=f"reader{number}@reader.test")
    world.sink.delay("mail", 0.3, times=1)
    assert send_due() == 2
    first, second = (row.claimed_at for row in rows())
    assert first
    assert second
    assert (second - first).total_seconds() >= 0.3


# --- without any server -----------------------------------------------------------------------------------------------


def test_without_any_account_django_s_settings_say_where(world: World, settings: Settings) -> None:
    SmtpAccount.objects.all().delete()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", world.sink.port
    assert configured() == Way("127.0.0.1", world.sink.port, Security.NONE, "", "", RELAY)
    world.answers("Hello")
    only(world)


def test_without_any_server_a_mail_goes_where_django_puts_it(world: World) -> None:
    SmtpAccount.objects.all().delete()
    world.answers("Hello")
    assert world.out() == []
    (message,) = caught.outbox
    assert message.from_email == rows()[0].verp
    assert b"Hello" in message.message().as_bytes()
    assert states() == [State.SENT]


def test_a_backend_that_fails_leaves_it_uncertain(world: World, settings: Settings) -> None:
    SmtpAccount.objects.all().delete()
    settings.EMAIL_BACKEND = "no.such.Backend"
    world.answers("Hello")
    world.out()
    assert states() == [State.UNCERTAIN]


# --- the dialogue -----------------------------------------------------------------------------------------------------


def test_the_server_is_told_our_mail_domain_and_nothing_of_this_machine(world: World) -> None:
    session = connected(Way("127.0.0.1", world.sink.port, called=RELAY))
    assert session.local_hostname == RELAY
    session.quit()


def test_the_name_and_password_are_used(world: World, other: Sink) -> None:
    own = account(other, group=world.group, username="sales")
    own.password = "secret"
    own.save()
    world.answers("Hello")
    world.out()
    assert [mail.login for mail in other.taken] == ["sales"]


def test_dots_survive_and_the_end_is_the_end(world: World) -> None:
    session = Session(Way("127.0.0.1", world.sink.port, called=RELAY))
    assert session.open() is None
    parcel = Parcel("b-x@relay.test", "v.other@reader.test", CONTENT.removesuffix(b"\r\n"))
    result = session.send(parcel, lambda: True)
    session.close(politely=True)
    assert (result.end, result.code) == (End.TAKEN, 250)
    assert world.sink.taken[-1].raw == CONTENT


def test_an_address_with_other_letters_needs_a_server_that_takes_them(world: World) -> None:
    session = Session(Way("127.0.0.1", world.sink.port, called=RELAY))
    session.open()
    result = session.send(Parcel("b-x@relay.test", "zoë@reader.test", CONTENT), lambda: True)
    session.close(politely=True)
    assert result.end == End.TAKEN
    assert world.sink.taken[-1].recipient == "zoë@reader.test"


def test_a_server_without_them_is_told_nothing(monkeypatch: pytest.MonkeyPatch, world: World) -> None:
    session = Session(Way("127.0.0.1", world.sink.port, called=RELAY))
    session.open()
    monkeypatch.setattr(session.smtp, "has_extn", lambda name: False)
    result = session.send(Parcel("b-x@relay.test", "zoë@reader.test", CONTENT), lambda: True)
    session.close(politely=True)
    assert (result.end, result.code) == (End.REFUSED, 553)


def test_a_session_that_was_never_opened_sends_nothing() -> None:
    session = Session(Way("127.0.0.1", 1))
    assert session.send(Parcel("a", "b", CONTENT), lambda: True).end == End.DOWN
    session.close(politely=True)


class Taking:
    """A handler that keeps what it is given."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.taken.append(envelope.original_content)
        return "250 taken"


@pytest.fixture
def certificates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A server's certificate, and an authority that this process believes."""
    make_certificates(tmp_path, ["localhost"], ["127.0.0.1"])
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    return tmp_path


def secured(certificates: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates / "server.pem", certificates / "server.key")
    return context


@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
def test_a_protected_line_is_checked_and_used(certificates: Path, security: str) -> None:
    handler, port, context = Taking(), free_port(), secured(certificates)
    inside: dict[str, Any] = {"ssl_context": context} if security == Security.TLS else {"tls_context": context}
    server = Controller(handler, hostname="127.0.0.1", port=port, require_starttls=security != Security.TLS, **inside)
    server.start()
    try:
        session = Session(Way("127.0.0.1", port, security, called=RELAY))
        assert session.open() is None
        assert session.send(Parcel("b-x@relay.test", "a@reader.test", CONTENT), lambda: True).end == End.TAKEN
        session.close(politely=True)
    finally:
        server.stop()
    assert handler.taken == [CONTENT]


def test_a_certificate_that_nobody_vouches_for_is_not_believed(
    certificates: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    handler, port = Taking(), free_port()
    server = Controller(handler, hostname="127.0.0.1", port=port, tls_context=secured(certificates))
    server.start()
    try:
        refused = Session(Way("127.0.0.1", port, Security.STARTTLS, called=RELAY)).open()
    finally:
        server.stop()
    assert refused is not None
    assert refused.end == End.DOWN
    assert handler.taken == []


def test_a_long_mail_is_announced_and_refused_before_it_is_sent(world: World) -> None:
    session = Session(Way("127.0.0.1", world.sink.port, called=RELAY))
    session.open()
    world.sink.steps.clear()
    result = session.send(Parcel("b-x@relay.test", "a@reader.test", b"x" * 100_000_001), lambda: True)
    session.close(politely=True)
    assert (result.end, result.code) == (End.REFUSED, 552)
    assert "data" not in world.sink.steps


def test_the_mail_in_the_sink_is_the_mail_in_the_row(world: World) -> None:
    world.answers("Hello")
    mail = only(world)
    (row,) = rows()
    assert bytes(row.content or b"") == mail.raw
    assert (row.verp, row.message_id) == (mail.sender, parsed(mail.raw)["Message-ID"])
