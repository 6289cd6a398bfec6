"""A finished volume is counted in one transaction: row, conversations and warnings; the last ends the export."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from transcripts.actions import logbook
from transcripts.actions.exporting.bundling import Bundled
from transcripts.actions.exporting.leasing import Stopped, release
from transcripts.actions.exporting.packing import Packed
from transcripts.actions.exporting.shipping import send_off
from transcripts.actions.exporting.trail import trail
from transcripts.actions.exporting.volumes import Done
from transcripts.actions.redacting import using
from transcripts.models import Export, ExportItem, ExportPart, ExportRules, ExportState, ExportWarning

KIND_OF_WARNING = {"missing": ExportWarning.Kind.MISSING, "changed": ExportWarning.Kind.CHANGED}


class Outdated(Exception):
    """Compliance covered something meanwhile that this volume still shows: it has to be made again."""


@dataclass(frozen=True)
class Made:
    """A volume that is whole and stored, and not yet counted."""

    number: int
    done: Done
    bundled: Bundled
    packed: Packed

    def part(self, export: Export) -> ExportPart:
        return ExportPart(
            export=export,
            number=self.number,
            first_position=self.done.first,
            last_position=self.done.last,
            place=self.packed.place,
            size=self.packed.size,
            sha256=self.packed.sha256,
            manifest_sha256=self.bundled.manifest_sha256,
            bates_first=self.bundled.bates_first,
            bates_last=self.bundled.bates_last,
        )


@transaction.atomic
def keep(export: Export, lease: str, made: Made) -> None:
    """The volume exists from here on; before, nothing of it counts.

    Raises Stopped if another worker took over, and Outdated if something was marked in it while it was being written.
    """
    mine = Export.objects.select_for_update(of=("self",)).filter(pk=export.pk, state=ExportState.RUNNING, lease=lease)
    now = mine.first()
    if now is None:
        raise Stopped("lost")
    if using.missed(export, made.done.first, made.done.last, made.done.marks):
        raise Outdated
    made.part(export).save(force_insert=True)
    warnings = _warned(export, made.number, made.done)
    ExportWarning.objects.bulk_create(warnings, batch_size=500)
    _mark_items(export, made.done)
    using.keep(export, made.number, made.done.covered)
    now.position, now.bates_next, now.warnings = made.done.last, made.done.next_bates, now.warnings + len(warnings)
    now.working_at = now.position
    now.save(update_fields=["position", "bates_next", "warnings", "working_at"])
    if now.position >= now.conversations:
        _finish(now, lease, made.bundled)


def _warned(export: Export, part: int, done: Done) -> list[ExportWarning]:
    """One for each thing amiss, in whatever formats it is missing; and one for each conversation that is gone."""
    seen: dict[tuple[str, int, str], ExportWarning] = {}
    for name, each in done.warnings:
        if each.code == "absent":
            continue
        kind = KIND_OF_WARNING.get(each.code, ExportWarning.Kind.BROKEN)
        row = ExportWarning(export=export, part=part, kind=kind, conversation=each.ref, record=each.number)
        row.expected, row.found, row.format = each.expected[:64], each.found[:64], name
        seen.setdefault((each.ref, each.number, each.code), row)
    gone = ExportItem.objects.filter(export=export, position__in=list(done.skipped)).values_list("position", "ref")
    left_out = ExportWarning(export=export, part=part, kind=ExportWarning.Kind.GONE)
    return [*seen.values(), *(_at(left_out, position, ref) for position, ref in gone)]


def _at(warning: ExportWarning, position: int, ref: str) -> ExportWarning:
    same = copy(warning)
    same.position, same.conversation = position, ref
    return same


def _mark_items(export: Export, done: Done) -> None:
    items = ExportItem.objects.filter(export=export, position__gte=done.first, position__lte=done.last)
    for position, reason in done.skipped.items():
        items.filter(position=position).update(state=ExportItem.State.SKIPPED, reason=reason)
    items.filter(state=ExportItem.State.PENDING).update(state=ExportItem.State.DONE)


def _finish(export: Export, lease: str, bundled: Bundled) -> None:
    now = timezone.now()
    release(
        export,
        lease,
        ExportState.WARNED if export.warnings else ExportState.DONE,
        finished_at=now,
        expires_at=now + timedelta(days=ExportRules.load().keep_days),
        manifest_sha256=bundled.manifest_sha256,
    )
    send_off(export)
    facts: dict[str, Any] = {
        "conversations": export.conversations,
        "records": export.records,
        "warnings": export.warnings,
        "manifest": bundled.manifest_sha256,
        "profile": export.profile,
        "redactions": export.redactions.values("redaction").distinct().count(),
    }
    trail("finish", export, export.requested_by, **facts)
    logbook.append("export.finished", {"export": export.ref, **facts}, actor=export.requested_by)
