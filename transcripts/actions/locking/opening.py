"""Opening a locked copy, on the server's own console: what was asked for, and why, is in the audit log."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from pathlib import Path
from typing import IO

from django.db import transaction

from accounts.audit import record
from chatdesk.models import Conversation
from transcripts.actions.buckets.trouble import Trouble, in_words
from transcripts.actions.locking.keys import NoKey, known_key
from transcripts.actions.locking.places import place_of
from transcripts.formats.volume import chunks_of
from transcripts.models import LockedCopy
from transcripts.proof.locked import Forged, Header, NotLocked, name_of, read_header, unlocked

State = LockedCopy.State


class CantOpen(Exception):
    """The text says why, for people."""


def open_copy(ref: str, out: Path, reason: str) -> LockedCopy:
    """Fetch the newest copy of the conversation, check it, and write its bundle to `out`. Raises CantOpen."""
    copies = LockedCopy.objects.filter(ref=ref, state=State.KEPT).select_related("bucket")
    copy = copies.order_by("-last", "-pk").first()
    if copy is None:
        raise CantOpen(_why_not(ref))
    with tempfile.TemporaryFile() as file:
        try:
            with place_of(copy.bucket).read(copy.name, copy.version) as body:
                shutil.copyfileobj(body, file)
        except Trouble as trouble:
            raise CantOpen(in_words(trouble.code)) from None
        _check(file, copy)
        open_file(file, out, reason)
    return copy


def open_file(file: IO[bytes], out: Path, reason: str) -> Header:
    """The same for a file that somebody brought: from a bucket whose desk was restored, say. Raises CantOpen."""
    file.seek(0)
    try:
        header = read_header(file)
    except NotLocked as error:
        raise CantOpen(f"This is no locked copy: {error}.") from None
    conversation = Conversation.objects.filter(ref=header.conversation).first()
    try:
        key = known_key(conversation.pk if conversation else None)
        is_its_own = name_of(key) == header.key
    except NoKey:
        key, is_its_own = b"", False
    if not is_its_own:
        raise CantOpen("This desk has no key for it: it was destroyed, or belongs to another desk.")
    with transaction.atomic():
        record("transcripts.locked.open", on=conversation, name=header.conversation, reason=reason)
        _write(file, header, key, out)
    return header


def _write(file: IO[bytes], header: Header, key: bytes, out: Path) -> None:
    """Whole, or not there."""
    try:
        target = out.open("xb")
    except OSError as error:
        raise CantOpen(f"{out} can't be written: {error.strerror}.") from None
    try:
        with target:
            for chunk in unlocked(file, header, key):
                target.write(chunk)
    except BaseException as error:
        out.unlink()
        if isinstance(error, Forged):
            raise CantOpen(f"It is not what was stored: {error}.") from None
        raise


def _check(file: IO[bytes], copy: LockedCopy) -> None:
    digest = hashlib.sha256()
    file.seek(0)
    for chunk in chunks_of(file):
        digest.update(chunk)
    if digest.hexdigest() != copy.sha256:
        raise CantOpen("It is not what was stored: its SHA-256 differs.")


def _why_not(ref: str) -> str:
    copy = LockedCopy.objects.filter(ref=ref).order_by("-pk").first()
    if copy is None:
        return "There is no locked copy of this conversation."
    return f"There is none that can be read; the newest is {copy.get_state_display()}."
