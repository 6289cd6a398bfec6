"""Shared files in storage that speaks S3: posted, fetched by the same people as ever, deleted, and survived."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django.fixtures import Settings

from chatdesk.actions.erasing import erase
from chatdesk.actions.files.pace import _buckets
from chatdesk.actions.files.storing import discard, place_of, sweep_erased
from chatdesk.models import Conversation, Entry, File
from tests.accounts.people import signed_in
from tests.chatdesk.files.samples import PDF
from tests.factories import Cast, Guest, make_conversation
from tests.services.process import ROOT
from tests.services.s3 import BUCKET, KEY, REGION, S3, SECRET

pytestmark = pytest.mark.once
DOOR = "/chat/sales/files/"


@pytest.fixture(scope="module")
def server() -> Iterator[S3]:
    with S3() as server:
        yield server


@pytest.fixture
def bucket(server: S3, settings: Settings) -> S3:
    """The desk keeps its files there, as settings.py says it of S3_BUCKET and S3_ENDPOINT_URL."""
    options = {"bucket_name": BUCKET, "endpoint_url": server.url, "default_acl": "private", "file_overwrite": False}
    login = {"access_key": KEY, "secret_key": SECRET, "region_name": REGION}
    shop = {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options | login}
    settings.STORAGES = {**settings.STORAGES, "default": shop}
    _buckets.clear()
    return server


@pytest.fixture
def chat(cast: Cast) -> Conversation:
    return make_conversation(cast.sales_button, cast.vera, cast.alice)


def post(guest: Guest, client_id: str = "one") -> Any:
    form = {"file": SimpleUploadedFile("offer.pdf", PDF), "client_id": client_id}
    return Client().post(DOOR, form, headers={"Authorization": f"Bearer {guest.token}"})


def fetched(browser: Client, url: str, **headers: str) -> bytes | int:
    """What a reader gets: the bytes, or the status that says no."""
    answer: Any = browser.get(url, headers=headers)
    return b"".join(answer) if answer.streaming else int(answer.status_code)


def the_file() -> File:
    return File.objects.get()


def test_a_posted_file_lies_in_the_bucket_under_a_chance_name(cast: Cast, chat: Conversation, bucket: S3) -> None:
    assert post(cast.vera).status_code == 201
    place = place_of(the_file().key)
    assert bucket.content(place) == PDF
    assert "offer" not in place
    assert the_file().state == File.State.STORED


def test_its_own_people_fetch_it_and_nobody_else(cast: Cast, chat: Conversation, bucket: S3) -> None:
    post(cast.vera)
    url, bearer = f"/files/{the_file().key}/", f"Bearer {cast.vera.token}"
    assert fetched(Client(), url, Authorization=bearer) == PDF
    assert fetched(signed_in(cast.alice), url) == PDF
    assert fetched(Client(), url, Authorization=f"Bearer {cast.walt.token}") == 404
    assert fetched(signed_in(cast.bob), url) == 404
    assert fetched(Client(), url) == 404


def test_sent_twice_it_is_there_once(cast: Cast, chat: Conversation, bucket: S3) -> None:
    before = set(bucket.keys())
    first, again = post(cast.vera), post(cast.vera)
    assert first.json() == again.json()
    assert len(set(bucket.keys()) - before) == 1


def test_what_came_to_nothing_is_deleted(cast: Cast, chat: Conversation, bucket: S3) -> None:
    post(cast.vera)
    place = place_of(the_file().key)
    Entry.objects.all().delete()
    File.objects.update(state=File.State.RECEIVING)
    assert discard(the_file())
    assert place not in bucket.keys()  # noqa: SIM118 - the bucket's, not a dictionary's
    assert not File.objects.exists()


def test_deleted_at_the_visitors_wish_it_is_gone_from_the_bucket(cast: Cast, chat: Conversation, bucket: S3) -> None:
    post(cast.vera)
    file = the_file()
    erase(chat)
    assert fetched(signed_in(cast.alice), f"/files/{file.key}/") == 404
    sweep_erased()
    assert place_of(file.key) not in bucket.keys()  # noqa: SIM118


def test_while_storage_is_away_nothing_is_promised_and_nothing_is_lost(
    cast: Cast, chat: Conversation, bucket: S3
) -> None:
    bucket.process.stop()
    try:
        answer = post(cast.vera)
        assert (answer.status_code, answer.json()["code"]) == (503, "server.busy")
        assert not Entry.objects.exists()
    finally:
        bucket.start()
        bucket.client.create_bucket(Bucket=BUCKET)
    assert post(cast.vera).json() == {"seq": 1}
    assert bucket.content(place_of(Entry.objects.get().file.key)) == PDF  # type: ignore[union-attr]


def test_the_environment_is_all_that_it_takes(server: S3) -> None:
    """A desk of its own process, told by S3_BUCKET and S3_ENDPOINT_URL alone."""
    ask = "import django; django.setup(); from django.core.files.base import ContentFile as C;"
    ask += "from django.core.files.storage import default_storage as s; s.save('shelf/a', C(b'x')); s.open('shelf/a')"
    env = {**os.environ, **server.environment, "DJANGO_SETTINGS_MODULE": "chatdesk.settings"}
    subprocess.run([sys.executable, "-c", ask], check=True, env=env, cwd=ROOT, timeout=60)
    assert server.content("shelf/a") == b"x"
    assert not default_storage.exists("shelf/a")
