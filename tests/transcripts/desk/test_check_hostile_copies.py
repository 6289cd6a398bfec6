"""X-18: what strangers send to the page that checks copies, made to break a reader of JSON."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from transcripts.proof.bundle import COPY, LEAF
from transcripts.views import verify

pytestmark = pytest.mark.django_db
HEADS = {"copy": f'{{"about":{{}},"kind":"{COPY}","records":', "entry": f'{{"kind":"{LEAF}","leaf":'}
REST = {
    "a number of 5000 digits": "9" * 5000 + "}",
    "no number": "NaN}",
    "endless": "-Infinity}",
    "deep": "[" * 100_000 + "]" * 100_000 + "}",
    "deep names": '{"a":' * 50_000 + "1" + "}" * 50_001,
    "half a sign": '["\\ud800"]}',
    "twice": '[],"records":[{}],"leaf":{}}',
    "a text": '"x"}',
    "nothing": "null}",
    "a byte that is no text": '"\udcff"}',
}


@pytest.fixture(autouse=True)
def fresh_tries() -> Iterator[None]:
    verify.tries.clear()
    yield
    verify.tries.clear()


@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize("rest", REST)
def test_it_is_answered_and_never_called_genuine(client: Client, head: str, rest: str) -> None:
    data = (HEADS[head] + REST[rest]).encode("utf-8", "surrogateescape")
    answer = client.post("/verify/", {"copy": SimpleUploadedFile("copy.json", data)})
    assert answer.status_code == 200
    assert "genuine and whole" not in answer.content.decode()
