"""One SMTP dialogue for one mail and one recipient (RFC 5321), with the moment marked from which it may be taken."""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from tickets.actions.sending.ways import Way
from tickets.models import Security

CONNECT_SECONDS = 20
REPLY_SECONDS = 120
CHUNK = 64 * 1024
LEADING_DOT = re.compile(rb"(?m)^\.")


class End(Enum):
    """How it ended. DOWN: the server can't be used just now, by any mail. LOST: another process has the mail."""

    TAKEN = "taken"
    LATER = "later"
    DOWN = "down"
    REFUSED = "refused"
    UNCERTAIN = "uncertain"
    LOST = "lost"


@dataclass(frozen=True)
class Result:
    """`code` is the server's, 0 without an answer; `words` are the server's, and may hold addresses."""

    end: End
    code: int = 0
    words: str = ""


@dataclass(frozen=True)
class Parcel:
    """Envelope and bytes, with CRLF line ends."""

    sender: str
    recipient: str
    content: bytes


class Answered(Exception):
    """The server said something else than yes."""

    def __init__(self, code: int, words: bytes) -> None:
        super().__init__(code)
        self.result = Result(End.REFUSED if code >= 500 else End.LATER, code, _words(words))


def _words(said: bytes | str) -> str:
    return said if isinstance(said, str) else said.decode("utf-8", "replace")


class Session:
    """A connection to a server, for one mail."""

    def __init__(self, way: Way) -> None:
        self.way = way
        self.smtp: smtplib.SMTP | None = None

    def open(self) -> Result | None:
        """Connect and sign in; None when that went well."""
        try:
            self.smtp = connected(self.way)
        except smtplib.SMTPResponseException as refused:
            return Result(End.DOWN, refused.smtp_code, _words(refused.smtp_error))
        except (OSError, smtplib.SMTPException) as failed:
            return Result(End.DOWN, 0, type(failed).__name__)
        return None

    def send(self, parcel: Parcel, hand_over: Callable[[], bool]) -> Result:
        """Everything from MAIL to the answer after the final dot. `hand_over` is asked before that dot is sent: from
        then on the mail may have been taken; where it says no, nothing is."""
        if self.smtp is None:
            return Result(End.DOWN)
        handed = False
        try:
            _announce(self.smtp, parcel)
            _send_all(self.smtp, _body(parcel.content))
            if not hand_over():
                return Result(End.LOST)
            handed = True
            self.smtp.send(b".\r\n")
            code, words = self.smtp.getreply()
        except Answered as answer:
            return answer.result
        except (OSError, smtplib.SMTPException) as failed:
            return Result(End.UNCERTAIN if handed else End.LATER, 0, type(failed).__name__)
        if code // 100 == 2:
            return Result(End.TAKEN, code, _words(words))
        return Answered(code, words).result

    def close(self, *, politely: bool) -> None:
        """Hang up; without QUIT where an answer is not to be waited for."""
        if self.smtp is None:
            return
        try:
            if politely:
                self.smtp.quit()
        except (OSError, smtplib.SMTPException):
            politely = False
        finally:
            self.smtp.close()


def connected(way: Way) -> smtplib.SMTP:
    """A session after EHLO, TLS and AUTH. It greets with our mail domain: no name of this machine travels.

    Raises OSError and smtplib.SMTPException.
    """
    smtp = _dialled(way)
    try:
        smtp.ehlo_or_helo_if_needed()
        if way.security == Security.STARTTLS:
            smtp.starttls(context=ssl.create_default_context())
            smtp.ehlo_or_helo_if_needed()
        if way.username:
            smtp.login(way.username, way.password)
        if smtp.sock is not None:
            smtp.sock.settimeout(REPLY_SECONDS)
            smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # the dot must not wait for the body's ACK
    except BaseException:
        smtp.close()
        raise
    return smtp


def _dialled(way: Way) -> smtplib.SMTP:
    name = way.called or "localhost"
    if way.security == Security.TLS:
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(way.host, way.port, name, timeout=CONNECT_SECONDS, context=context)
    return smtplib.SMTP(way.host, way.port, name, timeout=CONNECT_SECONDS)


def _announce(smtp: smtplib.SMTP, parcel: Parcel) -> None:
    options = [f"size={len(parcel.content)}"] if smtp.has_extn("size") else []
    if not parcel.recipient.isascii():
        if not smtp.has_extn("smtputf8"):
            raise Answered(553, b"the server takes no address with these letters")
        smtp.command_encoding = "utf-8"
        options.append("SMTPUTF8")
    _check(smtp.mail(parcel.sender, options), 250)
    _check(smtp.rcpt(parcel.recipient), 250, 251)
    _check(smtp.docmd("DATA"), 354)


def _send_all(smtp: smtplib.SMTP, data: bytes) -> None:
    """In pieces, so that the time limit is for each of them and not for a large mail on a slow line."""
    for start in range(0, len(data), CHUNK):
        smtp.send(data[start : start + CHUNK])


def _check(reply: tuple[int, bytes], *good: int) -> None:
    if reply[0] not in good:
        raise Answered(*reply)


def _body(content: bytes) -> bytes:
    """Dots at the beginning of a line doubled, and a line end at the end (RFC 5321, 4.5.2)."""
    dotted = LEADING_DOT.sub(b"..", content)
    return dotted if dotted.endswith(b"\r\n") else dotted + b"\r\n"
