"""Signed heads of the log: made on a timer, kept, and handed to places that this desk can't change."""

from __future__ import annotations

import logging
from base64 import b64decode
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from transcripts.actions import logbook, lognodes, signing
from transcripts.models import HeadPost, LogHead, LogLeaf, LogSettings
from transcripts.proof import keys, merkle
from transcripts.proof.bundle import Seal
from transcripts.proof.heads import Head, read_head, signed

log = logging.getLogger("chatdesk.proof")
AT_REST = timedelta(days=1)


class LogBroken(Exception):
    """The log in the database is not the one that was signed. Nothing is signed until somebody has looked."""


def sign_due() -> int:
    """Sign a head if one is due: how many were signed. Raises LogBroken."""
    newest, settings = LogHead.objects.order_by("pk").last(), LogSettings.load()
    now = timezone.now()
    has_grown = logbook.size() != (newest.size if newest else 0)
    if newest and now - newest.at < (timedelta(minutes=settings.minutes) if has_grown else AT_REST):
        return 0
    if not newest and not has_grown:
        return 0
    sign()
    return 1


@transaction.atomic
def sign() -> LogHead:
    """A head over the log as it stands, with its ways out as rows. Raises LogBroken."""
    logbook.lock()
    newest, size = LogHead.objects.order_by("pk").last(), logbook.size()
    if fault := fault_of_log(newest):
        log.critical("No head is signed: %s", fault)
        raise LogBroken(fault)
    name, private = signing.private_key()
    now = timezone.now()
    made = signed(Head(size, root_of(size), signing.moment(now), name), private)
    row = LogHead.objects.create(size=size, root=made.head.root, at=now, key=name, data=made.to_bytes().decode())
    HeadPost.objects.bulk_create(HeadPost(head=row, way=way) for way in _ways())
    return row


def _ways() -> list[str]:
    settings = LogSettings.load()
    chosen = [(HeadPost.Way.MAIL, settings.outside_address), (HeadPost.Way.STAMP, settings.stamp_url)]
    return [HeadPost.Way.STORAGE, *(way for way, place in chosen if place)]


def root_of(size: int) -> str:
    """The root over the first `size` leaves, from the stored nodes."""
    known = lognodes.read_ranges([(0, size)])
    return merkle.root(size, lambda *place: known[place]).hex()


def fault_of_log(newest: LogHead | None) -> str:
    """What is wrong with the log since its newest head: an empty text for nothing. No names in it."""
    start, size = newest.size if newest else 0, logbook.size()
    if size < start:
        return f"the log has {size} entries and had {start}"
    try:
        if newest and root_of(start) != newest.root:
            return f"the first {start} entries are not those that were signed"
    except KeyError:
        return "parts of the log are missing"
    return _fault_of_leaves(start, size)


def _fault_of_leaves(start: int, end: int) -> str:
    rows = LogLeaf.objects.filter(index__gte=start).order_by("index").values_list("index", "hash", "data")
    expected = start
    for index, stored, data in rows.iterator(chunk_size=2000):
        if index != expected:
            return f"entry {expected} is missing"
        if merkle.leaf_hash(data.encode()).hex() != stored:
            return f"entry {index} was changed"
        expected += 1
    return "" if expected == end else f"entry {expected} is missing"


def seal() -> Seal:
    """What proves a bundle that is made now: a head is signed first if the log has grown. Raises LogBroken."""
    newest = LogHead.objects.order_by("pk").last()
    return _seal(sign() if newest is None or newest.size != logbook.size() else newest)


def standing_seal() -> Seal | None:
    """The same with the newest head as it is, which may not know the log's latest entries; None before the first."""
    newest = LogHead.objects.order_by("pk").last()
    return _seal(newest) if newest else None


def _seal(head: LogHead) -> Seal:
    name, private = signing.private_key()
    stamp = HeadPost.objects.filter(head=head, way=HeadPost.Way.STAMP).exclude(receipt="").first()
    return Seal(
        head=read_head(head.data),
        keys=signing.public_keys(),
        sign=lambda purpose, message: keys.sign(private, purpose, message),
        key=name,
        stamp=b64decode(stamp.receipt) if stamp else b"",
    )
