"""One dialogue, answer by answer: which of a server's words ends it how, and when a mail may have been taken."""

from __future__ import annotations

import smtplib
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tickets.actions.sending import dialogue
from tickets.actions.sending.dialogue import CHUNK, End, Parcel, Session
from tickets.actions.sending.ways import Way

pytestmark = pytest.mark.once

WAY = Way("127.0.0.1", 25)
PARCEL = Parcel("b-x@relay.test", "v.real@home.test", b"Subject: x\r\n\r\n.dot\r\n")
GOOD: dict[str, tuple[int, bytes]] = {
    "mail": (250, b"ok"),
    "rcpt": (250, b"ok"),
    "data": (354, b"go"),
    "dot": (250, b"2.0.0 kept as 7"),
}


class Server:
    """smtplib's side of a line: answers as told, breaks where told, and keeps what it was sent."""

    def __init__(self, breaks_at: str = "", extensions: tuple[str, ...] = (), **answers: tuple[int, bytes]) -> None:
        self.answers, self.breaks_at, self.extensions = GOOD | answers, breaks_at, extensions
        self.sent: list[bytes] = []
        self.said: list[str] = []
        self.options: list[str] = []
        self.command_encoding = "ascii"
        self.is_closed = False

    def _answer(self, step: str) -> tuple[int, bytes]:
        self.said.append(step)
        if self.breaks_at == step:
            raise smtplib.SMTPServerDisconnected("v.real@home.test")
        return self.answers[step]

    def has_extn(self, name: str) -> bool:
        return name in self.extensions

    def mail(self, _sender: str, options: list[str]) -> tuple[int, bytes]:
        self.options = options
        return self._answer("mail")

    def rcpt(self, _recipient: str) -> tuple[int, bytes]:
        return self._answer("rcpt")

    def docmd(self, _word: str) -> tuple[int, bytes]:
        return self._answer("data")

    def send(self, data: bytes) -> None:
        self.said += [] if data == b".\r\n" else ["body"]
        if self.breaks_at == "body" and data != b".\r\n":
            raise TimeoutError
        self.sent.append(data)

    def getreply(self) -> tuple[int, bytes]:
        return self._answer("dot")

    def quit(self) -> None:
        if self.breaks_at == "quit":
            raise OSError("gone")
        self.said.append("quit")

    def close(self) -> None:
        self.is_closed = True


def session(server: Server) -> Session:
    opened = Session(WAY)
    opened.smtp = server  # type: ignore[assignment]
    return opened


def sends(server: Server, parcel: Parcel = PARCEL, *, may: bool = True) -> tuple[dialogue.Result, bool]:
    """How it ended, and whether the last dot left."""
    result = session(server).send(parcel, lambda: may)
    return result, b".\r\n" in server.sent


ANSWERS: list[tuple[dict[str, Any], End, int, bool]] = [
    ({}, End.TAKEN, 250, True),
    ({"rcpt": (251, b"forwarded")}, End.TAKEN, 250, True),
    ({"dot": (252, b"perhaps")}, End.TAKEN, 252, True),
    ({"mail": (550, b"no")}, End.REFUSED, 550, False),
    ({"mail": (451, b"later")}, End.LATER, 451, False),
    ({"rcpt": (550, b"5.1.1")}, End.REFUSED, 550, False),
    ({"rcpt": (450, b"grey")}, End.LATER, 450, False),
    ({"rcpt": (252, b"can't say")}, End.LATER, 252, False),
    ({"data": (554, b"no")}, End.REFUSED, 554, False),
    ({"data": (250, b"what")}, End.LATER, 250, False),
    ({"dot": (554, b"spam")}, End.REFUSED, 554, True),
    ({"dot": (452, b"full")}, End.LATER, 452, True),
    ({"dot": (354, b"what")}, End.LATER, 354, True),
    ({"breaks_at": "mail"}, End.LATER, 0, False),
    ({"breaks_at": "rcpt"}, End.LATER, 0, False),
    ({"breaks_at": "data"}, End.LATER, 0, False),
    ({"breaks_at": "body"}, End.LATER, 0, False),
    ({"breaks_at": "dot"}, End.UNCERTAIN, 0, True),
]


@pytest.mark.parametrize(("answers", "end", "code", "dotted"), ANSWERS)
def test_how_a_dialogue_ends(answers: dict[str, Any], end: End, code: int, dotted: bool) -> None:
    result, left = sends(Server(**answers))
    assert (result.end, result.code, left) == (end, code, dotted)


def test_a_line_that_breaks_tells_its_kind_and_no_address() -> None:
    result, _left = sends(Server("rcpt"))
    assert result.words == "SMTPServerDisconnected"


def test_without_leave_no_dot_is_sent() -> None:
    """Somebody else has the mail: a dot would make two of it."""
    server = Server()
    result, left = sends(server, may=False)
    assert (result.end, left) == (End.LOST, False)
    assert "dot" not in server.said


@pytest.mark.parametrize("step", ["mail", "rcpt", "data"])
def test_nothing_of_the_mail_leaves_before_it_is_wanted(step: str) -> None:
    server = Server(**{step: (550, b"no")})  # type: ignore[arg-type]
    sends(server)
    assert server.sent == []


@given(st.lists(st.sampled_from([b".", b"..", b"a", b".a", b"a.", b"", b".\r"]), max_size=8))
@example([b"."])
@example([b"", b".", b""])
def test_no_line_of_a_mail_is_its_end(lines: list[bytes]) -> None:
    """SMTP smuggling from within: a lone dot in the text must not end the mail, nor be lost on the way."""
    content = b"\r\n".join(lines)
    server = Server()
    sends(server, Parcel("a@relay.test", "v@home.test", content))
    wire = b"".join(server.sent)
    assert wire.endswith(b"\r\n.\r\n")
    body = wire.removesuffix(b".\r\n")
    assert b".\r\n" not in [line + b"\r\n" for line in body.split(b"\r\n")]
    taken = b"\r\n".join(line[1:] if line.startswith(b"..") else line for line in body.split(b"\r\n"))
    assert taken.removesuffix(b"\r\n") == content.removesuffix(b"\r\n")


@pytest.mark.parametrize("size", [0, 1, CHUNK - 2, CHUNK, CHUNK + 1, 3 * CHUNK + 5])
def test_a_large_mail_travels_in_pieces_and_arrives_whole(size: int) -> None:
    content = b"a" * size + b"\r\n"
    server = Server()
    sends(server, Parcel("a@relay.test", "v@home.test", content))
    assert b"".join(server.sent) == content + b".\r\n"
    assert max(map(len, server.sent)) <= CHUNK


@pytest.mark.parametrize(
    ("recipient", "extensions", "end", "options"),
    [
        ("v@home.test", ("size",), End.TAKEN, ["size=20"]),
        ("v@home.test", ("smtputf8",), End.TAKEN, []),
        ("vöra@home.test", ("smtputf8", "size"), End.TAKEN, ["size=20", "SMTPUTF8"]),
        ("v@hömе.test", ("size",), End.REFUSED, []),
    ],
)
def test_what_a_server_is_told_depends_on_what_it_knows(
    recipient: str, extensions: tuple[str, ...], end: End, options: list[str]
) -> None:
    server = Server(extensions=extensions)
    result, _left = sends(server, Parcel("a@relay.test", recipient, PARCEL.content))
    assert (result.end, server.options) == (end, options)


@pytest.mark.parametrize(("politely", "at", "said"), [(True, "", ["quit"]), (False, "", []), (True, "quit", [])])
def test_the_line_is_closed_whatever_the_server_does(politely: bool, at: str, said: list[str]) -> None:
    server = Server(at)
    session(server).close(politely=politely)
    assert (server.is_closed, server.said) == (True, said)


@pytest.mark.parametrize(
    ("trouble", "code"),
    [
        (smtplib.SMTPAuthenticationError(535, b"v.real@home.test"), 535),
        (smtplib.SMTPConnectError(421, b"busy"), 421),
        (smtplib.SMTPNotSupportedError("no TLS"), 0),
        (ConnectionRefusedError(), 0),
        (TimeoutError(), 0),
    ],
)
def test_a_server_that_lets_nobody_in_is_down_for_every_mail(
    monkeypatch: pytest.MonkeyPatch, trouble: Exception, code: int
) -> None:
    def fails(_way: Way) -> smtplib.SMTP:
        raise trouble

    monkeypatch.setattr(dialogue, "connected", fails)
    opened = Session(WAY)
    result = opened.open()
    assert result is not None
    assert (result.end, result.code) == (End.DOWN, code)
    assert opened.send(PARCEL, lambda: True).end == End.DOWN
    opened.close(politely=True)
