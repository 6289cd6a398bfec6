"""The dry run: count, oldest, newest, by group; and that it changes nothing."""

from __future__ import annotations

import json

import pytest
from axes.models import AccessFailureLog
from django.core.management import call_command
from django.utils import timezone

from chatdesk.models import Conversation
from tests.factories import Cast
from tests.transcripts.retention.conftest import Court
from tests.transcripts.retention.stage import after, make_full, policy, step
from transcripts.actions.retaining.forecasting import forecast
from transcripts.models import Disposition
from transcripts.retention.rules import Rule


def test_it_counts_what_would_go(cast: Cast, court: Court) -> None:
    made = [make_full(cast, ended_days_ago=days, files=0) for days in (20, 40, 50, 60, 70)]
    Conversation.objects.filter(pk=made[2].pk).update(group=cast.support)
    court.holds.add(made[4].pk)
    policy(delete_days=30)
    found = forecast(timezone.now())
    assert (found.whole, found.groups, found.held) == (3, {"Sales": 2, "Support": 1}, 1)
    assert (found.oldest, found.newest) == (made[3].closed_at, made[1].closed_at)
    assert not Disposition.objects.exists()
    assert forecast(timezone.now(), [Rule("other", delete_days=65)]).whole == 0
    assert forecast(timezone.now(), [Rule("other", delete_days=55)]).whole == 1


def test_it_tells_of_parts_and_of_what_waits_for_an_export(cast: Cast) -> None:
    make_full(cast, ended_days_ago=40)
    policy(data="files", delete_days=30)
    notes = policy(data="notes", delete_days=60)
    found = forecast(timezone.now())
    assert (found.whole, found.parts) == (0, {"files": 1})
    policy(delete_days=30, export_first=True)
    assert forecast(timezone.now()).unexported == 0  # its notes keep it
    notes.delete()
    found = forecast(timezone.now())
    assert (found.whole, found.unexported) == (0, 1)


def test_addresses_of_log_ins_go_by_themselves(cast: Cast) -> None:
    rows = [AccessFailureLog.objects.create(username="x", ip_address="192.0.2.1") for _ in range(2)]
    AccessFailureLog.objects.filter(pk=rows[0].pk).update(attempt_time=after(-100))
    policy(data="logins", delete_days=90)
    assert forecast(timezone.now()).desk == {"logins": 1}
    step(0)
    assert list(AccessFailureLog.objects.all()) == [rows[1]]
    policy(cast.sales, data="logins", keep_days=200)
    AccessFailureLog.objects.update(attempt_time=after(-100))
    step(0)
    assert AccessFailureLog.objects.count() == 1


def test_the_command_prints_it(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    made = make_full(cast, ended_days_ago=40)
    policy(delete_days=30)
    call_command("retention", dry_run=True)
    told = capsys.readouterr().out
    assert "conversations: 1" in told
    assert "  Sales: 1" in told
    assert "kept by a hold: 0" in told
    policy(data="notes", delete_days=9000)
    call_command("retention", dry_run=True, json=True)
    assert json.loads(capsys.readouterr().out)["whole"] == 0  # the notes stay longer than that
    assert Conversation.objects.get() == made
    call_command("retention")
    assert "came to their end: 0" in capsys.readouterr().out
