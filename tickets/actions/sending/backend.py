"""A desk without a mail server: Django's own backend shows, keeps or drops the mail."""

from __future__ import annotations

from collections.abc import Callable
from email import message_from_bytes
from email.message import Message
from email.policy import SMTP

from django.core.mail import EmailMessage, get_connection

from tickets.actions.sending.dialogue import End, Parcel, Result


class Ready(EmailMessage):
    """A mail that is composed already."""

    def __init__(self, parcel: Parcel) -> None:
        super().__init__(from_email=parcel.sender, to=[parcel.recipient])
        self.content = parcel.content

    def message(self) -> Message:  # type: ignore[override]  # the backends ask for as_bytes() alone
        return message_from_bytes(self.content, policy=SMTP)


class BackendSession:
    """The same steps as with a server."""

    def open(self) -> Result | None:
        return None

    def send(self, parcel: Parcel, hand_over: Callable[[], bool]) -> Result:
        if not hand_over():
            return Result(End.LOST)
        try:
            get_connection().send_messages([Ready(parcel)])
        except Exception as failed:  # a backend may be anybody's code
            return Result(End.UNCERTAIN, 0, type(failed).__name__)
        return Result(End.TAKEN, 250)

    def close(self, *, politely: bool) -> None:
        """There is no line to hang up."""
