"""Which server a mail leaves by: the person's own, else the group's, else the desk's."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from tickets.actions.outbox.reach import for_them
from tickets.models import MailPolicy, MailSettings, OutgoingMail, Security, SmtpAccount, WhoSees

SMTP_BACKEND = "django.core.mail.backends.smtp.EmailBackend"


@dataclass(frozen=True)
class Way:
    """A server and how to talk to it. Without `host`: Django's own mail backend, for a desk without any server."""

    host: str
    port: int
    security: str = Security.NONE
    username: str = ""
    password: str = ""
    called: str = ""


def way_of(account: SmtpAccount) -> Way:
    domain = MailSettings.load().relay_domain
    return Way(account.host, account.port, account.security, account.username, account.password, domain)


def way_for(mail: OutgoingMail) -> Way:
    """The way out for this mail."""
    account = _named(mail) or _persons(mail) or _groups(mail) or _desks()
    return way_of(account) if account else configured()


def configured() -> Way:
    """What EMAIL_URL says."""
    domain = MailSettings.load().relay_domain
    if settings.EMAIL_BACKEND != SMTP_BACKEND:
        return Way("", 0, called=domain)
    starttls = Security.STARTTLS if settings.EMAIL_USE_TLS else Security.NONE
    security = Security.TLS if settings.EMAIL_USE_SSL else starttls
    host, port = settings.EMAIL_HOST, settings.EMAIL_PORT
    user, password = settings.EMAIL_HOST_USER or "", settings.EMAIL_HOST_PASSWORD or ""
    return Way(host, port, security, user, password, domain)


def _named(mail: OutgoingMail) -> SmtpAccount | None:
    """The one that a self-test is about."""
    number = mail.facts.get("account") if mail.kind == OutgoingMail.Kind.TEST else None
    return SmtpAccount.objects.filter(pk=number).first() if number else None


def _persons(mail: OutgoingMail) -> SmtpAccount | None:
    """Only where operators may see visitors' addresses: a person's own server shows them every recipient."""
    if mail.kind != OutgoingMail.Kind.RELAY or mail.to is None or mail.conversation is None:
        return None
    if not MailPolicy.objects.filter(group=mail.conversation.group_id, who_sees=WhoSees.OPERATOR).exists():
        return None
    entries = for_them(mail.to, mail.first_seq, mail.last_seq)
    writers = [entry.participant.user_id for entry in entries if entry.participant]
    return _active(user=writers[-1]) if writers and writers[-1] else None


def _groups(mail: OutgoingMail) -> SmtpAccount | None:
    return _active(group=mail.conversation.group_id) if mail.conversation else None


def _desks() -> SmtpAccount | None:
    return _active(user=None, group=None)


def _active(**whose: int | None) -> SmtpAccount | None:
    return SmtpAccount.objects.filter(is_active=True, **whose).first()
