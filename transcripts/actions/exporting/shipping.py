"""Finished volumes on their way into a bucket. The export is done whatever becomes of it; nothing is written over."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from transcripts.actions.buckets import sending
from transcripts.actions.buckets.trouble import Trouble
from transcripts.actions.exporting.asking import NotPossible
from transcripts.actions.exporting.trail import trail
from transcripts.models import Delivery, Export, ExportPart, Shipment

State = Shipment.State
TO_DO = (State.WAITING, State.FAILED)
AT_ONCE = 20
LEASE = timedelta(minutes=10)  # renewed with each piece
FIRST_RETRY, LAST_RETRY = timedelta(minutes=1), timedelta(hours=1)

log = logging.getLogger(__name__)


class Lost(Exception):
    """Another worker has taken over."""


def send_off(export: Export) -> None:
    """Its volumes are to go where somebody asked for: a row each, in the transaction that finishes the export."""
    delivery = Delivery.objects.filter(export=export).first()
    if delivery is not None:
        rows = [Shipment(delivery=delivery, part=part, name=name_of(part)) for part in export.parts.order_by("number")]
        Shipment.objects.bulk_create(rows)


def name_of(part: ExportPart) -> str:
    return f"export-{part.export.ref}-{part.name}.zip"


def ship_due() -> int:
    """Bring what is due; how many volumes have arrived. Safe to run twice at once."""
    due = Shipment.objects.filter(state__in=TO_DO, due_at__lte=timezone.now()).order_by("due_at", "pk")
    rows = due.select_related("delivery__bucket", "delivery__export__matter", "delivery__export__requested_by", "part")
    return sum(_attempt(shipment) for shipment in list(rows[:AT_ONCE]))


def again(export: Export) -> None:
    """Try at once what has not arrived. Raises NotPossible if nothing waits."""
    waiting = Shipment.objects.filter(delivery__export=export, state__in=(*TO_DO, State.GIVEN_UP))
    still_here = waiting.exclude(part__state=ExportPart.State.REMOVED)
    if not still_here.update(state=State.WAITING, due_at=timezone.now()):
        raise NotPossible(_("There is nothing that could be brought there."))


def _attempt(shipment: Shipment) -> bool:
    if not _claim(shipment):
        return False
    try:
        return _ship(shipment)
    except Lost:
        return False
    except Trouble as trouble:
        return _failed(shipment, trouble.code)
    except Exception as error:
        log.exception("volume %s could not be brought to its bucket; it will be tried again", shipment.part_id)
        return _failed(shipment, type(error).__name__)


def _claim(shipment: Shipment) -> bool:
    as_seen = Shipment.objects.filter(pk=shipment.pk, state__in=TO_DO, tries=shipment.tries, due_at=shipment.due_at)
    shipment.tries += 1
    return bool(as_seen.update(tries=shipment.tries, due_at=timezone.now() + LEASE))


def _mine(shipment: Shipment) -> bool:
    mine = Shipment.objects.filter(pk=shipment.pk, state__in=TO_DO, tries=shipment.tries)
    return bool(mine.update(upload=shipment.upload, sent=shipment.sent, due_at=timezone.now() + LEASE))


def _ship(shipment: Shipment) -> bool:
    delivery, part = shipment.delivery, shipment.part
    parcel = sending.Parcel(delivery.bucket, shipment.name, part.size, part.sha256)
    if delivery.bucket.address != delivery.address or not delivery.bucket.for_exports:
        raise Trouble("moved")
    if part.state == ExportPart.State.REMOVED:
        return _give_up(shipment, parcel)
    version = sending.arrived(parcel)
    if version is None:
        _send(shipment, parcel)
        version = sending.arrived(parcel)
    if version is None:
        raise Trouble("not-as-sent")
    return _arrived(shipment, version)


def _send(shipment: Shipment, parcel: sending.Parcel) -> None:
    def tick(upload: str, sent: int) -> None:
        shipment.upload, shipment.sent = upload, sent
        if not _mine(shipment):
            raise Lost

    with default_storage.open(shipment.part.place, "rb") as file:
        sending.send(parcel, file, shipment.upload, tick)


def _give_up(shipment: Shipment, parcel: sending.Parcel) -> bool:
    sending.give_up(parcel, shipment.upload)
    mine = Shipment.objects.filter(pk=shipment.pk, state__in=TO_DO)
    mine.update(state=State.GIVEN_UP, trouble="removed", upload="")
    return False


@transaction.atomic
def _arrived(shipment: Shipment, version: str) -> bool:
    mine = Shipment.objects.filter(pk=shipment.pk, state__in=TO_DO)
    facts = {"version": version, "sent": shipment.part.size, "trouble": "", "upload": "", "done_at": timezone.now()}
    if not mine.update(state=State.THERE, **facts):
        return False
    export, part = shipment.delivery.export, shipment.part
    told: dict[str, Any] = {"part": part.number, "sha256": part.sha256, "bucket": shipment.delivery.bucket_id}
    trail("deliver", export, export.requested_by, **told)
    return True


def _failed(shipment: Shipment, code: str) -> bool:
    later = timezone.now() + min(FIRST_RETRY * 2 ** min(shipment.tries, 10), LAST_RETRY)
    mine = Shipment.objects.filter(pk=shipment.pk, state__in=TO_DO)
    mine.update(state=State.FAILED, trouble=code, due_at=later, tries=min(shipment.tries, 1000))
    return False
