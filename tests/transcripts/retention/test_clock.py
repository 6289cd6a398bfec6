"""C-04: a clock that jumps ahead destroys nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from accounts.models import AuditEntry, User
from tests.factories import Cast
from tests.transcripts.retention.stage import after, make_full, policy
from transcripts.actions.retaining import clock, telling
from transcripts.actions.retaining.running import run
from transcripts.models import Disposition, RetentionClock, RetentionMail


def test_c04_ten_years_ahead_the_job_stands_still_and_says_so(
    cast: Cast, cora: User, caplog: pytest.LogCaptureFixture
) -> None:
    policy(delete_days=3000)
    make_full(cast)
    run(after(0))
    for _again in range(3):
        assert run(after(3650)) == 0
    assert not Disposition.objects.exists()
    assert "retention stands still" in caplog.text
    assert RetentionMail.objects.filter(letter="clock").count() == 1  # told once, however often it looked
    assert telling.send_due() == 1
    assert clock.stopped() is not None


def test_a_clock_that_comes_back_goes_on(cast: Cast, cora: User) -> None:
    policy(delete_days=30)
    make_full(cast)
    run(after(0))
    run(after(3650))
    run(after(0.5))
    assert clock.stopped() is None
    assert Disposition.objects.get().state == Disposition.State.QUARANTINED


def test_a_person_who_looked_lets_it_go_on(cast: Cast, cora: User) -> None:
    policy(delete_days=30)
    make_full(cast)
    run(after(0))
    run(after(40))
    clock.believe(cora, after(40))
    assert AuditEntry.objects.filter(action="retention.clock", actor_id=cora.pk).count() == 1
    assert run(after(40.1)) == 1
    clock.believe(cora, after(90))  # not asked for: nothing to confirm
    assert AuditEntry.objects.filter(action="retention.clock").count() == 1


def test_a_day_of_standing_still_is_nothing(db: None) -> None:
    begin = timezone.now()
    clock.check(begin)
    clock.check(begin + timedelta(hours=23))
    clock.check(begin + timedelta(hours=46))
    clock.check(begin)  # back a little: the mark stays where it was
    assert RetentionClock.objects.get().seen_at == begin + timedelta(hours=46)
    with pytest.raises(clock.ClockJumped):
        clock.check(begin + timedelta(hours=71))


def test_the_clock_is_the_database_s(db: None) -> None:
    found = clock.database_now()
    assert abs(found - timezone.now()) < timedelta(seconds=30)
    assert found.utcoffset() == timedelta(0)
    assert connection.vendor in ("sqlite", "postgresql")


def test_the_command_says_that_it_stands_still(cast: Cast, cora: User, capsys: pytest.CaptureFixture[str]) -> None:
    RetentionClock.objects.create(pk=1, seen_at=after(-3))
    with pytest.raises(SystemExit) as left:
        call_command("retention")
    assert left.value.code == 1
    assert "clock jumped" in capsys.readouterr().err
