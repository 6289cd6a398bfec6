"""Every address and every field of the compliance desk, given what nobody should send: never an error of ours."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.http import HttpResponseBase
from django.test import Client

from accounts.models import AuditEntry
from tests.factories import Cast
from tests.transcripts.desk.everything import ROUTES, Everything
from tests.transcripts.exporting.archive import talked
from transcripts.models import Export, LegalHold, Matter, Proposal, RetentionPolicy

HUGE = str(2**70)
NUMBERS = ("0", str(2**63 - 1), HUGE)
REFS = ("'", "%00", "%0d%0a", "%E2%80%AE", "a" * 4000, "%ff")
NUL = "a\x00b"
# (where, the fields that make a sound form of it)
FORMS = {
    "/transcripts/purpose/": {"reason": "review of June", "next": "/transcripts/"},
    "/transcripts/": {"q": "torn"},
    "/transcripts/matters/": {"number": "2026-099", "name": "Another", "note": "x"},
    "/transcripts/holds/new/": {"matter": "1", "name": "Coats", "scopes": "torn", "reason": "a lawyer asked"},
    "/transcripts/exports/": {"query": "", "formats": "jsonl", "profile": "full", "volume_mb": "100", "stream": "a"},
    "/transcripts/retention/policies/new/": {"data": "text", "kind": "", "anchor": "closed", "reason": "law"},
    "/transcripts/found/{asked}/keep/": {"matter": "1", "name": "kept again"},
    "/transcripts/holds/{hold}/": {"scopes": "refund"},
    "/transcripts/holds/{hold}/release/": {"reason": "the case is over"},
    "/transcripts/retention/policies/{policy}/": {"data": "text", "anchor": "closed", "reason": "law"},
    "/transcripts/retention/policies/{policy}/delete/": {"reason": "no longer"},
    "/transcripts/retention/put-away/{put_away}/": {"reason": "still needed", "days": "5"},
    "/transcripts/requests/new/": {"kind": "access", "through": "mail", "received_on": "2026-01-31", "names": "Vera"},
    "/transcripts/requests/{request}/act/": {"act": "more", "names": "Vera", "reason": "x", "review_on": "2999-01-01"},
    "/transcripts/exports/{export}/act/": {"act": "refuse", "reason": "no", "manifest": "0" * 64},
}  # fmt: skip


def place(path: str, known: Everything) -> str:
    return path.format(
        asked=known.asked.pk, hold=known.hold.pk, policy=known.policy.pk, put_away=known.put_away.pk,
        export=known.export.ref, chat=known.chat.ref, matter=known.matter.pk, saved=known.saved.pk,
        request=known.request.pk,
    )  # fmt: skip


def rows() -> list[int]:
    return [each.objects.count() for each in (Matter, LegalHold, Export, RetentionPolicy)]


def fine(answer: HttpResponseBase, asked: object) -> None:
    if answer.streaming:
        b"".join(answer)  # what fails on its way out fails here
    assert answer.status_code < 500, (asked, answer.status_code)


def strange_addresses() -> Iterator[str]:
    """Each route with each strange number or reference in the place of what it names."""
    for route in ROUTES:
        for kind, values in (("int", NUMBERS), ("str", REFS), ("slug", ("x", "-", "_" * 500))):
            if f"<{kind}:" in route:
                for value in values:
                    filled = value.join(re.split(rf"<{kind}:\w+>", route))
                    yield "/" + re.sub(r"<int:\w+>", "1", re.sub(r"<str:\w+>", "x", filled))


def test_a_thing_of_no_such_number_is_no_error_anywhere(desk: Client) -> None:
    tried = 0
    for path in strange_addresses():
        for answer in (desk.get(path), desk.post(path)):
            fine(answer, path)
            assert answer.status_code in (200, 302, 404, 405, 409), (path, answer.status_code)
        tried += 1
    assert tried > 60
    assert not AuditEntry.objects.filter(action="transcripts.read").exists()


def test_each_page_that_is_there_opens_and_bears_every_method(desk: Client, everything: Everything) -> None:
    for path in everything.paths():
        for method in ("get", "head", "options", "put", "delete", "patch"):
            answer = getattr(desk, method)(path)
            fine(answer, (method, path))
            assert method in ("get", "head") or answer.status_code == 405, (method, path)


# Each page that reads what stands behind its question mark, with the names that it reads.
ASKED = {
    "/transcripts/found/{asked}/": ("after",),
    "/transcripts/conversations/{chat}/": ("after", "found"),
    "/transcripts/readings/": ("person", "matter", "before"),
    "/transcripts/matters/{matter}/": ("now", "order_by", "user__password__startswith"),
    "/transcripts/searches/{saved}/report/": ("form",),
    "/transcripts/holds/new/": ("search", "matter"),
    "/transcripts/exports/": ("asked", "order_by"),
    "/transcripts/retention/policies/new/": ("preset",),
    "/transcripts/retention/certificate/": ("from", "to"),
    "/transcripts/log/": ("kind", "page"),
    "/transcripts/purpose/": ("next",),
}
STRANGE = ("", "-1", "0", "x", "1e9", "\u0661\u0662", "9" * 18, "9" * 30, "2026-02-30", "0000-00-00", NUL, "'\"<b>")


@pytest.mark.parametrize("path", ASKED)
def test_each_page_bears_what_stands_behind_the_question_mark(desk: Client, everything: Everything, path: str) -> None:
    """X-10, X-19."""
    for value in (*STRANGE, "a" * 3000):
        answer = desk.get(place(path, everything), dict.fromkeys(ASKED[path], value))
        fine(answer, value)
        assert answer.status_code == 200, value


@pytest.mark.parametrize("path", FORMS)
def test_no_field_of_a_form_takes_a_zero_byte_or_breaks_by_one(desk: Client, everything: Everything, path: str) -> None:
    where, sound = place(path, everything), FORMS[path]
    before = rows()
    for name in sound:
        if name != "next":
            fine(desk.post(where, {**sound, name: NUL}), (where, name))
    assert rows() == before
    assert not [each for each in Proposal.objects.all() if "\x00" in each.reason]


@pytest.mark.parametrize("path", FORMS)
def test_each_form_bears_texts_and_numbers_of_any_size(desk: Client, everything: Everything, path: str) -> None:
    where, sound = place(path, everything), FORMS[path]
    for name in sound:
        for value in ("x" * 200_000, "9" * 4400, "-1", ["1", "2"] * 100):
            fine(desk.post(where, {**sound, name: value}), (where, name, str(value)[:20]))


DAYS = ("-1", "0", "36525", "1000000", "2147483647", "2147483648", str(2**62), HUGE, "1e3", "\u0663")


@pytest.mark.parametrize("name", ["keep_days", "delete_days"])
def test_no_number_of_days_breaks_retention(desk: Client, cast: Cast, name: str) -> None:
    """A policy of a million years is refused, or every page that counts by it still opens."""
    chat = talked(cast, "torn")
    sound = {"data": "whole", "kind": "", "anchor": "closed", "reason": "the law", "note": ""}
    for days in DAYS:
        RetentionPolicy.objects.all().delete()
        fine(desk.post("/transcripts/retention/policies/new/", {**sound, name: days}), days)
        for page in ("retention/", "retention/dry-run/", f"conversations/{chat.ref}/"):
            fine(desk.get(f"/transcripts/{page}"), (page, days))


@pytest.mark.parametrize(
    "since", ["2026-02-30", "2026-13-01", "9999-12-31", "0001-01-01", "20260101", "2026-W01-1", NUL]
)
@pytest.mark.parametrize("end", ["from", "to"])
def test_a_certificate_of_days_that_never_were_is_a_table_all_the_same(desk: Client, since: str, end: str) -> None:
    answer = desk.get("/transcripts/retention/certificate/", {end: since})
    assert answer.status_code == 200
    assert answer.getvalue().startswith(b"conversation,group,")


@pytest.mark.parametrize(
    "wanted",
    ["/transcripts/../admin/", "/transcripts/%2e%2e/admin/", "/transcripts/\r\nX-Evil: 1", "/transcripts/" + "a" * 9000,
     "\\\\evil.example", "/transcripts/\\..\\admin", "javascript:alert(1)", "/transcripts/\x00"],
    ids=range(8),
)  # fmt: skip
def test_the_way_back_is_a_plain_page_of_the_desk(desk: Client, wanted: str) -> None:
    answer = desk.post("/transcripts/purpose/", {"reason": "review of June", "next": wanted})
    assert answer.status_code == 302
    back = answer.headers["Location"]
    assert back.startswith("/transcripts/")
    assert ".." not in back
    assert "\n" not in back
    assert "X-Evil" not in answer.headers


@pytest.mark.parametrize(
    "asked", ["bytes=0-", "bytes=-5", "bytes=5-1", "bytes=0-1,3-4", "lines=1-", "bytes=" + "9" * 18 + "-"]
)
def test_a_strange_range_is_the_whole_volume_or_none(desk: Client, everything: Everything, asked: str) -> None:
    part = everything.export.parts.get()
    answer = desk.get(f"/transcripts/exports/{everything.export.ref}/volumes/1/", headers={"Range": asked})
    whole = b"".join(answer) if answer.streaming else b""
    assert (answer.status_code, len(whole)) in [(200, part.size), (416, 0)]
