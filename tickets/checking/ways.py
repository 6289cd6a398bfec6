"""Whether the configured servers let the desk in: each is spoken to, and nothing is sent or fetched."""

from __future__ import annotations

import smtplib
import socket
from collections.abc import Iterator

from django.conf import settings
from django.utils.translation import gettext as _
from imap_tools.errors import ImapToolsError

from tickets.actions.sending.dialogue import connected
from tickets.actions.sending.ways import Way, configured, way_of
from tickets.checking.findings import Finding, good, still_open, wrong
from tickets.fetching import try_out
from tickets.models import ForwardingAddress, ImapAccount, SmtpAccount

SECONDS = 5


def check_ways_out() -> Iterator[Finding]:
    """Every outgoing server in use; without any, what EMAIL_URL names."""
    accounts = SmtpAccount.objects.filter(is_active=True).select_related("group", "user").order_by("pk")
    yield from map(try_way_out, accounts)
    if not any(account.group_id is None and account.user_id is None for account in accounts):
        yield _way_out(configured(), _("Outgoing server (EMAIL_URL)"))


def try_way_out(account: SmtpAccount) -> Finding:
    """Whether one outgoing server lets the desk in. Takes at most a few seconds."""
    return _way_out(way_of(account), _whose(account))


def _whose(account: SmtpAccount) -> str:
    name = account.group or (account.user.display_name if account.user else "")
    about = _("Outgoing server %(server)s") % {"server": account}
    return f"{about} ({name})" if name else about


def _way_out(way: Way, about: str) -> Finding:
    if not way.host:
        return still_open(about, _("No server is set: mails are only shown on the console, or kept in files."))
    try:
        connected(way).quit()
    except smtplib.SMTPAuthenticationError:
        return wrong(about, _("It does not accept the user name and password."))
    except smtplib.SMTPNotSupportedError:
        return wrong(about, _("It does not offer what is set: STARTTLS, or signing in."))
    except smtplib.SMTPException as refused:
        return wrong(about, _("It answered, but refused: %(name)s.") % {"name": type(refused).__name__})
    except OSError as failed:
        return wrong(about, _("It can't be reached: %(name)s.") % {"name": type(failed).__name__})
    return good(about, _("It lets the desk in."))


def check_ways_in() -> Iterator[Finding]:
    """Addresses, mailboxes and the listener."""
    if not ForwardingAddress.objects.filter(is_active=True).exists():
        yield still_open(_("Addresses"), _("No forwarding address is set: mail can only answer what the desk sent."))
    accounts = ImapAccount.objects.filter(is_active=True).order_by("pk")
    yield from map(try_mailbox, accounts)
    if settings.MAIL_PORT:
        yield _listener(settings.MAIL_PORT)
    elif not settings.PRODUCTION:
        words = _("It takes a free port at each start, which the console names. Set MAIL_PORT to keep one.")
        yield still_open(_("Listener"), words)
    elif not accounts:
        words = _("No mailbox is fetched and MAIL_PORT is not set: mail only comes by webhook, if at all.")
        yield still_open(_("Incoming mail"), words)


def try_mailbox(account: ImapAccount) -> Finding:
    """Whether one mailbox and its folders can be opened. Nothing in it is changed."""
    about = _("Incoming mailbox %(server)s") % {"server": account.host}
    try:
        try_out(account)
    except (ImapToolsError, OSError, ValueError) as failed:
        return wrong(about, _("It can't be opened: %(name)s.") % {"name": type(failed).__name__})
    return good(about, _("It can be opened, and so can its folders."))


def _listener(port: int) -> Finding:
    about = _("Listener on port %(port)s") % {"port": port}
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=SECONDS) as line:
            greeting = line.recv(200)
    except OSError as failed:
        return wrong(about, _("It can't be reached: %(name)s.") % {"name": type(failed).__name__})
    return good(about, _("It answers.")) if greeting.startswith(b"220") else wrong(about, _("It does not speak SMTP."))
