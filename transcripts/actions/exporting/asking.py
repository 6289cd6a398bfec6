"""Asking for an export: a row, and nothing else yet."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from transcripts.actions.exporting.trail import trail
from transcripts.formats import WRITERS
from transcripts.models import Bucket, Delivery, Export, ExportRules, Profile

LINES = "jsonl"  # written straight from the database, so no writer of `transcripts.formats`
MEGABYTE = 1_000_000
BATES = re.compile("[A-Z0-9_-]{0,20}")


class NotPossible(Exception):
    """What was asked for can't be done; the message says why, in words for people."""


@dataclass(frozen=True)
class Wanted:
    """What somebody asks for. `query` is the text of a search; `volume_bytes` of None is what the rules say.

    `bucket_id`: the Bucket to which finished volumes are brought, if any.
    """

    query: str = ""
    profile: str = Profile.FULL
    formats: Sequence[str] = (LINES,)
    reason: str = ""
    stream: str = ""
    only_new: bool = False
    bates_prefix: str = ""
    volume_bytes: int | None = None
    matter_id: int | None = None
    bucket_id: int | None = None
    with_redactions: bool = True


def format_names() -> list[str]:
    """Every format that an export can be written in, the records themselves first."""
    return [LINES, *sorted(name for name in WRITERS if name != LINES)]


@transaction.atomic
def ask(wanted: Wanted, by: User | None) -> Export:
    """The new row, which the task then selects for. Raises NotPossible."""
    _check(wanted)
    bucket = _bucket(wanted)
    volume = wanted.volume_bytes or ExportRules.load().volume_mb * MEGABYTE
    export = Export.objects.create(
        matter_id=wanted.matter_id,
        requested_by=by,
        reason=wanted.reason,
        query=wanted.query,
        profile=wanted.profile,
        formats=list(dict.fromkeys(wanted.formats)),
        stream=wanted.stream,
        only_new=wanted.only_new,
        bates_prefix=wanted.bates_prefix,
        volume_bytes=volume,
        with_redactions=wanted.with_redactions,
    )
    if bucket is not None:
        Delivery.objects.create(export=export, bucket=bucket, address=bucket.address)
    told = {"profile": export.profile, "formats": export.formats, "only_new": export.only_new}
    told |= {"redactions": export.with_redactions, "bucket": bucket and bucket.pk}
    trail("ask", export, by, **told, reason=wanted.reason)
    return export


def _bucket(wanted: Wanted) -> Bucket | None:
    if wanted.bucket_id is None:
        return None
    found = Bucket.objects.filter(pk=wanted.bucket_id, for_exports=True).first()
    if found is None:
        raise NotPossible(_("Exports are not brought to this bucket any more. Choose another."))
    return found


def _check(wanted: Wanted) -> None:
    unknown = [name for name in wanted.formats if name not in format_names()]
    if unknown or not wanted.formats:
        raise NotPossible(_("Choose at least one of these formats: %s.") % ", ".join(format_names()))
    if wanted.profile not in Profile.values:
        raise NotPossible(_("There is no profile of that name."))
    if wanted.profile == Profile.TRAINING and LINES in wanted.formats:
        raise NotPossible(
            _("JSON Lines brings records as they are, and a training copy changes them. Choose another format.")
        )
    if not BATES.fullmatch(wanted.bates_prefix):
        raise NotPossible(_("A Bates prefix is of capital letters, digits, - and _, at most 20."))
