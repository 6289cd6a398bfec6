"""Exports into a bucket: whole, checked, gone on with where they broke off, and never over anything."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEntry, User
from tests.accounts.people import signed_in
from tests.factories import Cast
from tests.services.s3 import S3
from tests.transcripts.exporting.archive import exported, parts, talked
from tests.transcripts.locking.deliveries import content, keys, later, sent_off, the_shipment
from tests.transcripts.locking.stage import make_bucket
from transcripts.actions.buckets import sending
from transcripts.actions.exporting import shipping
from transcripts.actions.exporting.asking import NotPossible, Wanted, ask
from transcripts.actions.exporting.running import run_due
from transcripts.actions.exporting.shipping import again, name_of, ship_due
from transcripts.actions.exporting.tidying import tidy
from transcripts.models import Bucket, Delivery, Export, ExportState, Shipment
from transcripts.verify.__main__ import WHOLE, main

pytestmark = pytest.mark.once
State = Shipment.State


@pytest.fixture
def browser(cora: User) -> Client:
    browser = signed_in(cora)
    browser.post("/transcripts/purpose/", {"reason": "a test of deliveries", "next": "/transcripts/"})
    return browser


def test_a_finished_volume_is_brought_there(cast: Cast, cora: User, server: S3, target: Bucket, tmp_path: Path) -> None:
    export = sent_off(cast, cora, target)
    assert export.state == ExportState.DONE
    [part] = parts(export)
    assert (the_shipment().state, the_shipment().name) == (State.WAITING, name_of(part))
    assert ship_due() == 1
    data = content(server, target, name_of(part))
    with default_storage.open(part.place, "rb") as file:
        assert data == file.read()
    (tmp_path / "o.zip").write_bytes(data)
    assert main([str(tmp_path / "o.zip")]) == WHOLE
    assert (the_shipment().state, the_shipment().trouble, the_shipment().sent) == (State.THERE, "", part.size)
    assert ship_due() == 0
    entry = AuditEntry.objects.get(action="transcripts.export.deliver")
    assert entry.actor_id == cora.pk
    assert (entry.after or {})["sha256"] == part.sha256


def test_the_storage_has_checked_its_hash(cast: Cast, cora: User, server: S3, target: Bucket) -> None:
    export = sent_off(cast, cora, target)
    ship_due()
    key = target.key_of(name_of(parts(export)[0]))
    head = server.client.head_object(Bucket=target.bucket, Key=key, ChecksumMode="ENABLED")
    assert head["Metadata"] == {"sha256": parts(export)[0].sha256}
    assert len(head["ChecksumSHA256"]) == 44


def test_every_volume_of_several(cast: Cast, cora: User, server: S3, target: Bucket) -> None:
    for number in range(3):
        talked(cast, f"number {number}", guest=[cast.vera, cast.walt, cast.vera][number], files=1)
    export = exported(cora, bucket_id=target.pk, volume_bytes=1)
    assert len(parts(export)) == 3
    assert ship_due() == 3
    assert sorted(keys(server, target)) == sorted(target.key_of(name_of(part)) for part in parts(export))


def test_without_a_bucket_nothing_leaves(cast: Cast, cora: User) -> None:
    talked(cast, "Hello")
    assert exported(cora).state == ExportState.DONE
    assert not Delivery.objects.exists()
    assert not Shipment.objects.exists()


def test_nothing_leaves_before_it_is_finished(cast: Cast, cora: User, target: Bucket) -> None:
    talked(cast, "Hello")
    ask(Wanted(bucket_id=target.pk), cora)
    assert Delivery.objects.count() == 1
    assert not Shipment.objects.exists()
    run_due()
    assert Shipment.objects.count() == 1


@pytest.mark.parametrize("facts", [{"for_exports": False}, None])
def test_a_bucket_that_is_not_for_exports(cora: User, server: S3, db: None, facts: dict[str, bool] | None) -> None:
    pk = make_bucket(server, "private", **facts).pk if facts else 4711
    with pytest.raises(NotPossible, match="Choose another"):
        ask(Wanted(bucket_id=pk), cora)
    assert not Export.objects.exists()


def test_what_is_there_already_is_not_written_over(cast: Cast, cora: User, server: S3, target: Bucket) -> None:
    export = sent_off(cast, cora, target)
    key = target.key_of(name_of(parts(export)[0]))
    server.client.put_object(Bucket=target.bucket, Key=key, Body=b"somebody's own")
    assert ship_due() == 0
    assert (the_shipment().state, the_shipment().trouble) == (State.FAILED, "taken")
    assert content(server, target, name_of(parts(export)[0])) == b"somebody's own"
    assert Export.objects.get().state == ExportState.DONE


def test_also_not_what_came_between_looking_and_putting(
    cast: Cast, cora: User, server: S3, target: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The storage itself is asked to refuse it."""
    export = sent_off(cast, cora, target)
    key = target.key_of(name_of(parts(export)[0]))
    server.client.put_object(Bucket=target.bucket, Key=key, Body=b"quicker")
    with monkeypatch.context() as moment:
        moment.setattr(sending, "arrived", lambda parcel: None)
        assert ship_due() == 0
    assert content(server, target, name_of(parts(export)[0])) == b"quicker"
    assert the_shipment().trouble == "taken"


def test_killed_after_the_put_it_is_found_there(
    cast: Cast, cora: User, server: S3, target: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent_off(cast, cora, target)

    def killed(*args: object) -> bool:
        raise KeyboardInterrupt

    with monkeypatch.context() as moment:
        moment.setattr(shipping, "_arrived", killed)
        with pytest.raises(KeyboardInterrupt):
            ship_due()
    assert the_shipment().state == State.WAITING
    assert ship_due() == 0  # not before its worker counts as lost
    later()
    assert ship_due() == 1
    assert len(keys(server, target)) == 1
    assert AuditEntry.objects.filter(action="transcripts.export.deliver").count() == 1


def test_while_the_storage_is_away_the_export_is_done(cast: Cast, cora: User, target: Bucket) -> None:
    Bucket.objects.update(endpoint="http://127.0.0.1:9")
    target.refresh_from_db()
    export = sent_off(cast, cora, target)
    assert ship_due() == 0
    assert export.state == ExportState.DONE
    assert (the_shipment().state, the_shipment().trouble, the_shipment().tries) == (State.FAILED, "silent", 1)
    assert the_shipment().due_at > timezone.now() + timedelta(minutes=1)


def test_sent_elsewhere_by_a_changed_bucket_it_does_not_go(cast: Cast, cora: User, server: S3, target: Bucket) -> None:
    """Who asked was shown an address: an admin can't turn it to another afterwards."""
    sent_off(cast, cora, target)
    server.client.create_bucket(Bucket=f"{target.bucket}-other")
    Bucket.objects.update(bucket=f"{target.bucket}-other")
    assert ship_due() == 0
    assert the_shipment().trouble == "moved"
    assert server.client.list_objects_v2(Bucket=f"{target.bucket}-other").get("Contents", []) == []
    Bucket.objects.update(bucket=target.bucket, for_exports=False)
    later()
    assert ship_due() == 0
    Bucket.objects.update(for_exports=True)
    later()
    assert ship_due() == 1


def test_a_volume_whose_time_was_over(cast: Cast, cora: User, target: Bucket) -> None:
    export = sent_off(cast, cora, target)
    Export.objects.update(expires_at=timezone.now() - timedelta(days=1))
    assert tidy() == 1
    assert ship_due() == 0
    assert (the_shipment().state, the_shipment().trouble) == (State.GIVEN_UP, "removed")
    with pytest.raises(NotPossible):
        again(export)


def test_a_volume_that_was_changed_here_is_not_sent(cast: Cast, cora: User, server: S3, target: Bucket) -> None:
    export = sent_off(cast, cora, target)
    place = parts(export)[0].place
    default_storage.delete(place)
    default_storage.save(place, ContentFile(b"another"))
    assert ship_due() == 0
    assert the_shipment().trouble == "changed"
    default_storage.delete(place)
    later()
    assert ship_due() == 0
    assert the_shipment().trouble in ("FileNotFoundError", "silent")
    assert keys(server, target) == []


def test_two_workers_send_once(cast: Cast, cora: User, target: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    sent_off(cast, cora, target)
    claim, other = shipping._claim, []

    def both(shipment: Shipment) -> bool:
        other.append(claim(Shipment.objects.get()))
        return claim(shipment)

    monkeypatch.setattr(shipping, "_claim", both)
    assert ship_due() == 0
    assert other == [True]


# --- the pages ---


def form(**facts: Any) -> dict[str, Any]:
    return {"formats": ["jsonl"], "profile": "full", "volume_mb": "100", "query": "", **facts}


def page(browser: Client, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().replace("&#x27;", "'").split())


def test_it_is_chosen_where_the_export_is_asked_for(browser: Client, server: S3, target: Bucket) -> None:
    make_bucket(server, "not-for-exports")
    text = page(browser, "/transcripts/exports/")
    assert f"{target.name} ({target.address})" in text
    assert "not-for-exports" not in text
    assert "tests-secret" not in text
    assert browser.post("/transcripts/exports/", form(bucket=target.pk)).status_code == 302
    delivery = Delivery.objects.get()
    assert (delivery.bucket, delivery.address) == (target, target.address)
    text = page(browser, f"/transcripts/exports/{delivery.export.ref}/")
    assert target.address in text


@pytest.mark.parametrize("chosen", ["4711", "x", "-1", "9" * 30, "\x00"])
def test_what_can_t_be_chosen(browser: Client, target: Bucket, chosen: str) -> None:
    assert browser.post("/transcripts/exports/", form(bucket=chosen)).status_code == 422
    assert not Export.objects.exists()


def test_without_buckets_nobody_is_asked(browser: Client) -> None:
    assert "Also into a bucket" not in page(browser, "/transcripts/exports/")
    assert browser.post("/transcripts/exports/", form()).status_code == 302
    assert not Delivery.objects.exists()


def test_the_page_says_what_has_arrived(browser: Client, cast: Cast, cora: User, target: Bucket) -> None:
    export = sent_off(cast, cora, target)
    address = f"/transcripts/exports/{export.ref}/"
    assert "on its way" in page(browser, address)
    assert 'hx-trigger="every 2s"' in page(browser, address)
    ship_due()
    assert "in the bucket" in page(browser, address)
    assert 'hx-trigger="every 2s"' not in page(browser, address)


def test_the_page_says_what_went_wrong_and_tries_again(
    browser: Client, cast: Cast, cora: User, server: S3, target: Bucket
) -> None:
    export = sent_off(cast, cora, target)
    address = f"/transcripts/exports/{export.ref}/"
    key = target.key_of(name_of(parts(export)[0]))
    server.client.put_object(Bucket=target.bucket, Key=key, Body=b"somebody's own")
    ship_due()
    text = page(browser, address)
    assert "something else of that name is there already" in text
    assert "The export itself is whole" in text
    assert ship_due() == 0
    server.client.delete_object(Bucket=target.bucket, Key=key)
    assert browser.post(f"{address}act/", {"act": "ship"}).status_code == 302
    assert ship_due() == 1
    assert zipfile.ZipFile(io.BytesIO(content(server, target, name_of(parts(export)[0])))).testzip() is None
    browser.post(f"{address}act/", {"act": "ship"})
    assert "There is nothing that could be brought there." in page(browser, address)
