"""A mail to ourselves: it must come back with the sender that it left with, or every mail would show another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.audit import record
from tickets.actions.outbox.queueing import queue
from tickets.composing.ids import loop_mark
from tickets.models import MailSettings, OutgoingMail, SmtpAccount
from tickets.reading.message import Message

PATIENCE = timedelta(minutes=15)
Kind, State = OutgoingMail.Kind, OutgoingMail.State

WORDS: dict[str, Promise] = {
    "never": _("No self-test was made yet. It sends a mail to the desk itself."),
    "waiting": _("The test mail has left, or is about to, and has not come back yet."),
    "passed": _("The test mail came back as it had left."),
    "failed": _(
        "The server of the way out changes the sender of mails. Every reader would see that other address instead of "
        "the desk's: let the server send for the relay domain, or use another one. Sending stays off."
    ),
    "refused": _("The server of the way out did not take the test mail."),
    "lost": _("The test mail left and never came back: mail to the relay domain does not reach this desk."),
}


@dataclass(frozen=True)
class Trial:
    """How the latest self-test stands: never, waiting, passed, failed or lost, and in words."""

    state: str
    words: str


def begin(findings: Sequence[str] = (), account: SmtpAccount | None = None) -> OutgoingMail:
    """Queue a test mail, by the desk's way out or by `account`. `findings` are told in it. Raises outbox.MailOff."""
    facts = {"findings": list(findings), "account": account.pk if account else None}
    return queue(Kind.TEST, conversation=None, facts=facts)


def latest(now: datetime | None = None) -> Trial:
    """How the last test of the desk's own way out ended."""
    test = OutgoingMail.objects.filter(kind=Kind.TEST, facts__account=None).order_by("-pk").first()
    return Trial(*_standing(test, now or timezone.now()))


def _standing(test: OutgoingMail | None, now: datetime) -> tuple[str, str]:
    if test is None:
        return "never", str(WORDS["never"])
    verdict = str(test.facts.get("verdict", ""))
    if verdict:
        return verdict, str(WORDS[verdict])
    if test.state == State.FAILED:
        return "failed", f"{WORDS['refused']} {test.reason}"
    if test.sent_at and test.sent_at < now - PATIENCE:
        return "lost", str(WORDS["lost"])
    return "waiting", f"{WORDS['waiting']} {test.reason}".strip()


@transaction.atomic
def take_back(number: int, message: Message, envelope_from: str) -> bool:
    """Judge a mail that came to the return path of mail `number`; False if that was no self-test, or this is not it.

    Passed: sending is switched on. Failed: it is switched off, and an account of a group or a person with it.
    """
    test = OutgoingMail.objects.select_for_update().filter(pk=number, kind=Kind.TEST).first()
    if test is None or loop_mark() not in message.header("X-Desk-Relay"):
        return False
    verdict = "passed" if _is_unchanged(test, message, envelope_from) else "failed"
    test.facts = test.facts | {"verdict": verdict}
    test.save(update_fields=["facts"])
    _act_on(test, passed=verdict == "passed")
    return True


def _is_unchanged(test: OutgoingMail, message: Message, envelope_from: str) -> bool:
    """The address in From (and alone there), and the return path to which trouble with it would come."""
    domain = MailSettings.load().relay_domain.lower()
    senders = [mailbox.address.lower() for mailbox in message.senders]
    return senders == [f"desk@{domain}"] and envelope_from.strip("<>").lower() == test.verp.lower()


def _act_on(test: OutgoingMail, *, passed: bool) -> None:
    account = SmtpAccount.objects.filter(pk=test.facts.get("account")).first()
    if account is not None:
        if not passed and account.is_active:
            SmtpAccount.objects.filter(pk=account.pk).update(is_active=False)
            record("setting.change", on=account, after={"is_active": False}, reason="self-test")
        return
    own = MailSettings.load()
    if own.is_sending != passed:
        MailSettings.objects.filter(pk=own.pk).update(is_sending=passed)
        record("setting.change", on=own, after={"is_sending": passed}, reason="self-test")
