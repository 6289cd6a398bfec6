"""Fetching mailboxes by IMAP (RFC 9051): nothing is marked or moved before it is stored."""

from __future__ import annotations

import imaplib
import logging
import re
import ssl
from collections.abc import Callable
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any

from django.utils import timezone
from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError

from tickets.actions.addressing import recipient_of
from tickets.actions.processing import process
from tickets.actions.receiving import MEGABYTE, Kept, keep
from tickets.models import ImapAccount, IncomingMail, MailSettings, Security
from tickets.reading.addresses import normal
from tickets.reading.envelope import Envelope
from tickets.reading.fingerprint import head_of
from tickets.reading.message import read

logger = logging.getLogger(__name__)

SECONDS = 30
AT_ONCE = 200
_SIZE = re.compile(rb"[( ]RFC822\.SIZE (\d+)", re.IGNORECASE)  # servers answer in any order (RFC 9051, 7.5.2)
OTHERS_TIME = timedelta(minutes=1)
TROUBLES = (ImapToolsError, imaplib.IMAP4.error, OSError, ValueError)  # what a connection raises
WAYS: dict[str, Callable[..., BaseMailBox]] = {
    Security.NONE: lambda host, port: MailBoxUnencrypted(host, port, timeout=SECONDS),
    Security.STARTTLS: lambda host, port: MailBoxStartTls(
        host, port, timeout=SECONDS, ssl_context=ssl.create_default_context()
    ),
    Security.TLS: lambda host, port: MailBox(host, port, timeout=SECONDS, ssl_context=ssl.create_default_context()),
}


def fetch_all() -> int:
    """Every active mailbox; how many mails were new. One that fails does not keep the others waiting."""
    return sum(_fetched(account) for account in ImapAccount.objects.filter(is_active=True).order_by("pk"))


def _fetched(account: ImapAccount) -> int:
    facts: dict[str, Any]
    try:
        new = fetch(account)
    except TROUBLES as trouble:
        new, facts = 0, {"last_error": f"{type(trouble).__name__}"}
        logger.warning("mailbox %s could not be fetched: %s", account.pk, type(trouble).__name__)
    else:
        facts = {"last_ok_at": timezone.now(), "last_error": ""}
    ImapAccount.objects.filter(pk=account.pk).update(**facts)
    return new


def try_out(account: ImapAccount) -> None:
    """Sign in and look for both folders; nothing is read. Raises what the connection raises."""
    with _folder(account) as box:
        box.folder.status(account.folder)


def fetch(account: ImapAccount) -> int:
    """Keep what is in the mailbox's folder, then move it; how many mails were new.

    Raises what the connection raises, and django.db.DatabaseError: then the mail it came at stays where it is, unseen.
    """
    with _folder(account) as box:
        validity = box.folder.status(account.folder)["UIDVALIDITY"]
        new = 0
        for uid in box.uids()[:AT_ONCE]:
            source_key = f"{account.pk}:{validity}:{uid}"
            kept = _keep(box, account, uid, source_key)
            if kept is not None and not _is_with_another(kept, source_key):
                _put_aside(box, uid, account.done_folder)
                new += kept.is_new
        return new


def _is_with_another(kept: Kept, source_key: str) -> bool:
    """Another fetcher has just stored this very mail, and will move it: two that move make two of it."""
    is_young = timezone.now() - kept.mail.received_at < OTHERS_TIME
    return not kept.is_new and kept.mail.source_key == source_key and is_young


def _put_aside(box: BaseMailBox, uid: str, folder: str) -> None:
    """Somebody else may have moved it meanwhile."""
    try:
        box.move(uid, folder)
    except ImapToolsError:
        if uid in box.uids():
            raise


@contextmanager
def _folder(account: ImapAccount) -> Any:
    box = WAYS[account.security](account.host, account.port)
    try:
        box.login(account.username, account.password, account.folder)
        _learn_capabilities(box)
        _have_folder(box, account.done_folder)
        yield box
    finally:
        with suppress(*TROUBLES):
            box.logout()


def _have_folder(box: BaseMailBox, name: str) -> None:
    """Two fetchers may want to make it at once."""
    if not box.folder.exists(name):
        try:
            box.folder.create(name)
        except ImapToolsError:
            if not box.folder.exists(name):
                raise


def _learn_capabilities(box: BaseMailBox) -> None:
    """Servers tell more once somebody has signed in; without MOVE (RFC 6851) a mail is copied, then deleted."""
    _status, told = box.client.capability()
    box.client.capabilities = tuple(bytes(told[-1] or b"").decode().upper().split())


def _keep(box: BaseMailBox, account: ImapAccount, uid: str, source_key: str) -> Kept | None:
    """None if somebody else has moved it meanwhile."""
    limit = MailSettings.load().size_limit_mb * MEGABYTE
    size = _size(box, uid)
    if size is None:
        return None
    raw = _bytes(box, uid, "BODY.PEEK[HEADER]" if size > limit else "BODY.PEEK[]")
    if raw is None:
        return None
    kept = keep(raw, _envelope(raw, account, source_key), whole_size=size if size > limit else None)
    if kept.is_new:
        process(kept.mail.pk)
    return kept


def _envelope(raw: bytes, account: ImapAccount, source_key: str) -> Envelope:
    head = read(head_of(raw))
    paths = head.header("Return-Path")
    return Envelope(
        via=IncomingMail.Via.IMAP,
        recipient=recipient_of(head, account.address),
        sender=normal(paths[0]) if paths else "",
        source_key=source_key,
    )


def _size(box: BaseMailBox, uid: str) -> int | None:
    answer = _fetch(box, uid, "RFC822.SIZE")
    for item in answer:
        found = _SIZE.search(item[0] if isinstance(item, tuple) else item or b"")
        if found:
            return int(found[1])
    return None


def _bytes(box: BaseMailBox, uid: str, what: str) -> bytes | None:
    for item in _fetch(box, uid, what):
        if isinstance(item, tuple):
            return bytes(item[1])
    return None


def _fetch(box: BaseMailBox, uid: str, what: str) -> list[Any]:
    status, answer = box.client.uid("FETCH", uid, f"({what})")
    if status != "OK":
        raise OSError(f"the server refused to fetch: {status}")
    return [item for item in answer or [] if item]
