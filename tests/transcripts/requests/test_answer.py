"""The answer: once, true, without a name; refused, taken back or put off in time; and the clock that runs for it."""

from __future__ import annotations

import json
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from chatdesk import advice
from chatdesk.protocol import Refused
from tests.factories import Cast, make_conversation
from tests.transcripts.requests.conftest import By, Kind, Takes, later
from tests.transcripts.retention.stage import MARKER, after, make_full
from transcripts.actions.exporting.running import run_due
from transcripts.actions.requesting import answering, choosing, gate, letters, packing, proving, restricting, tending
from transcripts.actions.retaining.telling import send_due
from transcripts.deadlines import due_on
from transcripts.models import LogLeaf, Purpose, RequestIdentity, RequestRules, RetentionMail, SubjectRequest

EMAIL = (By.EMAIL, f"{MARKER}@visitor.example")


def leaves() -> list[dict[str, Any]]:
    found = LogLeaf.objects.filter(kind="request.answered").order_by("index")
    return [json.loads(leaf.data)["body"] for leaf in found]


def at(days: int) -> datetime:
    """Noon of a day, so many days from now."""
    return datetime.combine(gate.today() + timedelta(days=days), time(12), tzinfo=gate.zone())


def told() -> list[tuple[int, int]]:
    mails = RetentionMail.objects.filter(letter="request_due").order_by("pk")
    return [(each.facts["number"], each.facts["left"]) for each in mails]


def test_answered_once_with_one_leaf(cast: Cast, ready: Takes, cora: User, carl: User, purpose: Purpose) -> None:
    make_full(cast, cast.vera)
    request = ready(Kind.RESTRICTION, EMAIL)
    restricting.restrict(cora, purpose, request.pk, "objection", after(30).date())
    assert answering.answer(cora, purpose, request.pk, "letter") == "done"
    for user in (cora, carl):
        with pytest.raises(Refused, match="answered already"):
            answering.answer(user, purpose, request.pk, "mail")
    with pytest.raises(Refused, match="answered already"):
        answering.refuse(cora, purpose, request.pk, "unfounded", reason="no more", through="mail")
    with pytest.raises(Refused, match="answered already"):
        answering.extend(cora, purpose, request.pk, "no more")
    (body,) = leaves()
    assert body == {
        "request": request.pk, "kind": "restriction", "outcome": "done", "conversations": 1, "erased": 0,
        "restricted": 1, "export": "", "received": request.received_on.isoformat(), "due": request.due_on.isoformat(),
    }  # fmt: skip


def test_two_who_answer_at_once_answer_once(cast: Cast, ready: Takes, cora: User, purpose: Purpose) -> None:
    """What both read before is no reason: the second is refused where the first has committed."""
    request = ready(Kind.ERASURE, (By.EMAIL, "nobody@home.example"))
    stale = SubjectRequest.objects.get(pk=request.pk)
    assert answering.answer(cora, purpose, request.pk, "mail") == "nothing"
    assert stale.answered_at is None
    with pytest.raises(Refused):
        answering.answer(cora, purpose, stale.pk, "mail")
    assert len(leaves()) == 1


def test_no_answer_before_person_scope_and_work(cast: Cast, takes: Takes, cora: User, purpose: Purpose) -> None:
    make_full(cast, cast.vera)
    request = takes(Kind.ERASURE, EMAIL)
    with pytest.raises(Refused, match="who asks"):
        answering.answer(cora, purpose, request.pk, "mail")
    with pytest.raises(Refused, match="who asks"):
        choosing.confirm(cora, purpose, request.pk)
    proving.prove(cora, purpose, request.pk, "paper")
    with pytest.raises(Refused, match="scope"):
        answering.answer(cora, purpose, request.pk, "mail")
    assert choosing.confirm(cora, purpose, request.pk)
    with pytest.raises(Refused, match="Not everything"):
        answering.answer(cora, purpose, request.pk, "mail")
    assert leaves() == []


def test_a_last_look_before_the_scope_is_confirmed(cast: Cast, takes: Takes, cora: User, purpose: Purpose) -> None:
    request = takes(Kind.ERASURE, EMAIL)
    proving.prove(cora, purpose, request.pk, "link")
    make_full(cast, cast.vera)
    assert not choosing.confirm(cora, purpose, request.pk), "it came meanwhile, and nobody has looked at it"
    assert choosing.confirm(cora, purpose, request.pk)
    item = request.items.get()
    choosing.choose(cora, purpose, request.pk, [], "another person's")
    request.refresh_from_db()
    assert request.scoped_at is None, "changed ticks are confirmed anew"
    assert choosing.choose(cora, purpose, request.pk, [item.pk], "it was theirs") == 1


def test_who_asks_is_checked_once_and_how_is_said(takes: Takes, cora: User, purpose: Purpose) -> None:
    request = takes(Kind.ACCESS, EMAIL)
    for how, note in (("", ""), ("guessed", ""), ("other", " ")):
        with pytest.raises(Refused):
            proving.prove(cora, purpose, request.pk, how, note)
    proving.prove(cora, purpose, request.pk, "other", "their lawyer called")
    with pytest.raises(Refused, match="already"):
        proving.prove(cora, purpose, request.pk, "call")
    request.refresh_from_db()
    assert (request.proof, request.proof_note, request.proven_by) == ("other", "their lawyer called", cora)


@pytest.mark.parametrize("outcome", ["unknown", "unfounded", "withdrawn"])
def test_that_nothing_is_done_is_an_answer(takes: Takes, cora: User, purpose: Purpose, outcome: str) -> None:
    request = takes(Kind.ACCESS, EMAIL)
    with pytest.raises(Refused, match="say why"):
        answering.refuse(cora, purpose, request.pk, outcome, reason="", through="mail")
    with pytest.raises(Refused, match="why nothing"):
        answering.refuse(cora, purpose, request.pk, "done", reason="it is not so", through="mail")
    with pytest.raises(Refused, match="went out"):
        answering.refuse(cora, purpose, request.pk, outcome, reason="it is not so", through="pigeon")
    answering.refuse(cora, purpose, request.pk, outcome, reason="it is not so", through="mail")
    assert leaves()[0]["outcome"] == outcome
    request.refresh_from_db()
    text = letters.answer(request)
    assert ("it is not so" in text) == (outcome != "withdrawn")
    assert ("authority" in text) == (outcome != "withdrawn")


def test_what_was_done_is_not_refused(cast: Cast, ready: Takes, cora: User, purpose: Purpose) -> None:
    make_full(cast, cast.vera)
    request = ready(Kind.RESTRICTION, EMAIL)
    restricting.restrict(cora, purpose, request.pk, "needed", after(30).date())
    with pytest.raises(Refused, match="already"):
        answering.refuse(cora, purpose, request.pk, "unfounded", reason="it is not so", through="mail")


def test_a_copy_is_answered_when_it_is_finished(cast: Cast, ready: Takes, cora: User, purpose: Purpose) -> None:
    make_full(cast, cast.vera, files=0)
    request = ready(Kind.ACCESS, EMAIL)
    with pytest.raises(Refused, match="not finished"):
        answering.answer(cora, purpose, request.pk, "person")
    export = packing.pack(cora, purpose, request.pk)
    with pytest.raises(Refused, match="not finished"):
        answering.answer(cora, purpose, request.pk, "person")
    run_due()
    assert answering.answer(cora, purpose, request.pk, "person") == "done"
    assert leaves()[0]["export"] == export.ref


def test_two_months_longer_once_and_in_time(takes: Takes, cora: User, purpose: Purpose) -> None:
    request, late = takes(Kind.ACCESS, EMAIL, days_ago=20), takes(Kind.ACCESS, EMAIL, days_ago=40)
    answering.extend(cora, purpose, request.pk, "there are very many")
    request.refresh_from_db()
    assert request.due_on == due_on(request.received_on, is_extended=True)
    for pk in (request.pk, late.pk):
        with pytest.raises(Refused, match="once, within"):
            answering.extend(cora, purpose, pk, "there are very many")
    assert "there are very many" in letters.longer(request)


def test_warned_at_ten_days_three_days_the_day_and_after_it(takes: Takes, cora: User) -> None:
    request = takes(Kind.ACCESS, EMAIL)
    due = (request.due_on - gate.today()).days
    steps = [(11, []), (10, [10]), (9, [10]), (3, [10, 3]), (0, [10, 3, 0]), (-1, [10, 3, 0, -1]), (-9, [10, 3, 0, -1])]
    for left, expected in steps:
        for _again in range(2):
            tending.warn(at(due - left))
        assert told() == [(request.pk, each) for each in expected], left


def test_after_a_standstill_only_the_newest_is_said(takes: Takes) -> None:
    request = takes(Kind.ACCESS, EMAIL)
    assert tending.warn(at((request.due_on - gate.today()).days + 5)) == 1
    assert told() == [(request.pk, -5)]


def test_one_that_was_late_when_it_was_taken_down_is_said_at_once(takes: Takes) -> None:
    request = takes(Kind.ACCESS, EMAIL, days_ago=60)
    assert tending.warn(timezone.now()) == 1
    assert told()[0][0] == request.pk


def test_who_has_longer_is_warned_anew_and_who_was_answered_is_not(takes: Takes, cora: User, purpose: Purpose) -> None:
    one, two = takes(Kind.ACCESS, EMAIL, days_ago=25), takes(Kind.ACCESS, EMAIL, days_ago=25)
    tending.warn(timezone.now())
    answering.extend(cora, purpose, one.pk, "there are very many")
    answering.refuse(cora, purpose, two.pk, "withdrawn", reason="they called", through="phone")
    one.refresh_from_db()
    tending.warn(at((one.due_on - gate.today()).days - 10))
    assert [number for number, _left in told()] == [one.pk, two.pk, one.pk]


def test_the_mails_go_to_the_compliance_staff_and_name_nobody(cast: Cast, takes: Takes, cora: User, carl: User) -> None:
    request = takes(Kind.ACCESS, EMAIL, days_ago=25, words=f"{MARKER} wants it all")
    tending.warn(timezone.now())
    assert send_due() == 2
    assert {each.to[0] for each in mail.outbox} == {cora.email, carl.email}
    assert all(MARKER.lower() not in f"{each.subject} {each.body}".lower() for each in mail.outbox)
    assert f"/transcripts/requests/{request.pk}/" in str(mail.outbox[0].body)


def test_an_admin_learns_that_the_time_runs_out_and_no_more(takes: Takes) -> None:
    assert not [each for each in advice.advice() if "about their data" in each.text]
    takes(Kind.ACCESS, EMAIL, days_ago=40)
    (said,) = [each for each in advice.advice() if "about their data" in each.text]
    assert MARKER not in said.text


def test_who_asked_is_forgotten_some_time_after_the_answer(
    cast: Cast, takes: Takes, cora: User, purpose: Purpose
) -> None:
    make_conversation(cast.sales_button, cast.vera, name="Vera Vogel")
    RequestRules.load()
    RequestRules.objects.update(forget_days=30)
    request = takes(Kind.ACCESS, EMAIL, (By.NAME, "Vera Vogel"), words=f"{MARKER} called")
    choosing.choose(cora, purpose, request.pk, [request.items.get().pk], "Vogel with a V")
    assert tending.forget(later(500)) == 0, "not before it is answered"
    answering.refuse(cora, purpose, request.pk, "unknown", reason=f"{MARKER} never called back", through="phone")
    assert tending.forget(at(29)) == 0
    assert tending.forget(at(30)) == 1
    assert tending.forget(at(30)) == 0
    request.refresh_from_db()
    assert not RequestIdentity.objects.exists()
    assert (request.words, request.refusal, request.items.get().reason) == ("", "", "")
    assert request.outcome == "unknown"
    assert request.forgotten_at is not None


def test_letters_name_nobody_and_need_no_address(cast: Cast, ready: Takes, cora: User, purpose: Purpose) -> None:
    make_full(cast, cast.vera)
    request = ready(Kind.RESTRICTION, EMAIL, (By.NAME, f"{MARKER} name"))
    restricting.restrict(cora, purpose, request.pk, "accuracy", after(30).date())
    for letter in (letters.receipt, letters.answer):
        text = letter(request)
        assert MARKER.lower() not in text.lower()
        assert f"number {request.pk}" in text
    assert "contested" in letters.answer(request)
    assert "1 conversation was restricted" in letters.answer(request)


def test_the_day_to_look_again_is_said_once(cast: Cast, ready: Takes, cora: User, purpose: Purpose) -> None:
    make_full(cast, cast.vera)
    request = ready(Kind.RESTRICTION, EMAIL)
    restricting.restrict(cora, purpose, request.pk, "accuracy", after(30).date())
    assert tending.remind(at(29)) == 0
    assert tending.remind(at(30)) == 1
    assert tending.remind(at(31)) == 0
    assert RetentionMail.objects.filter(letter="request_review").count() == 1
    item = request.items.get()
    with pytest.raises(Refused, match="choose a day"):
        restricting.review(cora, purpose, request.pk, item.pk, gate.today())
    restricting.review(cora, purpose, request.pk, item.pk, after(60).date())
    assert tending.remind(at(60)) == 1


def test_one_identity_stands_once(takes: Takes) -> None:
    request = takes(Kind.ACCESS, EMAIL, EMAIL)
    assert request.identities.count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        RequestIdentity.objects.create(request=request, kind=EMAIL[0], value=EMAIL[1])
