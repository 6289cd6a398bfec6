"""The tab of the compliance desk: what it shows and what can be done there."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEntry, User
from chatdesk.models import Conversation
from tests.factories import Cast
from tests.transcripts.browsers import comes_in
from tests.transcripts.retention.stage import after, make_full, policy, step
from transcripts.actions.destroying.certificates import COLUMNS
from transcripts.actions.retaining import clock
from transcripts.actions.retaining.foretelling import day
from transcripts.actions.retaining.running import run
from transcripts.models import Disposition, Proposal, RetentionPolicy

HOME = "/transcripts/retention/"
NEW = f"{HOME}policies/new/"
FIELDS = {"data": "text", "kind": "", "anchor": "closed", "note": "", "reason": "the law"}


@pytest.fixture
def desk(cora: User) -> Client:
    return comes_in(cora)


@pytest.fixture
def other(carl: User) -> Client:
    return comes_in(carl)


def text(client: Client, path: str = HOME) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content.decode()


def test_an_empty_page_says_that_nothing_is_deleted(desk: Client) -> None:
    assert "nothing is ever deleted" in text(desk)


def test_a_policy_that_keeps_is_in_force_at_once(cast: Cast, desk: Client) -> None:
    answer = desk.post(NEW, FIELDS | {"keep_days": "365", "group": str(cast.sales.pk)}, follow=True)
    assert "The policy is in force." in answer.content.decode()
    made = RetentionPolicy.objects.get()
    assert (made.group, made.keep_days) == (cast.sales, 365)
    page = text(desk)
    assert "Sales" in page
    assert "365 days" in page
    changed = desk.post(f"{HOME}policies/{made.pk}/", FIELDS | {"keep_days": "366", "group": str(cast.sales.pk)})
    assert changed.status_code == 302
    assert RetentionPolicy.objects.get().keep_days == 366


def test_a_policy_that_deletes_is_agreed_to_by_somebody_else(cast: Cast, desk: Client, other: Client) -> None:
    make_full(cast)
    asked = desk.post(NEW, FIELDS | {"delete_days": "30"}, follow=True).content.decode()
    assert "waits for somebody else to agree" in asked
    assert "You asked for this yourself" in asked
    assert "Agree: it may go" not in asked
    number = Proposal.objects.get().pk
    assert "yourself" in desk.post(f"{HOME}proposals/{number}/", {"agree": "1"}, follow=True).content.decode()
    page = text(other)
    begins = timezone.now() + timedelta(days=1)
    away, gone = (day(begins + timedelta(days=days)) for days in (0, 30))
    assert f"1 conversation would be put away on {away} at the earliest, and destroyed on {gone}." in page
    assert "Agree: it may go" in page
    agreed = other.post(f"{HOME}proposals/{number}/", {"agree": "1"}, follow=True).content.decode()
    assert "It begins in a day" in agreed
    assert "nothing is ever deleted" not in agreed
    assert re.search(r"There is none in force yet\. The first begins on \d+ \w+ \d{4} \d\d:\d\d;", agreed)
    assert "Carl agreed." in agreed
    stopped = desk.post(f"{HOME}proposals/{number}/", follow=True).content.decode()
    assert "Stopped." in stopped
    assert not RetentionPolicy.objects.exists()


def test_what_can_not_be_is_said_in_the_form(desk: Client) -> None:
    assert (
        "before the time for which" in desk.post(NEW, FIELDS | {"keep_days": "9", "delete_days": "8"}).content.decode()
    )
    assert "never deleted" in desk.post(NEW, FIELDS | {"data": "audit", "delete_days": "8"}).content.decode()
    policy(keep_days=5)
    assert "exactly this already" in desk.post(NEW, FIELDS | {"keep_days": "9"}).content.decode()
    assert RetentionPolicy.objects.count() == 1


def test_a_preset_fills_the_form_in(desk: Client) -> None:
    page = text(desk, f"{NEW}?preset=finra-6y")
    assert 'value="2192"' in page
    assert "not legal advice" in text(desk) or "None of them is legal advice" in text(desk)


def test_taking_a_policy_away_is_asked_for(desk: Client) -> None:
    made = policy(keep_days=5)
    page = text(desk, f"{HOME}policies/{made.pk}/")
    assert "Take this policy away" in page
    assert "say why" in desk.post(f"{HOME}policies/{made.pk}/delete/", follow=True).content.decode()
    desk.post(f"{HOME}policies/{made.pk}/delete/", {"reason": "no longer"})
    assert Proposal.objects.get().verb == "policy.delete"
    assert RetentionPolicy.objects.exists()


def test_the_dry_run_is_a_page(cast: Cast, desk: Client) -> None:
    make_full(cast)
    policy(delete_days=30)
    page = text(desk, f"{HOME}dry-run/")
    assert "1 conversation" in page
    assert "Sales" in page
    assert not Disposition.objects.exists()


def test_what_was_put_away_can_be_brought_back(cast: Cast, desk: Client) -> None:
    chat = make_full(cast)
    policy(delete_days=30)
    step(0)
    assert chat.ref in text(desk)
    place = f"{HOME}put-away/{Disposition.objects.get().pk}/"
    assert "Bring it back" in text(desk, place)
    assert desk.post(place, {"reason": "", "days": "5"}).status_code == 200
    answer = desk.post(place, {"reason": "a question came", "days": "5"}, follow=True).content.decode()
    assert "It is back, as it was." in answer
    assert Conversation.objects.get().hidden_at is None
    assert "any more" in text(desk, place)
    again = desk.post(place, {"reason": "a question came", "days": "5"}).content.decode()
    assert "brought back any more" in again


def test_the_certificate_lists_what_was_destroyed(cast: Cast, desk: Client, cora: User) -> None:
    chat = make_full(cast)
    policy(delete_days=30)
    step(0)
    step(31)
    assert chat.ref in text(desk)
    response = desk.get(f"{HOME}certificate/?from=2020-01-01&to=2099-01-01")
    rows = list(csv.DictReader(io.StringIO(response.getvalue().decode())))
    assert [tuple(row) for row in rows] == [COLUMNS]
    assert (rows[0]["conversation"], rows[0]["group"], rows[0]["entries"]) == (chat.ref, "sales", "4")
    assert rows[0]["versions_deleted"] == "1"
    assert AuditEntry.objects.filter(action="transcripts.certificate", actor_id=cora.pk).count() == 1
    empty = desk.get(f"{HOME}certificate/?from=2099-01-01&to=nonsense")
    assert len(empty.getvalue().splitlines()) == 1


def test_a_stopped_clock_is_confirmed_on_the_page(desk: Client) -> None:
    run(after(-10))
    run(after(0))
    assert "the clock jumped" in text(desk)
    assert "The clock counts again." in desk.post(f"{HOME}clock/", follow=True).content.decode()
    assert clock.stopped() is None
    assert "the clock jumped" not in text(desk)


def test_looking_at_a_deed_does_nothing(desk: Client) -> None:
    made = policy(keep_days=5)
    for path in ("clock/", f"policies/{made.pk}/delete/", "proposals/1/"):
        assert desk.get(HOME + path).status_code == 302
    assert not Proposal.objects.exists()
