"""The page for everybody: copies and check codes, bounded, and nothing is kept."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from tests.transcripts.proof.making import PRIVATE, make_copy, talk
from transcripts.actions import checkcodes, heads, logbook, logproofs, signing
from transcripts.proof import bundle
from transcripts.proof.checkcode import code_of, read
from transcripts.views import verify

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_tries() -> Iterator[None]:
    verify.tries.clear()
    yield
    verify.tries.clear()


def own_copy() -> bytes:
    """A copy of a conversation that this desk closed."""
    one = talk(1, random.Random(1))
    logbook.append("conversation.closed", {"conversation": one.ref, "count": len(one.lines), "head": one.last.hex()})
    seal = heads.seal()
    (proof,) = logproofs.conversation_proofs([(one.ref, len(one.lines), one.last.hex())], seal.head.head)
    return bundle.copy(one.lines, proof, {"site": "here"}, seal)


def sent(client: Client, data: bytes, name: str = "copy.json") -> str:
    return client.post("/verify/", {"copy": SimpleUploadedFile(name, data)}).content.decode()


def test_anybody_sees_the_page(client: Client) -> None:
    page = client.get("/verify/")
    assert page.status_code == 200
    assert "Nothing that you send is kept" in page.content.decode()


def test_a_copy_from_here_is_genuine(client: Client) -> None:
    assert "This copy is genuine and whole" in sent(client, own_copy())


def test_a_changed_copy_is_found_with_its_record(client: Client) -> None:
    copy = own_copy()
    assert b"Vera" in copy
    page = sent(client, copy.replace(b"Vera", b"Vexa"))
    assert "This copy was changed" in page
    assert "The first thing that is not as it was: record 1." in page


def test_a_copy_with_another_key_is_not_ours(client: Client) -> None:
    signing.private_key()
    assert "This copy is not ours" in sent(client, make_copy())


def test_nothing_of_what_is_sent_is_kept_or_shown(client: Client) -> None:
    before = {path for path in Path(settings.VAR).rglob("*") if path.is_file()}
    page = sent(client, own_copy())
    assert "Good morning" not in page
    after = {path for path in Path(settings.VAR).rglob("*") if path.is_file()}
    assert {path for path in after - before if b"Vera" in path.read_bytes()} == set()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{}",
        b'{"kind":"chatdesk.copy"}',
        b"\xff" * 100,
        b'{"about":{}}',
        b'{"about":' * 50_000,
        b'{"about":1,"kind":"chatdesk.copy","records":' + b"[" * 100_000,
        b'{"kind":"chatdesk.leaf"}',
        b"PK\x03\x04",
    ],
)
def test_whatever_is_sent_gets_a_calm_answer(client: Client, data: bytes) -> None:
    page = client.post("/verify/", {"copy": SimpleUploadedFile("copy.json", data)})
    assert page.status_code == 200
    assert "genuine and whole" not in page.content.decode()


def test_a_large_file_is_refused(client: Client) -> None:
    assert "too large" in sent(client, b"x" * (verify.MOST_BYTES + 1))


def test_a_check_code_is_found_however_it_is_typed(client: Client) -> None:
    own_copy()
    code = checkcodes.code("conversation0001")
    for typed in (code, code.lower().replace("-", " "), code.replace("0", "o").replace("1", "l")):
        page = client.get("/verify/", {"code": typed}).content.decode()
        assert "This check code is genuine" in page
        assert "11 records" in page
    assert client.post("/verify/", {"code": code}).status_code == 200


def test_other_codes_are_not(client: Client) -> None:
    own_copy()
    logbook.append("hold.created", {"hold": 1})
    code = checkcodes.code("conversation0001")
    last = "0" if code[-1] != "0" else "1"
    for typed in (code[:-1] + last, "9" + code, "nonsense", "1" * 100, "٣-7GQ2-9FKM-3VXT-0A4B"):
        assert "Nothing is found with this code" in client.get("/verify/", {"code": typed}).content.decode()
    assert checkcodes.code("never closed") == ""


def test_who_tries_too_much_waits(client: Client) -> None:
    for _ in range(60):
        client.get("/verify/", {"code": "1-7GQ2-9FKM-3VXT-0A4B"})
    assert "Too much at once" in client.get("/verify/", {"code": "1-7GQ2-9FKM-3VXT-0A4B"}).content.decode()


@given(st.integers(0, 10**14), st.binary(min_size=32, max_size=32))
def test_a_code_says_where_and_what(index: int, hashed: bytes) -> None:
    assert read(code_of(index, hashed.hex())) == (index, hashed.hex()[:20])


def test_the_key_of_the_tests_is_no_key_of_the_desk() -> None:
    assert signing.private_key()[1] != PRIVATE
